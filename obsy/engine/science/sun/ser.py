"""Films in SER, as planetary cameras write them: a header, frames one after another, and when each was taken.

Source: SER format description version 3b (Grischa Hahn, 2014), and what programs write against it.
"""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from obsy.errors import UserError

NAME, HEADER = b"LUCAM-RECORDER", struct.Struct("<14s7i40s40s40sqq")
MONO, LARGEST_PX, BITS = 0, 65_535, 16
COLOURS = {8: "RGGB", 9: "GRBG", 10: "GBRG", 11: "BGGR", 16: "CYYM", 17: "YCMY", 18: "YMCY", 19: "MYYC"}
COLOURS |= {100: "RGB", 101: "BGR"}
EPOCHS = datetime(1, 1, 1, tzinfo=UTC), datetime(1601, 1, 1, tzinfo=UTC)
"""From which ticks are counted: as the format says, and as programs do that take the clock of Windows."""
FIRST_YEAR, LAST_YEAR = 1990, 2100
TRIED = 5
"""Frames by which the order of bytes is told."""


@dataclass(frozen=True, slots=True)
class SerVideo:
    """A film: its frames are mapped, not read."""

    path: Path
    frames: NDArray[Any]
    """(frames, rows, columns), unsigned numbers of 8 or 16 bits."""
    began: datetime | None
    ended: datetime | None
    """UTC, of the first and the last frame; None where the file does not say."""
    instrument: str
    telescope: str
    observer: str
    doubts: tuple[str, ...] = ()


def opened(path: Path) -> SerVideo:
    """Return a film, mapped. Raises UserError if it is none, is in colour, or holds no whole frame."""
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(HEADER.size)
    except OSError as fault:
        raise UserError(f"'{path}' cannot be read: {fault.strerror or fault}") from None
    if len(head) < HEADER.size or not head.startswith(NAME[:5]):
        raise UserError(f"'{path}' is no film in SER: it does not begin with '{NAME.decode()}'")
    _, _, colour, little, width, height, depth, said, *texts, _, utc = HEADER.unpack(head)
    if colour != MONO:
        raise UserError(
            f"'{path}' is in colour ({COLOURS.get(colour, colour)}): film the spectrum in mono, without debayering"
        )
    if not (0 < width <= LARGEST_PX and 0 < height <= LARGEST_PX and 0 < depth <= BITS):
        raise UserError(f"'{path}' says frames of {width} x {height} px of {depth} bit: its header is damaged")
    step = width * height * (1 if depth <= BITS // 2 else 2)
    held = (size - HEADER.size) // step
    count, doubts = _count(path, said, held, size, step)
    plain = np.uint8 if depth <= BITS // 2 else np.dtype("<u2")
    frames = np.memmap(path, dtype=plain, mode="r", offset=HEADER.size, shape=(count, height, width))
    if depth > BITS // 2 and _is_swapped(frames, depth):
        frames = np.memmap(path, dtype=">u2", mode="r", offset=HEADER.size, shape=(count, height, width))
    began, ended = _times(path, HEADER.size + min(max(said, count), held) * step, count, utc)
    observer, instrument, telescope = (text.split(b"\0")[0].decode("latin-1").strip() for text in texts)
    return SerVideo(path, frames, began, ended, instrument, telescope, observer, tuple(doubts))


def _count(path: Path, said: int, held: int, size: int, step: int) -> tuple[int, list[str]]:
    """Return how many frames there are, by the file's size if the header lies, and what is to be told of that."""
    if held == 0:
        raise UserError(f"'{path}' holds no whole frame: {size - HEADER.size} bytes, and one has {step}")
    if said <= 0:
        return held, [f"the header says {said} frames, the file holds {held}: its recording was not ended well"]
    if said > held:
        cut = " and a part of one" if (size - HEADER.size) % step else ""
        return held, [f"the header says {said} frames, the file holds {held}{cut}: it is cut off"]
    beyond = size - HEADER.size - said * step
    if beyond > 8 * said + step:
        return said, [f"the header says {said} frames, and {beyond} bytes more follow: they were left out"]
    return said, []


def _is_swapped(frames: NDArray[Any], depth: int) -> bool:
    """Return whether bytes stand the other way round than little end first.

    Programs disagree on what the header's word for it means, so the light itself is asked: of neighbours, the order in
    which they are alike is the true one; a number larger than its bits hold is none.
    """
    tried = np.array(frames[:: max(len(frames) // TRIED, 1)][:TRIED])
    other = tried.byteswap()
    if depth < BITS:
        beyond = [int((each >> depth).any()) for each in (tried, other)]
        if beyond[0] != beyond[1]:
            return bool(beyond[0])
    rough = [
        np.abs(np.diff(each.astype(float), axis=-1)).mean() / max(float(each.std()), 1e-9) for each in (tried, other)
    ]
    return bool(rough[1] < rough[0])


def _times(path: Path, offset: int, count: int, utc: int) -> tuple[datetime | None, datetime | None]:
    """Return when the first and the last frame were taken: by the table behind the frames, or the header for one."""
    with path.open("rb") as stream:
        stream.seek(offset)
        table = stream.read(8 * count)
    ticks = np.frombuffer(table[: len(table) // 8 * 8], dtype="<i8")
    if len(ticks) == count and (np.diff(ticks) >= 0).all() and (first := _moment(int(ticks[0]))):
        return first, _moment(int(ticks[-1]))
    return _moment(utc), None


def _moment(ticks: int) -> datetime | None:
    """Return the moment of a count of 100 ns; None if none of the usual beginnings makes it one of our time."""
    for epoch in EPOCHS:
        try:
            when = epoch + timedelta(microseconds=ticks // 10)
        except OverflowError:
            continue
        if FIRST_YEAR <= when.year <= LAST_YEAR:
            return when
    return None
