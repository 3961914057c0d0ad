"""The cards of a FITS header, read fast and forgivingly: a camera's file is only asked for what it says."""

import re
from collections.abc import Mapping
from typing import BinaryIO

Value = str | int | float | bool
Cards = Mapping[str, Value]

BLOCK = 2880
"""Source: FITS standard 4.0, section 3.1."""
CARD = 80
LONGEST_HEADER = 2000 * BLOCK

_TEXT = re.compile(r"\s*'((?:[^']|'')*)'")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([EeDd][+-]?\d+)?\Z")


def read_header(stream: BinaryIO) -> Cards | None:
    """The header at the stream's place, which is left at the first byte behind it; None if it has no END yet.

    Source: FITS standard 4.0, section 4. Of a keyword that stands twice the first is kept.
    """
    found: dict[str, Value] = {}
    for _ in range(LONGEST_HEADER // BLOCK):
        block = stream.read(BLOCK)
        if len(block) < BLOCK:
            return None
        text = block.decode("latin-1")
        for start in range(0, BLOCK, CARD):
            card = text[start : start + CARD]
            if card.rstrip() == "END":
                return found
            if card[8:10] == "= " and (value := _value(card[10:])) is not None:
                found.setdefault(card[:8].rstrip(), value)
    return None


def _value(field: str) -> Value | None:
    """What stands before the comment; None for an undefined value or one that is no FITS value."""
    if text := _TEXT.match(field):
        return text.group(1).replace("''", "'").rstrip()
    word = field.split("/", 1)[0].strip()
    if word in {"T", "F"}:
        return word == "T"
    if not _NUMBER.match(word):
        return None
    return int(word) if word.lstrip("+-").isdigit() else float(word.upper().replace("D", "E"))
