"""The target stands so far before or past the meridian."""

import numpy as np

from obsy.engine.sky.grid import Floats
from obsy.engine.sky.track import Track
from obsy.schemas.when import HourAngle


def margin(constraint: HourAngle, track: Track) -> Floats:
    """How far the hour angle lies inside the nearer limit, hours."""
    first = -np.inf if constraint.above is None else constraint.above
    last = np.inf if constraint.below is None else constraint.below
    return np.minimum(track.hour_angle_h - first, last - track.hour_angle_h)


def unit(_constraint: HourAngle, _track: Track, _at: int) -> str:
    """The unit of its margin."""
    return "h"


def reason(constraint: HourAngle) -> str:
    """Why it refuses, in words that follow 'because'."""
    said = [
        f"{word} {limit:g} h"
        for word, limit in (("above", constraint.above), ("below", constraint.below))
        if limit is not None
    ]
    return f"its hour angle is not {' and '.join(said)}"


def edge(constraint: HourAngle, track: Track, inside: int, outside: int) -> str:
    """What happens there, in words that follow 'when'."""
    closes, here = outside > inside, track.hour_angle_h[outside]
    passed = constraint.below if constraint.below is not None and here > constraint.below else constraint.above
    if (passed == constraint.below) != closes:  # a limit on the far side of 12 h, where the hours begin anew
        return "it passes the lower meridian"
    return f"its hour angle {'passes' if closes else 'reaches'} {passed:g} h"
