"""It is the right part of the year."""

import numpy as np

from obsy.engine.sky.grid import Mask
from obsy.engine.sky.track import Track
from obsy.schemas.when import Season


def allows(constraint: Season, track: Track) -> Mask:
    """Where the day, UTC, lies between the two, both inclusive; over New Year if the first comes later in a year."""
    days = np.array(track.grid.start.replace(tzinfo=None), "datetime64[s]") + track.grid.seconds.astype(
        "timedelta64[s]"
    )
    months = days.astype("datetime64[M]")
    day = (days.astype("datetime64[D]") - months.astype("datetime64[D]")).astype(int) + 1
    number = (months.astype(int) % 12 + 1) * 100 + day
    first, last = (month * 100 + day for month, day in (constraint.after, constraint.before))
    after, before = number >= first, number <= last
    return np.asarray(after & before if first <= last else after | before)


def reason(constraint: Season) -> str:
    """Why it refuses, in words that follow 'because'."""
    said = constraint.said()
    return f"it is not its season, from {said['after']} to {said['before']}"
