"""From the camera's folder to the archive: a proven copy in its place, however often it is asked for."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

from obsy.engine.disk import make_folder
from obsy.engine.frames.cards import Cards
from obsy.engine.frames.copy import Copied, Seen, copy, name, reading, seen_to_read, trouble
from obsy.engine.frames.fits import opened
from obsy.engine.frames.frame import Frame
from obsy.engine.frames.header import describe, refuse_rehearsal, whole_cards
from obsy.engine.frames.name import place
from obsy.engine.frames.packed import PACKED, unpacked
from obsy.errors import ArchiveError, FrameError

NightOf = Callable[[datetime], date]
"""The observing night an instant belongs to: from noon to noon of the site's longitude."""


@dataclass(frozen=True, slots=True)
class Arriving:
    """A file that has come, and where it may go."""

    path: Path
    archive: Path
    quarantine: Path
    reserve_percent: float
    why: FrameError | None = None
    """Why it is put aside, if that is known already."""
    old: bool = False
    """Whether it is anybody's, and stays where it is: then a rehearsal's is refused."""
    linked: bool = False
    """Whether the archive gets a second name of the very file, not a copy."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """A frame in the archive. `frame.path` is its place there; `source` is what was copied, for `release`."""

    frame: Frame
    archived: Path
    night: date
    source: Seen


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that can be used as a frame, with its proven copy in the archive, which has no name yet."""

    frame: Frame
    """As its header has it; its path is still where it came from."""
    copied: Copied

    @property
    def source(self) -> Seen:
        """What was copied."""
        return self.copied.source


def fetch(order: Arriving, cards: Cards | None = None) -> Fetched:
    """Check a file, and copy it. cards: what a glance at it has shown already.

    Of a file that is packed with gzip the archive gets what is in it, which can be checked only once it is unpacked;
    room is asked for what its headers promise, and no more is unpacked.
    Raises FrameError if it cannot be used as a frame, ArchiveError if the archive cannot take it now.
    """
    path, archive = order.path, order.archive
    packed, before = False, seen_to_read(path)
    if cards is None:
        with reading(path), opened(path) as stream:
            packed = stream.read(len(PACKED)) == PACKED
            cards = None if packed else whole_cards(stream)
    frame = None if cards is None else _described(cards, order)  # what says too little needs no room in the archive
    with trouble(archive, path):
        make_folder(archive)
        _require_room(archive, before.size, order.reserve_percent)
    room = partial(_require_room, archive, reserve_percent=order.reserve_percent)
    copied = copy(path, archive, pieces=unpacked(path, room) if packed else None, linked=order.linked)
    try:
        if copied.source != before:
            raise FrameError("still-changing", f"{path.name} changed while it was copied")
        if frame is None:
            with copied.path.open("rb") as stream:
                frame = _described(whole_cards(stream), order)
    except FrameError:
        copied.path.unlink()
        raise
    return Fetched(replace(frame, sha256=copied.sha256), copied)


def _described(cards: Cards, order: Arriving) -> Frame:
    if order.old:
        refuse_rehearsal(cards)
    return describe(cards, order.path, sha256="")


def shelve(fetched: Fetched, archive: Path, night_of: NightOf) -> Ingested:
    """Give a file's copy its place in the archive. Raises ArchiveError if it cannot be had now."""
    night = night_of(fetched.frame.taken_at)
    archived = archive / place(fetched.frame, night)
    name(fetched.copied, archived)
    return Ingested(replace(fetched.frame, path=archived), archived, night, fetched.source)


def _require_room(archive: Path, size: int, reserve_percent: float) -> None:
    disk = shutil.disk_usage(archive)
    if disk.free - size < disk.total * reserve_percent / 100:
        raise ArchiveError(
            f"{archive} has {disk.free / 1e9:.1f} GB free of {disk.total / 1e9:.1f} GB, and {reserve_percent:g} % "
            "are held in reserve; make room, or declare a smaller reserve in the retention policy"
        )
