"""It is dark enough."""

import numpy as np

from obsy.engine.sky.grid import Mask
from obsy.engine.sky.track import Track
from obsy.schemas.when import Sun


def allows(constraint: Sun, track: Track) -> Mask:
    """Where the Sun stands at or below the limit."""
    return np.asarray(track.sun_altitude_deg <= constraint.below)


def reason(constraint: Sun) -> str:
    """Why it refuses, in words that follow 'because'."""
    return f"the Sun is not below {constraint.below:g} deg"
