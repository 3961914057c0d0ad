"""The language as JSON Schema, for editors and for whoever checks files without obsy."""

import json
from functools import cache
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from obsy.schemas.kinds import KINDS
from obsy.schemas.later import PART


class _WithParts(GenerateJsonSchema):
    """Also those parts of models that are built when one is met."""

    def generate_inner(self, schema: Any) -> dict[str, Any]:
        """Return what pydantic says of a schema, or of the model that it stands for."""
        part = schema.get("metadata", {}).get(PART)
        return super().generate_inner(schema if part is None else part().__pydantic_core_schema__)

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Return whether a key needs a title; one with a model has the model's."""
        return PART not in schema.get("metadata", {}) and super().field_title_should_be_set(schema)


def one(kind: str) -> dict[str, Any]:
    """Return the schema of one kind of document."""
    return {**_about(kind), **_limited(KINDS[kind].model_json_schema(schema_generator=_WithParts))}


@cache
def every() -> dict[str, Any]:
    """Return the schema of any document; `kind` says which part of it holds, so that an editor speaks of that alone."""
    models, told = models_json_schema([(model, "validation") for model in KINDS.values()], schema_generator=_WithParts)
    chosen = [
        {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": models[(model, "validation")]}
        for kind, model in KINDS.items()
    ]
    kinds = {"enum": list(KINDS), "description": "Which sort of thing this document declares."}
    says = {"type": "object", "required": ["kind"], "properties": {"kind": kinds}, "allOf": chosen}
    return {**_about("any"), **says, "$defs": _limited(told["$defs"])}


def as_file(schema: dict[str, Any]) -> str:
    """Return a schema as it is kept in a file: one line for each thing that it defines, so that a change is one."""

    def line(part: Any) -> str:
        return json.dumps(part, ensure_ascii=False, separators=(",", ":"))

    parts = {key: part for key, part in schema.items() if key != "$defs"}
    defined = ",\n".join(f"{line(name)}:{line(part)}" for name, part in schema["$defs"].items())
    return f'{line(parts)[:-1]},"$defs":{{\n{defined}\n}}}}\n'


_LIMITS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}


def _limited(part: Any) -> Any:
    """Return a schema with the limits of its numbers as JSON Schema spells them; pydantic writes its own for some."""
    if isinstance(part, list):
        return [_limited(each) for each in part]
    if not isinstance(part, dict):
        return part
    is_number = part.get("type") in ("number", "integer")
    return {_LIMITS.get(key, key) if is_number else key: _limited(value) for key, value in part.items()}


def _about(kind: str) -> dict[str, Any]:
    """Return which dialect of JSON Schema it is, and what it is the schema of."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:obsy:language:1:{kind}"}
