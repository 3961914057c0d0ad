"""The line that a complaint is about, with a caret under what is meant."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from obsy.diagnostics import Diagnostic, Mark

WIDEST = 96
"""Characters of a line that are shown; of a longer one those around the place."""
BEFORE = 60
PRIVATE = r"\b(?:address|login)['\"]?\s*:(?!\s*!secret\b)|://[^\s/]*@"
"""What may be a secret in the open is not repeated."""


def with_excerpts(complaints: Iterable[Diagnostic]) -> Iterator[str]:
    """Yield complaints as people read them, with the line of each where that can be shown."""
    lines = lru_cache(8)(_lines)
    for each in complaints:
        first, _, rest = str(each).partition("\n")
        yield "\n".join([first, *excerpt(each.mark, lines(each.mark.file)), rest])


def excerpt(mark: Mark, lines: Sequence[str]) -> list[str]:
    """Return the line at a place and the line below it with the caret; nothing where there is no such line.

    lines: of the file.
    """
    said = lines[mark.line - 1].rstrip() if mark.line <= len(lines) else ""
    if not said or mark.column > len(said) + 1 or re.search(PRIVATE, said):
        return []
    cut = max(0, min(mark.column - 1 - BEFORE, len(said) - WIDEST)) if len(said) > WIDEST else 0
    shown = "…" * bool(cut) + said[cut : cut + WIDEST] + "…" * (cut + WIDEST < len(said))
    under = re.sub(r"[^\t]", " ", ("…" * bool(cut) + said[cut : mark.column - 1]))
    number = f"{mark.line:>7} | "
    return [f"{number}{_plain(shown)}", f"{' ' * (len(number) - 2)}| {under}^"]


def _lines(file: str) -> list[str]:
    try:
        return Path(file).read_text("utf-8-sig", errors="replace").split("\n")
    except OSError:
        return []


def _plain(text: str) -> str:
    """Return a text without what would steer the terminal."""
    return "".join(sign if sign.isprintable() or sign == "\t" else "\ufffd" for sign in text)
