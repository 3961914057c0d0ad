"""Words that the language has and this version does not carry out yet: see decision 24."""

from collections.abc import Iterator
from typing import Final

from obsy.schemas.model import Model

Loc = tuple[str | int, ...]


class Reserved:
    """Marks a field, or some words of it, that is read and checked, and carried out by a later version."""

    def __init__(self, *words: str) -> None:
        """Mark these words of a field; without any, whatever it says."""
        self.words = words

    def holds(self, value: object) -> bool:
        """Return whether what is said is reserved."""
        return not self.words or value in self.words


RESERVED: Final = Reserved()


def reserved(said: Model, at: Loc = ()) -> Iterator[Loc]:
    """Yield the way to each value that is reserved, as the keys and numbers that lead to it."""
    if said.is_reserved:
        yield (*at, next(iter(type(said).model_fields)))
        return
    for name, field in type(said).model_fields.items():
        value, here = getattr(said, name), (*at, name)
        if value != field.default and any(isinstance(m, Reserved) and m.holds(value) for m in field.metadata):
            yield here
        elif isinstance(value, Model):
            yield from reserved(value, here)
        elif isinstance(value, tuple):
            inside = (each for each in enumerate(value) if isinstance(each[1], Model))
            yield from (loc for number, each in inside for loc in reserved(each, (*here, number)))
