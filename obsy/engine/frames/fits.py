"""FITS files as their headers tell: the cards, and whether the file is all there, however long it has been quiet."""

import errno
import io
import os
import re
import stat
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import BinaryIO

from astropy.io import fits

from obsy.errors import FrameError

Value = str | int | float | bool
Cards = Mapping[str, Value]


class CommentedCards(dict[str, Value]):
    """The cards of a header with what stands behind them, which some programs' cards mean nothing without."""

    def __init__(self) -> None:
        """Begin without any."""
        super().__init__()
        self.comments: dict[str, str] = {}
        self.remarks: list[str] = []
        """What its COMMENT cards say."""


def comment(cards: Cards, key: str) -> str:
    """Return what stands behind a card; empty if nothing does, or nobody kept it."""
    return cards.comments.get(key, "") if isinstance(cards, CommentedCards) else ""


def remarks(cards: Cards) -> list[str]:
    """Return what its COMMENT cards say; nothing if nobody kept it."""
    return cards.remarks if isinstance(cards, CommentedCards) else []


BLOCK = 2880
"""Source: FITS standard 4.0, section 3.1."""
FIRST_WORD = b"SIMPLE  ="
NEXT_WORD = b"XTENSION"
NOT_PLAIN = "not-a-file"
MOST_AXES = 999
"""Source: FITS standard 4.0, section 4.4.1.1."""


TABLE = re.compile(
    r"T(FIELDS|FORM\d+|TYPE\d+|UNIT\d+|HEAP)|Z(IMAGE|BITPIX|NAXIS\d*|TILE\d+|CMPTYPE|NAME\d+|VAL\d+)|.COUNT"
)
"""Cards of the table in which a compressed picture lies. Source: FITS standard 4.0, section 10.1."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of a file is looked at: the bytes of each header, and the parts; beyond, it does not count as whole."""

    header: int
    parts: int
    unpadded: bool = False
    """Whether a file may end with its data: some programs never fill its last block, others do so late."""


FULL = Extent(header=1 << 20, parts=1000)
"""Beyond this a file is no exposure. It may take minutes, so only a worker with a time limit looks that far."""
AT_REST = Extent(FULL.header, FULL.parts, unpadded=True)
"""The same of a file that nobody writes any more."""
GLANCE = Extent(header=1 << 16, parts=8)
"""What any program's exposure keeps to. The process that runs the night looks no further: for some 0.2 s at worst."""


def opened(path: Path) -> BinaryIO:
    """The file, to be read. Raises FrameError if it is no plain file: a pipe would wait for its writer."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as refusal:
        if refusal.errno != errno.ENXIO:
            raise
        raise FrameError(NOT_PLAIN, "it is no file, but a socket or a device") from refusal
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FrameError(NOT_PLAIN, "it is no file, but a pipe or a device")
    return os.fdopen(descriptor, "rb")


def glance(path: Path) -> Cards | None:
    """The cards of the first header of a plain file that is all there; None if a glance does not show that it is.

    Raises OSError if it cannot be read.
    """
    try:
        with opened(path) as stream:
            return first_cards(stream, GLANCE) if begins_as_fits(stream) else None
    except FrameError:
        return None


def read_header(stream: BinaryIO, longest: int = FULL.header) -> Cards | None:
    """The header at the stream's place, which is left at the first byte behind it; None if it has no END (yet).

    Of a keyword that stands twice the first is kept; a value that is none by the standard counts as unsaid.
    """
    place = stream.tell()
    bounded = io.BytesIO(stream.read(longest))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            header = fits.Header.fromfile(bounded)
        except (OSError, EOFError, ValueError):  # no END yet, or not a whole block
            return None
    stream.seek(place + bounded.tell())
    return cards_of(header)


def cards_of(header: fits.Header) -> CommentedCards:
    """Return the cards of a header that hold a value, the first of each keyword; never with a warning."""
    found = CommentedCards()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for card in header.cards:
            try:
                value, said = card.value, card.comment
            except (fits.VerifyError, ValueError):
                continue
            if card.keyword == "COMMENT":
                found.remarks.append(str(value))
            if isinstance(value, (str, int, float, bool)) and card.keyword and card.keyword not in found:
                found[card.keyword], found.comments[card.keyword] = value, said
    return found


def is_complete(path: Path) -> bool:
    """Whether a glance shows that every header of the file has its data behind it, in whole blocks of 2880 bytes."""
    return glance(path) is not None


def begins_as_fits(stream: BinaryIO) -> bool:
    """Whether the stream's first bytes are those of a FITS file, as far as they have been written."""
    stream.seek(0)
    start = stream.read(len(FIRST_WORD))
    return bool(start) and FIRST_WORD.startswith(start)


def first_cards(stream: BinaryIO, bounds: Extent = FULL) -> Cards | None:
    """The cards of the first header of a stream that reaches the end which its headers promise; None if it does not.

    Where the first part is empty, those of the only picture among the others count too. What is no extension behind
    the end is let be.
    """
    length = stream.seek(0, 2)
    place, first, pictures = stream.seek(0), None, list[Cards]()
    for _ in range(bounds.parts):
        stream.seek(place)
        cards = read_header(stream, bounds.header)
        if cards is None or (size := data_length(cards)) is None:
            return None
        end = stream.tell() + size
        if (place := end + -size % BLOCK) > length and not (bounds.unpadded and end == length):
            return None
        if first is None:
            first = cards
        elif (picture := _picture(cards)) is not None:
            pictures.append(picture)
        if not _another_part(stream, place):
            return _with_its_picture(first, pictures)
    return None


def _picture(cards: Cards) -> Cards | None:
    """Return the cards of an extension that is a picture, as they would be of a first part; None if it is none.

    Source: FITS standard 4.0, sections 7.1 and 10.1 (tile compression).
    """
    if str(cards.get("XTENSION", "")).strip() == "IMAGE" and cards.get("NAXIS", 0) != 0:
        return cards
    if cards.get("ZIMAGE") is not True:
        return None
    bare = CommentedCards()
    for key, value in cards.items():
        if not TABLE.fullmatch(key):
            bare[key], bare.comments[key] = value, comment(cards, key)
    axes = min(_whole(cards, "ZNAXIS", 0), MOST_AXES)
    for key in ("BITPIX", "NAXIS", *(f"NAXIS{n}" for n in range(1, axes + 1))):
        if f"Z{key}" in cards:
            bare[key] = cards[f"Z{key}"]
    return bare


def _with_its_picture(first: Cards, pictures: list[Cards]) -> Cards:
    """Return the cards of the first part with those of the only picture behind it, which count before its own.

    Source: the INHERIT convention, FITS standard 4.0, section 4.4.2.6.
    """
    if first.get("NAXIS", 0) != 0 or len(pictures) != 1:
        return first
    both = CommentedCards()
    for cards in (first, pictures[0]):
        both.update(cards)
        both.comments.update({key: comment(cards, key) for key in cards})
        both.remarks += remarks(cards)
    return both


def _another_part(stream: BinaryIO, place: int) -> bool:
    stream.seek(place)
    start = stream.read(len(NEXT_WORD))
    return bool(start) and NEXT_WORD.startswith(start)


def data_length(cards: Cards) -> int | None:
    """Bytes of the data unit without its padding; None if the header asks for the impossible.

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
    return abs(_whole(cards, "BITPIX", 8)) // 8 * elements


def _whole(cards: Cards, key: str, default: int) -> int:
    value = cards.get(key)
    return value if isinstance(value, int) else default
