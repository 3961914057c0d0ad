"""What the store knows, as the night counts it."""

from datetime import date
from pathlib import Path

from obsy.engine.capture import Capture
from obsy.engine.night.tally import Tally
from obsy.engine.processing import Folders
from obsy.engine.processing.record import master
from obsy.engine.schedule.progress import Progress
from obsy.engine.store.done import done
from obsy.engine.store.frames import frames
from obsy.engine.store.masters import masters


def tally(folder: Path) -> Tally:
    """Progress of every goal and every master, over all nights."""
    progress = {
        line: Progress(
            each.frames, each.accepted, each.rejected, each.done_s, each.accepted_at, rejected_at=each.rejected_at
        )
        for line, each in done().items()
    }
    return Tally(progress, [master(kept, Folders(folder)) for kept in masters()])


def archived(day: date, folder: Path) -> tuple[Capture, ...]:
    """Every frame of a night in the archive, as the camera delivered it."""
    return tuple(
        Capture(
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
