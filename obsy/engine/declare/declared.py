"""Everything that was declared and is well by itself, before it is looked at together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.written import Written
from obsy.schemas.model import Document
from obsy.schemas.weather import Weather

Kind_co = TypeVar("Kind_co", bound=Document, covariant=True)


class Entry(NamedTuple, Generic[Kind_co]):
    """One document: what it says, and how it was written."""

    document: Kind_co
    written: Written

    def complain(self, code: str, words: tuple[str, str, str], *loc: str | int) -> Diagnostic:
        """A complaint about the value at `loc`: what was found, what was expected, how to mend it."""
        return Diagnostic(self.written.place(loc).concerned(words[-1]), code, *words)


def rooted(document: Document, root: Path) -> Document:
    """Return a document whose relative paths are seen from the root of its observatory, wherever a process stands."""
    if isinstance(document, Weather) and document.device is not None:
        return document.model_copy(update={"device": document.device.seen_from(root.absolute())})
    return document


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Declared:
    """The documents of one observatory."""

    root: Path
    entries: tuple[Entry[Document], ...]
    written: tuple[Written, ...]
    """Those that are not well by themselves too: a reference to one of them is no second fault."""
    files: int = 0
    """How many files were read."""
    whole: bool = True
    """Whether all of `site/` and `library/` is YAML of a known kind: else what is missing may stand there."""
    today: datetime = field(default_factory=lambda: datetime.combine(datetime.now(UTC), time(), UTC))
    """The day, UTC, that decides what is past: nothing that is said changes before the next."""
    all_plans: bool = False
    """Whether a folder of plans beside `site/` and `library/` was read, all of it."""
    _kinds: dict[type[Document], list[Any]] = field(default_factory=dict, init=False, repr=False)

    def of(self, model: type[Kind_co]) -> Sequence[Entry[Kind_co]]:
        """The well documents of one kind, in the order in which they were read."""
        if model not in self._kinds:
            mine = (entry for entry in self.entries if isinstance(entry.document, model))
            self._kinds[model] = [Entry(entry.document, entry.written) for entry in mine]
        return self._kinds[model]

    def has(self, *kinds: str) -> bool:
        """Return whether a document of one of these kinds is well."""
        return any(entry.document.kind in kinds for entry in self.entries)

    def names(self, kind: str) -> Iterator[str]:
        """The names that may be referred to."""
        return (written.name for written in self.written if written.kind == kind and written.name)

    def all_named(self, *kinds: str) -> bool:
        """Return whether the names of these kinds are known: all could be read, and every document says its own."""
        return self.whole and all(written.name for written in self.written if written.kind in kinds)

    def all_well(self, kind: str) -> bool:
        """Return whether every document of that kind could be read and is well by itself."""
        if not self.whole:
            return False
        well = sum(entry.document.kind == kind for entry in self.entries)
        return well == sum(written.kind == kind for written in self.written)
