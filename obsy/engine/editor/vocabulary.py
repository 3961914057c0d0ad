"""Which keys and words may stand at a place, and what they mean: read from the JSON schema, as any editor would."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from threading import Lock
from typing import Any

from obsy.engine.editor.cursor import ITEM, Path
from obsy.schemas.json_schema import one
from obsy.schemas.kinds import KINDS

Schema = Mapping[str, Any]


_MADE = Lock()


@cache
def _made(kind: str) -> Schema:
    return one(kind)


def _language(kind: str) -> Schema:
    """The schema of a kind, which takes a tenth of a second to make: whoever comes second waits for the first."""
    with _MADE:
        return _made(kind)


def keys(kind: str, path: Path) -> dict[str, str]:
    """Return the keys that a mapping may have, each with what it means."""
    if kind not in KINDS and not path:
        return {"kind": "Which sort of thing this document declares."}
    told = [each["properties"] for each in _at(kind, path) if "properties" in each]
    return {key: str(about.get("description", "")) for each in told for key, about in each.items()}


def required(kind: str, path: Path) -> set[str]:
    """Return the keys that a mapping must have."""
    return {key for each in _at(kind, path) for key in each.get("required", ())}


def words(kind: str, path: Path) -> list[str]:
    """Return the words that a value may be, and an example where it is a quantity."""
    if path == ("kind",):
        return list(KINDS)
    found: list[str] = []
    for each in _at(kind, path):
        found += [str(word) for word in (*each.get("enum", ()), *([each["const"]] if "const" in each else ()))]
        found += ["true", "false"] * (each.get("type") == "boolean")
        found += each.get("examples", ()) if each.get("type") == "string" else ()
    return list(dict.fromkeys(found))


def beginnings(kind: str, path: Path) -> dict[str, str]:
    """Return how each part of a phrase may begin, with its example; none where no phrase may stand."""
    told = list(_at(kind, path))
    if not any(str(each.get("patternErrorMessage", "")).startswith("words that begin") for each in told):
        return {}
    found = {}
    for key in keys(kind, path):
        example = next((str(each["examples"][0]) for each in _at(kind, (*path, key)) if each.get("examples")), "")
        found[f"{key.replace('_', ' ')} {example}".strip()] = keys(kind, path)[key]
    return found


def about(kind: str, path: Path) -> str:
    """Return what a key means, and how its value is written; '' for what is no key."""
    if not path:
        return ""
    meant = keys(kind, path[:-1]).get(path[-1], "")
    told = list(_at(kind, path))
    messages = [str(each["patternErrorMessage"]) for each in told if "patternErrorMessage" in each]
    choices = [f"one of {', '.join(map(str, each['enum']))}" for each in told if "enum" in each]
    default = next(
        (each["default"] for each in told if each.get("default") is not None and each["default"] != {}), None
    )
    parts = [meant, *dict.fromkeys(messages + choices), f"Unsaid: {default}." if default is not None else ""]
    return "\n\n".join(part for part in parts if part) if meant else ""


def _at(kind: str, path: Path) -> Iterator[Schema]:
    """Yield every schema that holds for a place."""
    if kind not in KINDS:
        return
    language = _language(kind)
    found = list(_ways(language, language))
    for step in path:
        found = [way for each in found for part in _step(each, step) for way in _ways(part, language)]
    yield from found


def _step(schema: Schema, step: str) -> Iterator[Schema]:
    if step == ITEM:
        yield from [schema["items"]] if "items" in schema else schema.get("prefixItems", ())[:1]
    elif step in schema.get("properties", {}):
        yield schema["properties"][step]
    elif isinstance(schema.get("additionalProperties"), dict):
        yield schema["additionalProperties"]


def _ways(schema: Schema, language: Schema) -> Iterator[Schema]:
    """Yield a schema without its references, which stand in the language's, and choices, as what each of them is."""
    if "$ref" in schema:
        named = language["$defs"][re.sub(r".*/", "", schema["$ref"])]
        default = {key: said for key, said in schema.items() if key == "default"}
        yield from (dict(way) | default for way in _ways(named, language))
    choices = [each for key in ("anyOf", "oneOf") for each in schema.get(key, ()) if set(each) != {"required"}]
    for each in choices:
        yield from _ways(each, language)
    if "$ref" not in schema and (not choices or "properties" in schema):
        yield schema
