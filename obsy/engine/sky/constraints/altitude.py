"""The target stands high enough, or not too high."""

import numpy as np

from obsy.engine.sky.grid import Mask
from obsy.engine.sky.track import Track
from obsy.schemas.when import Altitude


def allows(constraint: Altitude, track: Track) -> Mask:
    """Where the true altitude lies between the limits, both inclusive."""
    lowest = -90.0 if constraint.above is None else constraint.above
    highest = 90.0 if constraint.below is None else constraint.below
    return np.asarray((track.altitude_deg >= lowest) & (track.altitude_deg <= highest))


def reason(constraint: Altitude) -> str:
    """Why it refuses, in words that follow 'because'."""
    if constraint.below is None:
        return f"it does not stand above {constraint.above:g} deg"
    if constraint.above is None:
        return f"it does not stand below {constraint.below:g} deg"
    return f"it does not stand between {constraint.above:g} and {constraint.below:g} deg"
