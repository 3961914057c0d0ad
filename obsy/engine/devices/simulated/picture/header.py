"""A FITS file with one 16-bit picture, made of cards; the same cards and counts are the same bytes."""

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Value = str | int | float | bool
Card = tuple[str, Value, str]
"""Keyword, value, comment; the keyword COMMENT has only its value."""

BLOCK = 2880
WIDTH = 80


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return f"{'T' if value else 'F':>20}"
    if isinstance(value, str):
        quoted = value.replace("'", "''")
        return f"'{quoted:<8}'".ljust(20)
    text = repr(value).upper()
    return f"{text:>20}"


def line(card: Card) -> str:
    """The eighty characters of one card. Source: FITS standard 4.0, section 4."""
    key, value, comment = card
    if key == "COMMENT":
        return f"COMMENT {value}"[:WIDTH].ljust(WIDTH)
    text = f"{key:<8}= {_value(value)}"
    return (f"{text} / {comment}" if comment else text)[:WIDTH].ljust(WIDTH)


def encode(counts: NDArray[np.uint16], cards: tuple[Card, ...]) -> bytes:
    """The file's bytes. counts: (rows, columns), ADU; the first row is stored first."""
    rows, columns = counts.shape
    structure: tuple[Card, ...] = (
        ("SIMPLE", True, "file does conform to FITS standard"),
        ("BITPIX", 16, "number of bits per data pixel"),
        ("NAXIS", 2, "number of data axes"),
        ("NAXIS1", columns, "length of data axis 1"),
        ("NAXIS2", rows, "length of data axis 2"),
        ("EXTEND", True, "FITS dataset may contain extensions"),
        ("BZERO", 32768, "offset data range to that of unsigned short"),
        ("BSCALE", 1, "default scaling factor"),
    )
    text = "".join(map(line, (*structure, *cards))) + "END".ljust(WIDTH)
    head = text.encode("ascii", "replace")
    pixels = (counts ^ np.uint16(0x8000)).astype(">u2").tobytes()
    return head + b" " * (-len(head) % BLOCK) + pixels + b"\0" * (-len(pixels) % BLOCK)


def write(path: Path, counts: NDArray[np.uint16], cards: tuple[Card, ...]) -> None:
    """The file, whole or not at all."""
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(encode(counts, cards))
    os.replace(unfinished, path)
