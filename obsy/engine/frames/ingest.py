"""From the camera's folder to the archive, or put aside: a proven copy in its place, however often it is asked for."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from obsy.engine.disk import make_folder, write_whole
from obsy.engine.frames.copy import Seen, copy, name, trouble
from obsy.engine.frames.frame import Frame
from obsy.engine.frames.header import describe, whole_cards
from obsy.engine.frames.name import place, readable, word
from obsy.errors import ArchiveError, FrameError

NightOf = Callable[[datetime], date]
"""The observing night an instant belongs to: local noon to local noon at the site."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """A frame in the archive. `frame.path` is its place there; `source` is what was copied, for `release`."""

    frame: Frame
    archived: Path
    night: date
    source: Seen


def ingest(path: Path, archive: Path, night_of: NightOf, reserve_percent: float = 0.0) -> Ingested:
    """The frame, copied into the archive and proven there; the file itself is left where it is.

    Raises FrameError if the file cannot be used as a frame, ArchiveError if the archive cannot take it now.
    """
    with trouble(archive, path):
        with path.open("rb") as stream:
            cards = whole_cards(stream)
        describe(cards, path, sha256="")  # a file that says too little needs no room in the archive
        make_folder(archive)
        _require_room(archive, path.stat().st_size, reserve_percent)
    copied = copy(path, archive)
    frame = describe(cards, path, copied.sha256)
    night = night_of(frame.taken_at)
    archived = archive / place(frame, night)
    name(copied, archived)
    return Ingested(replace(frame, path=archived), archived, night, copied.source)


def _require_room(archive: Path, size: int, reserve_percent: float) -> None:
    disk = shutil.disk_usage(archive)
    if disk.free - size < disk.total * reserve_percent / 100:
        raise ArchiveError(
            f"{archive} has {disk.free / 1e9:.1f} GB free of {disk.total / 1e9:.1f} GB, and {reserve_percent:g} % "
            "are held in reserve; make room, or declare a smaller reserve in the retention policy"
        )


def quarantine(path: Path, folder: Path, why: FrameError) -> tuple[Path, Seen]:
    """Put aside a file that is no frame, because somebody may want it.

    Return its place in quarantine, with `….reason.txt` beside it, and what was copied there, for `release`.

    A file that is there already keeps its first reason. Raises ArchiveError if the folder cannot take it now.
    """
    copied = copy(path, folder)
    place = folder / f"{word(path.stem)}_{copied.sha256[:12]}{readable(path.suffix)}"
    words = f"{why.code}: {why}\nfile: {path.name}\nbytes: {copied.source.size}\nsha256: {copied.sha256}\n"
    with trouble(folder, path):
        if not place.exists():
            write_whole(place.with_name(place.name + ".reason.txt"), words.encode(errors="backslashreplace"))
    name(copied, place)
    return place, copied.source
