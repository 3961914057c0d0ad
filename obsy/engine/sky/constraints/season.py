"""It is the right part of the year."""

from datetime import timedelta

import numpy as np

from obsy.engine.sky.grid import Floats
from obsy.engine.sky.track import Track
from obsy.schemas.when import Season


def margin(constraint: Season, track: Track) -> Floats:
    """Inf where the night's date lies between the two, inclusive, over New Year if the first comes later; else -inf.

    A night runs from noon to noon of the longitude, and is in its season from beginning to end.
    """
    evening = track.grid.start.replace(tzinfo=None) + timedelta(hours=track.longitude_deg / 15 - 12)
    days = np.array(evening, "datetime64[s]") + track.grid.seconds.astype("timedelta64[s]")
    months = days.astype("datetime64[M]")
    day = (days.astype("datetime64[D]") - months.astype("datetime64[D]")).astype(int) + 1
    number = (months.astype(int) % 12 + 1) * 100 + day
    first, last = (month * 100 + day for month, day in (constraint.after, constraint.before))
    after, before = number >= first, number <= last
    return np.where(after & before if first <= last else after | before, np.inf, -np.inf)


def unit(_constraint: Season, _track: Track, _at: int) -> str:
    """The unit of its margin."""
    return ""


def reason(constraint: Season) -> str:
    """Why it refuses, in words that follow 'because'."""
    said = constraint.said()
    return f"it is not its season, from {said['after']} to {said['before']}"


def edge(constraint: Season, _track: Track, inside: int, outside: int) -> str:
    """What happens there, in words that follow 'when'."""
    said = constraint.said()
    return f"its season ends with {said['before']}" if outside > inside else f"its season begins on {said['after']}"
