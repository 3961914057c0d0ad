"""What the store knows, as the night counts it."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from obsy.engine.capture import Capture
from obsy.engine.night.tally import Tally
from obsy.engine.processing.recipes import as_master
from obsy.engine.schedule.goal_line import current
from obsy.engine.store.store import Store
from obsy.schemas.plan import Plan


def tally(store: Store, plans: Iterable[Plan]) -> Tally:
    """Return the progress of every goal, under the name that it has now, and every master, over all nights."""
    names = current(plans)
    return Tally(store.done(names), [as_master(product) for product in store.products("master")], store.trains(names))


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
            block=f.block,
        )
        for f in store.frames(day)
    )
