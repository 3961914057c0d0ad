import json
from typing import Any

import pytest

from obsy.schemas.kinds import KINDS, PLANNED
from obsy.schemas.model import Document, Model
from obsy.schemas.words import purpose


def everything(model: type[Model]) -> set[type[Model]]:
    return {model}.union(*(everything(each) for each in model.__subclasses__()))


@pytest.mark.parametrize("model", sorted(everything(Model), key=lambda model: model.__name__))
def test_every_key_says_what_it_means(model: type[Model]) -> None:
    assert [key for key in model.model_fields if not purpose(model, key)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_its_class_in_small_letters(kind: str) -> None:
    # `night` names the table of a night; the night itself is a span of time.
    assert KINDS[kind].__name__.lower().removesuffix("table") == kind


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_json_schema_whose_keys_are_explained(kind: str) -> None:
    schema = json.loads(json.dumps(KINDS[kind].model_json_schema()))
    assert all(told["description"] for told in schema["properties"].values())


def test_documents_are_frozen_and_know_their_keys() -> None:
    def config(model: type[Model]) -> Any:
        return model.model_config

    assert all(config(model)["frozen"] and config(model)["extra"] == "forbid" for model in everything(Document))


def test_what_is_planned_is_not_built() -> None:
    assert not set(PLANNED) & set(KINDS)
