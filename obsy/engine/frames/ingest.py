"""From the camera's folder to the archive: a proven copy in its place, however often it is asked for."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from obsy.engine.disk import make_folder
from obsy.engine.frames.copy import Copied, Seen, copy, name, trouble
from obsy.engine.frames.fits import Cards, opened
from obsy.engine.frames.frame import Frame
from obsy.engine.frames.header import describe, whole_cards
from obsy.engine.frames.name import place
from obsy.errors import ArchiveError

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


def ingest(path: Path, archive: Path, night_of: NightOf, reserve_percent: float = 0.0) -> Ingested:
    """The frame, copied into the archive and proven there; the file itself is left where it is.

    Raises FrameError if the file cannot be used as a frame, ArchiveError if the archive cannot take it now.
    """
    return shelve(fetch(path, archive, reserve_percent), path, archive, night_of)


def fetch(path: Path, archive: Path, reserve_percent: float, cards: Cards | None = None) -> Fetched:
    """Check a file, and copy it. Raises as `ingest`. cards: what a glance at it has shown already."""
    with trouble(archive, path):
        if cards is None:
            with opened(path) as stream:
                cards = whole_cards(stream)
        describe(cards, path, sha256="")  # a file that says too little needs no room in the archive
        make_folder(archive)
        _require_room(archive, path.stat().st_size, reserve_percent)
    return Fetched(cards, copy(path, archive))


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
