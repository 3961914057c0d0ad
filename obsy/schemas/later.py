"""Models that few documents speak of, made or loaded when the first does: start-up counts."""

from collections.abc import Callable, Iterator
from functools import cached_property
from importlib import import_module
from typing import Annotated, Any, get_args

from pydantic import BaseModel, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

PART = "obsy_part"
"""Marks the schema of a part that is not built, with what tells the model it will be."""


def part(model: Callable[[], type[BaseModel]]) -> CoreSchema:
    """Return what checks a part of another model by a model that is asked for when one is met."""

    def checked(value: Any) -> Any:
        return model().__pydantic_validator__.validate_python(value)

    return core_schema.no_info_plain_validator_function(checked, metadata={PART: model})


class Later:
    """What stands in the annotation of a key for the model of its value."""

    def __init__(self, make: Callable[[], type[BaseModel]]) -> None:
        """make: called once, when a value is met or somebody asks for the model."""
        self._make = make

    @cached_property
    def model(self) -> type[BaseModel]:
        """The model itself."""
        return self._make()

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check a value by the model, as every part is checked."""
        return part(lambda: self.model)


def later(make: Callable[[], type[BaseModel]]) -> Any:
    """Return the type of a value whose model is made when one is met."""
    return Annotated[Any, Later(make)]


def loaded_later(place: str) -> Any:
    """Return the type of a value whose model is loaded when one is met.

    place: in `obsy.schemas`, as `constraints.season.Season`.
    """
    file, _, name = place.rpartition(".")
    return later(lambda: getattr(import_module(f"obsy.schemas.{file}"), name))


def models_in(kind: Any) -> Iterator[type[BaseModel]]:
    """Yield every model that a type is made of, those that are made later too."""
    if isinstance(kind, Later):
        yield kind.model
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for each in get_args(kind):
        yield from models_in(each)
