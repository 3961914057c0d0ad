"""FITS files as their headers tell: the cards, and whether the file is all there, however long it has been quiet."""

import io
import warnings
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import BinaryIO

from astropy.io import fits

Value = str | int | float | bool
Cards = Mapping[str, Value]

BLOCK = 2880
"""Source: FITS standard 4.0, section 3.1."""
FIRST_WORD = b"SIMPLE  ="
NEXT_WORD = b"XTENSION"
MOST_AXES = 999
"""Source: FITS standard 4.0, section 4.4.1.1."""
LONGEST_HEADER, MOST_PARTS = 1 << 20, 1000
"""Bytes and parts beyond which a file is no exposure: whatever comes in is understood within a second."""


def read_header(stream: BinaryIO) -> Cards | None:
    """The header at the stream's place, which is left at the first byte behind it; None if it has no END (yet).

    Of a keyword that stands twice the first is kept; a value that is none by the standard counts as unsaid.
    """
    found: dict[str, Value] = {}
    place = stream.tell()
    bounded = io.BytesIO(stream.read(LONGEST_HEADER))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            header = fits.Header.fromfile(bounded)
        except (OSError, EOFError, ValueError):  # no END yet, or not a whole block
            return None
        for card in header.cards:
            try:
                value = card.value
            except (fits.VerifyError, ValueError):
                continue
            if isinstance(value, (str, int, float, bool)) and card.keyword:
                found.setdefault(card.keyword, value)
    stream.seek(place + bounded.tell())
    return found


def is_complete(path: Path) -> bool:
    """Whether every header of the file has its data behind it, in whole blocks of 2880 bytes."""
    with path.open("rb") as stream:
        return begins_as_fits(stream) and is_whole(stream)


def begins_as_fits(stream: BinaryIO) -> bool:
    """Whether the stream's first bytes are those of a FITS file, as far as they have been written."""
    stream.seek(0)
    start = stream.read(len(FIRST_WORD))
    return bool(start) and FIRST_WORD.startswith(start)


def is_whole(stream: BinaryIO) -> bool:
    """Whether the stream reaches the end that its headers promise; what is no extension behind it is let be."""
    length = stream.seek(0, 2)
    place = stream.seek(0)
    for _ in range(MOST_PARTS):
        stream.seek(place)
        cards = read_header(stream)
        size = None if cards is None else _data_length(cards)
        if size is None or (place := stream.tell() + size) > length:
            return False
        if not _another_part(stream, place):
            return True
    return False


def _another_part(stream: BinaryIO, place: int) -> bool:
    stream.seek(place)
    start = stream.read(len(NEXT_WORD))
    return bool(start) and NEXT_WORD.startswith(start)


def _data_length(cards: Cards) -> int | None:
    """Bytes of the data unit, padding included; None if the header asks for the impossible.

    Source: FITS standard 4.0, eq. 1, 2 and 4 (random groups).
    """
    number = _whole(cards, "NAXIS", 0)
    if not 0 <= number <= MOST_AXES:
        return None
    axes = [_whole(cards, f"NAXIS{n}", 0) for n in range(1, number + 1)]
    groups, heap = _whole(cards, "GCOUNT", 1), _whole(cards, "PCOUNT", 0)
    if min(groups, heap, *axes, 0) < 0:
        return None
    if not axes:
        return 0
    if cards.get("GROUPS") is True and axes[0] == 0:
        axes = axes[1:]
    elements = groups * (heap + prod(axes))
    length = abs(_whole(cards, "BITPIX", 8)) // 8 * elements
    return -(-length // BLOCK) * BLOCK


def _whole(cards: Cards, key: str, default: int) -> int:
    value = cards.get(key)
    return value if isinstance(value, int) else default
