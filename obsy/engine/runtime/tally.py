"""What the store knows, as the night counts it."""

from datetime import date
from pathlib import Path

from obsy.engine.capture import Capture
from obsy.engine.declare.observatory import Observatory
from obsy.engine.night.tally import Tally
from obsy.engine.schedule.claims import Claims
from obsy.engine.store.store import Store


def tally(store: Store, observatory: Observatory) -> Tally:
    """Return the progress of every goal, under the name that it has now, and every master, over all nights."""
    now = Claims.of(observatory).now
    return Tally(store.done(now), list(store.masters()), store.trains(now))


def archived(day: date, store: Store, incoming: Path) -> tuple[Capture, ...]:
    """Return every frame of a night in the archive, as the camera delivered it to the folder of arrivals."""
    return tuple(
        Capture(
            incoming / f.source,
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
