"""The night falls between two moments."""

from datetime import datetime

import numpy as np

from obsy.engine.sky.grid import Mask
from obsy.engine.sky.track import Track
from obsy.schemas.when import Dates


def allows(constraint: Dates, track: Track) -> Mask:
    """Where the time lies between the moments, both inclusive."""
    grid, (after, before) = track.grid, constraint.span(track.longitude_deg)
    first = -np.inf if after is None else (after - grid.start).total_seconds()
    last = np.inf if before is None else (before - grid.start).total_seconds()
    return np.asarray((grid.seconds >= first) & (grid.seconds <= last))


def reason(constraint: Dates) -> str:
    """Why it refuses, in words that follow 'because'."""
    spoken = [
        f"{word} {moment:%Y-%m-%d %H:%M} UTC" if isinstance(moment, datetime) else f"{word} {moment}"
        for word, moment in (("after", constraint.after), ("before", constraint.before))
        if moment is not None
    ]
    return f"it is not {' and '.join(spoken)}"
