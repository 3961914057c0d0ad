"""Mark, Diagnostic, unfit(), nearest(): the only words a person ever reads about their files."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pydantic_core import PydanticCustomError


class Mark(NamedTuple):
    """A place in a file; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1
    via: tuple["Mark", ...] = ()
    """Where the file was included, the innermost place first; empty for a file that stands for itself."""

    def __str__(self) -> str:
        """The place as editors and compilers write it."""
        return f"{self.file}:{self.line}:{self.column}"

    def as_json(self) -> dict[str, str | int | list[str]]:
        """The same place for a machine, and the way to it if there is one."""
        chain = {"included_from": [str(each) for each in self.via]} if self.via else {}
        return {"file": self.file, "line": self.line, "column": self.column, **chain}


class Diagnostic(NamedTuple):
    """One complaint: where, its stable code, what was found, what was expected and how to mend it."""

    mark: Mark
    code: str
    found: str
    expected: str
    mend: str

    def __str__(self) -> str:
        """The lines people read."""
        chain = "".join(f"\n    included from {each}" for each in self.mark.via)
        return f"{self.mark}: {self.code}: {self.found}{chain}\n    expected: {self.expected}\n    mend: {self.mend}"

    def as_json(self) -> dict[str, str | int | list[str]]:
        """The same complaint for a machine."""
        told = self._asdict()
        return {**told.pop("mark").as_json(), **told}


def unfit(  # noqa: PLR0913  what a complaint is made of
    code: str, *, expected: str, mend: str, found: str = "", at: tuple[str | int, ...] = (), meant: str = ""
) -> "PydanticCustomError":
    """The one error a schema's validator raises; `found` defaults to what the person wrote.

    at: the way from the value that is validated to the part of it that is meant.
    meant: what the cure puts in its place, where that leaves no choice.
    """
    from pydantic_core import PydanticCustomError  # noqa: PLC0415 - a place is told without it

    return PydanticCustomError(
        "unfit",
        "{code}: {expected}",
        {"code": code, "expected": expected, "mend": mend, "found": found, "at": at, "meant": meant},
    )


def close(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return the known words that are spelt much like this one, whatever their case; the most alike first."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a misspelt word needs it

    spelt = {name.lower(): name for name in known}
    return [spelt[match] for match in get_close_matches(word.lower(), list(spelt), n=most, cutoff=0.6)]


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is spelt most like this one; None if none is much like it."""
    return next(iter(close(word, known, 1)), None)


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """The cure for a word nobody knows: the nearest known one, or something else to do."""
    match = nearest(word, known)
    return f"did you mean '{match}'?" if match else otherwise


def there_are(names: Iterable[str]) -> str:
    """Say which names there are: 'there are none', 'there is first', 'there are first, second'."""
    known = list(names)
    return f"there {'is' if len(known) == 1 else 'are'} {', '.join(known) or 'none'}"
