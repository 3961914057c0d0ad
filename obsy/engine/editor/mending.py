"""A complaint's cure typed into the text, where it leaves no choice."""

import re
from typing import NamedTuple

from obsy.diagnostics import Diagnostic

VALUE = r"(?:\{.*?\}|\[[^\]]*\]|'[^']*'|\"[^\"]*\"|[^,\n}\]#]*[^,\n}\]# ])"
"""What may stand behind a key."""
_WRITE = re.compile(r"(?:write|write at least|write at most|put a minus before it:) '([^']*)'")
_MEAN = re.compile(r"did you mean '([^']*)'")
_REMOVE = re.compile(r"remove '([a-z_]+)'")


class Edit(NamedTuple):
    """What is to stand in the place of a part of one line; columns count from 0."""

    line: int
    begin: int
    end: int
    text: str


def edit(text: str, told: Diagnostic) -> Edit | None:
    """Return how a complaint is mended; None if that leaves a choice, or cannot be told from the text."""
    lines = text.split("\n")
    if told.mark.line > len(lines):
        return None
    number, column = told.mark.line - 1, told.mark.column - 1
    found = _replaced(lines[number], column, told)
    return None if found is None else Edit(number, *found)


def _replaced(line: str, column: int, told: Diagnostic) -> tuple[int, int, str] | None:
    said = re.findall(r"'([^']+)'", told.found)
    rest = line[column:]
    if (meant := _MEAN.match(told.mend)) and said and said[-1] in rest:
        return _span(column, rest.index(said[-1]), said[-1], meant[1])
    if gone := _REMOVE.fullmatch(told.mend):
        key = re.match(rf"{gone[1]} *: *{VALUE}(?:, *)?", rest)
        return (column, column + key.end(), "") if key else None
    words = _WRITE.fullmatch(told.mend)
    if words is None or "…" in words[1]:
        return None
    key = re.match(r"([a-z_]+): ", words[1])
    if key and (pair := re.search(rf"\b{key[1]} *: *{VALUE}", line)):
        return pair.start(), pair.end(), words[1]
    return _span(column, rest.index(said[-1]), said[-1], words[1]) if said and said[-1] in rest and not key else None


def _span(column: int, at: int, old: str, new: str) -> tuple[int, int, str]:
    return column + at, column + at + len(old), new
