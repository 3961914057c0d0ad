import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from obsy.schemas.complaint import purpose
from obsy.schemas.json_schema import one
from obsy.schemas.kinds import KINDS
from obsy.schemas.later import models_in
from obsy.schemas.model import Document, Model
from obsy.schemas.reserved import Reserved


def everything(model: type[Model]) -> set[type[Model]]:
    return {model}.union(*(everything(each) for each in model.__subclasses__()))


LOADED = tuple(KINDS.values())
"""A kind is loaded when it is asked for."""


def test_every_key_says_what_it_means() -> None:
    ours = [model for model in everything(Model) if model.__module__.startswith("obsy.")]
    unsaid = [(model, key) for model in ours for key in model.model_fields if not purpose(model, key)]
    assert len(ours) > 100
    assert unsaid == []


def test_a_kind_is_its_class_in_small_letters() -> None:
    # `night` names the table of a night; the night itself is a span of time.
    names = {kind: KINDS[kind].__name__.lower().removesuffix("table") for kind in KINDS}
    assert {kind: name for kind, name in names.items() if name != kind} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_json_schema_whose_keys_are_explained(kind: str) -> None:
    schema = json.loads(json.dumps(one(kind)))
    assert all(told["description"] for told in schema["properties"].values())


def test_documents_are_frozen_and_know_their_keys() -> None:
    def config(model: type[Model]) -> Any:
        return model.model_config

    assert all(config(model)["frozen"] and config(model)["extra"] == "forbid" for model in everything(Document))


ROOT = Path(__file__).parents[3]
READ_BY_NAME = {"Limits", "Conditions", "Change", "When"}
"""Models whose keys are quantities or constraints, and read by their names from a list."""
FOR_PEOPLE = {"notes", "language"}
"""Keys that nothing need read."""


def models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model, and every model inside it."""
    yield model
    for part in model.model_fields.values():
        for each in models_in(part.annotation):
            yield from models(each)


def waiting() -> set[str]:
    """The keys that are reserved, and those inside them: nothing reads them yet."""
    found = set()
    for model in {model for kind in KINDS.values() for model in models(kind)}:
        for key, part in model.model_fields.items():
            if model.is_reserved or any(isinstance(mark, Reserved) for mark in part.metadata):
                inside = list(models_in(part.annotation))
                found |= {f"{model.__name__}.{key}", *(f"{m.__name__}.{k}" for m in inside for k in m.model_fields)}
    return found


def test_every_key_is_read_by_something() -> None:
    source = "\n".join(path.read_text() for path in (ROOT / "obsy").rglob("*.py"))
    read = set(re.findall(r"\.([a-z_][a-z_0-9]*)\b", source)) | set(re.findall(r'"([a-z_0-9]+)"', source))
    keys = {
        f"{model.__name__}.{key}"
        for kind in KINDS.values()
        for model in models(kind)
        for key in model.model_fields
        if model.__name__ not in READ_BY_NAME and key not in FOR_PEOPLE
    }
    assert len(keys) > 100
    assert {key for key in keys - waiting() if key.partition(".")[2] not in read} == set()
