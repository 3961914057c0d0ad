"""From the camera's folder to the archive: a proven copy in its place, however often it is asked for."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

from obsy.engine.disk import make_folder
from obsy.engine.frames.copy import Copied, Seen, copy, name, reading, seen_to_read, trouble
from obsy.engine.frames.fits import Cards, opened
from obsy.engine.frames.frame import Frame
from obsy.engine.frames.header import describe, whole_cards
from obsy.engine.frames.name import place
from obsy.engine.frames.packed import PACKED, unpacked
from obsy.errors import ArchiveError, FrameError

NightOf = Callable[[datetime], date]
"""The observing night an instant belongs to: from noon to noon of the site's longitude."""


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

    cards: Cards
    copied: Copied

    @property
    def source(self) -> Seen:
        """What was copied."""
        return self.copied.source


def ingest(path: Path, archive: Path, night_of: NightOf, reserve_percent: float = 0.0) -> Ingested:
    """The frame, copied into the archive and proven there; the file itself is left where it is.

    Raises FrameError if the file cannot be used as a frame, ArchiveError if the archive cannot take it now.
    """
    return shelve(fetch(path, archive, reserve_percent), path, archive, night_of)


def fetch(
    path: Path, archive: Path, reserve_percent: float, cards: Cards | None = None, *, linked: bool = False
) -> Fetched:
    """Check a file, and copy it. Raises as `ingest`. cards: what a glance at it has shown already; linked: as `copy`.

    Of a file that is packed with gzip the archive gets what is in it, which can be checked only once it is unpacked;
    room is asked for what its headers promise, and no more is unpacked.
    """
    packed, before = False, seen_to_read(path)
    if cards is None:
        with reading(path), opened(path) as stream:
            packed = stream.read(len(PACKED)) == PACKED
            cards = None if packed else whole_cards(stream)
    if cards is not None:
        describe(cards, path, sha256="")  # a file that says too little needs no room in the archive
    with trouble(archive, path):
        make_folder(archive)
        _require_room(archive, before.size, reserve_percent)
    room = partial(_require_room, archive, reserve_percent=reserve_percent)
    copied = copy(path, archive, pieces=unpacked(path, room) if packed else None, linked=linked)
    if copied.source != before:
        copied.path.unlink()
        raise FrameError("still-changing", f"{path.name} changed while it was copied")
    return Fetched(cards if cards is not None else _unpacked_cards(copied, path), copied)


def _unpacked_cards(copied: Copied, path: Path) -> Cards:
    try:
        with copied.path.open("rb") as stream:
            cards = whole_cards(stream)
        describe(cards, path, sha256="")
    except FrameError:
        copied.path.unlink()
        raise
    return cards


def shelve(fetched: Fetched, path: Path, archive: Path, night_of: NightOf) -> Ingested:
    """Give a copy of the file at `path` its place in the archive. Raises ArchiveError if it cannot be had now."""
    frame = describe(fetched.cards, path, fetched.copied.sha256)
    night = night_of(frame.taken_at)
    archived = archive / place(frame, night)
    name(fetched.copied, archived)
    return Ingested(replace(frame, path=archived), archived, night, fetched.copied.source)


def _require_room(archive: Path, size: int, reserve_percent: float) -> None:
    disk = shutil.disk_usage(archive)
    if disk.free - size < disk.total * reserve_percent / 100:
        raise ArchiveError(
            f"{archive} has {disk.free / 1e9:.1f} GB free of {disk.total / 1e9:.1f} GB, and {reserve_percent:g} % "
            "are held in reserve; make room, or declare a smaller reserve in the retention policy"
        )
