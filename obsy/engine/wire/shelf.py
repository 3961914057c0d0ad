"""What the store knows, as the night counts it."""

from datetime import date
from pathlib import Path

from obsy.engine.night.book import Book
from obsy.engine.night.shot import Shot
from obsy.engine.reduce.darkroom import Folders
from obsy.engine.reduce.darkroom.record import master
from obsy.engine.schedule.progress import Progress
from obsy.engine.store.done import done
from obsy.engine.store.frames import frames
from obsy.engine.store.masters import masters


def book(folder: Path) -> Book:
    """Progress of every goal and every master, over all nights."""
    progress = {
        line: Progress(each.frames, each.accepted, each.rejected, each.done_s, each.accepted_at)
        for line, each in done().items()
    }
    return Book(progress, [master(kept, Folders(folder)) for kept in masters()])


def archived(day: date, folder: Path) -> tuple[Shot, ...]:
    """Every frame of a night in the archive, as the camera delivered it."""
    return tuple(
        Shot(
            Path(f.source),
            f.kind,
            f.filter if f.kind in ("light", "flat") else None,
            f.exposure_s,
            f.taken_at,
            f.plan,
            f.goal,
        )
        for f in frames(day)
    )
