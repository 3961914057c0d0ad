"""What the store knows, as the night counts it."""

from datetime import date
from pathlib import Path

from obsy.engine.capture import Capture
from obsy.engine.night.tally import Tally
from obsy.engine.processing.recipes import as_master
from obsy.engine.schedule.progress import Progress
from obsy.engine.store.store import Store


def tally(store: Store) -> Tally:
    """Return the progress of every goal and every master, over all nights."""
    progress = {
        line: Progress(
            each.frames, each.accepted, each.rejected, each.done_s, each.accepted_at, rejected_at=each.rejected_at
        )
        for line, each in store.done().items()
    }
    return Tally(progress, [as_master(product) for product in store.products("master")], store.trains())


def archived(day: date, store: Store) -> tuple[Capture, ...]:
    """Return every frame of a night in the archive, as the camera delivered it."""
    return tuple(
        Capture(
            Path(f.source),
            f.train or "",
            f.kind,
            f.filter if f.kind in ("light", "flat") else None,
            f.exposure_s,
            f.taken_at,
            f.plan,
            f.goal,
        )
        for f in store.frames(day)
    )
