"""FITS files that gzip has packed: unpacked piece by piece, as far as their own headers promise, and no further."""

import gzip
import io
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryFile

from obsy.engine.frames.cards import Cards
from obsy.engine.frames.fits import AT_REST, BLOCK, FIRST_WORD, NEXT_WORD, data_length, opened, read_header
from obsy.engine.frames.header import whole_cards
from obsy.errors import FrameError

PACKED = b"\x1f\x8b"
"""Source: RFC 1952, section 2.3.1 (gzip)."""
PIECE = 1 << 20
LAST_CARD = b"END     "
CUT = "it ends before the end that its own header promises, or has a megabyte of cards"
MOST_BEHIND = 1 << 20
"""Bytes behind the last part, which is let be: no program's padding is longer."""


def is_packed(path: Path) -> bool:
    """Return whether gzip has packed a file. Raises FrameError if it is no plain file, OSError if it cannot be read."""
    with opened(path) as stream:
        return stream.read(len(PACKED)) == PACKED


def cards_within(path: Path) -> Cards:
    """Return the cards of the first header of a file at rest, which may be packed. Raises FrameError or OSError."""
    if is_packed(path):
        with closing(unpacked(path)) as pieces:
            cards = read_header(io.BytesIO(first := next(pieces))) or {}
            if cards.get("NAXIS") != 0:
                return cards
            with TemporaryFile() as whole:  # the picture lies behind it
                whole.writelines((first, *pieces))
                return whole_cards(whole)
    with opened(path) as stream:
        return whole_cards(stream)


def unpacked(path: Path, ask_for: Callable[[int], None] = lambda size: None) -> Generator[bytes]:
    """Yield what is in a packed file, its first header first and whole.

    ask_for: called with how many bytes are to come before they are unpacked; it may raise.
    Raises FrameError: bad-gzip if it cannot be unpacked or holds more than its headers promise, not-fits, truncated.
    """
    try:
        with gzip.open(path) as stream:
            yield from _parts(stream, path, ask_for)
    except (gzip.BadGzipFile, EOFError, zlib.error) as fault:
        raise FrameError("bad-gzip", f"{path.name} cannot be unpacked: {fault}") from None


def _parts(stream: gzip.GzipFile, path: Path, ask_for: Callable[[int], None]) -> Iterator[bytes]:
    block = stream.read(BLOCK)
    if not block.startswith(FIRST_WORD):
        raise FrameError("not-fits", "it does not begin as a FITS file does")
    for _ in range(AT_REST.parts):
        header = _header(stream, block)
        cards = read_header(io.BytesIO(header))
        if cards is None or (size := data_length(cards)) is None:
            raise FrameError("truncated", CUT)
        padded = size + -size % BLOCK
        ask_for(len(header) + padded)
        yield header
        came = 0
        for piece in _pieces(stream, padded):
            came += len(piece)
            yield piece
        if came < size:
            raise FrameError("truncated", CUT)
        block = stream.read(BLOCK)
        if not block.startswith(NEXT_WORD):
            return (yield from _behind(stream, block, path))
    raise FrameError("truncated", CUT)


def _header(stream: gzip.GzipFile, block: bytes) -> bytes:
    """Return a header that begins with a block, as far as its END or what is left."""
    header = bytearray(block)
    for _ in range(AT_REST.header // BLOCK):
        if any(block.startswith(LAST_CARD, place) for place in range(0, len(block), 80)):
            break
        block = stream.read(BLOCK)
        header += block
    return bytes(header)


def _pieces(stream: gzip.GzipFile, size: int) -> Iterator[bytes]:
    while piece := stream.read(min(PIECE, size)):
        size -= len(piece)
        yield piece


def _behind(stream: gzip.GzipFile, block: bytes, path: Path) -> Iterator[bytes]:
    """Yield what is no part and stands behind the last one."""
    yield block
    yield from _pieces(stream, MOST_BEHIND)
    if stream.read(BLOCK):
        raise FrameError("bad-gzip", f"{path.name} holds more than a megabyte beyond what its headers promise")
