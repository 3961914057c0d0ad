"""The night falls between two moments."""

from datetime import datetime

import numpy as np

from obsy.engine.sky.grid import Floats
from obsy.engine.sky.track import Track
from obsy.schemas.when import Dates

_DAY_S = 86_400.0


def margin(constraint: Dates, track: Track) -> Floats:
    """How far the time is from the nearer moment, days; positive between the two."""
    grid, (after, before) = track.grid, constraint.span(track.longitude_deg)
    first = -np.inf if after is None else (after - grid.start).total_seconds()
    last = np.inf if before is None else (before - grid.start).total_seconds()
    return np.minimum(grid.seconds - first, last - grid.seconds) / _DAY_S


def unit(_constraint: Dates, _track: Track, _at: int) -> str:
    """The unit of its margin."""
    return "d"


def reason(constraint: Dates) -> str:
    """Why it refuses, in words that follow 'because'."""
    spoken = [
        f"{word} {moment:%Y-%m-%d %H:%M} UTC" if isinstance(moment, datetime) else f"{word} {moment}"
        for word, moment in (("after", constraint.after), ("before", constraint.before))
        if moment is not None
    ]
    return f"it is not {' and '.join(spoken)}"


def edge(_constraint: Dates, _track: Track, inside: int, outside: int) -> str:
    """What happens there, in words that follow 'when'."""
    return "its dates end" if outside > inside else "its dates begin"
