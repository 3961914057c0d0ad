"""The target stands so far before or past the meridian."""

import numpy as np

from obsy.engine.sky.grid import Mask
from obsy.engine.sky.track import Track
from obsy.schemas.when import HourAngle


def allows(constraint: HourAngle, track: Track) -> Mask:
    """Where the hour angle lies between the limits, both inclusive."""
    first = -12.0 if constraint.above is None else constraint.above
    last = 12.0 if constraint.below is None else constraint.below
    return np.asarray((track.hour_angle_h >= first) & (track.hour_angle_h <= last))


def reason(constraint: HourAngle) -> str:
    """Why it refuses, in words that follow 'because'."""
    said = [
        f"{word} {limit:g} h"
        for word, limit in (("above", constraint.above), ("below", constraint.below))
        if limit is not None
    ]
    return f"its hour angle is not {' and '.join(said)}"
