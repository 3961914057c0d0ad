"""The target stands near its highest point."""

import numpy as np

from obsy.engine.sky.grid import Mask
from obsy.engine.sky.track import Track
from obsy.schemas.when import Meridian


def allows(constraint: Meridian, track: Track) -> Mask:
    """Where the hour angle is at most the limit on either side of the upper meridian."""
    return np.asarray(np.abs(track.hour_angle_h) <= constraint.within)


def reason(constraint: Meridian) -> str:
    """Why it refuses, in words that follow 'because'."""
    return f"it is not within {constraint.within:g} h of the meridian"
