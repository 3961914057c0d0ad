"""FITS files as their headers tell: the cards, and whether the file is all there, however long it has been quiet."""

import errno
import io
import os
import stat
import warnings
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import BinaryIO

from astropy.io import fits

from obsy.engine.frames.cards import MOST_AXES, Cards, CommentedCards, whole
from obsy.engine.frames.extensions import picture_in, with_its_picture
from obsy.errors import FrameError

BLOCK = 2880
"""Source: FITS standard 4.0, section 3.1."""
FIRST_WORD = b"SIMPLE  ="
NEXT_WORD = b"XTENSION"
NOT_PLAIN = "not-a-file"


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
        elif (found := picture_in(cards)) is not None:
            pictures.append(found)
        if not _another_part(stream, place):
            return with_its_picture(first, pictures)
    return None


def _another_part(stream: BinaryIO, place: int) -> bool:
    stream.seek(place)
    start = stream.read(len(NEXT_WORD))
    return bool(start) and NEXT_WORD.startswith(start)


def data_length(cards: Cards) -> int | None:
    """Bytes of the data unit without its padding; None if the header asks for the impossible.

    Source: FITS standard 4.0, eq. 1, 2 and 4 (random groups).
    """
    number = whole(cards, "NAXIS", 0)
    if not 0 <= number <= MOST_AXES:
        return None
    axes = [whole(cards, f"NAXIS{n}", 0) for n in range(1, number + 1)]
    groups, heap = whole(cards, "GCOUNT", 1), whole(cards, "PCOUNT", 0)
    if min(groups, heap, *axes, 0) < 0:
        return None
    if not axes:
        return 0
    if cards.get("GROUPS") is True and axes[0] == 0:
        axes = axes[1:]
    elements = groups * (heap + prod(axes))
    return abs(whole(cards, "BITPIX", 8)) // 8 * elements
