"""The target is seen through little enough air."""

import numpy as np

from obsy.engine.sky.airmass import airmass
from obsy.engine.sky.grid import Mask
from obsy.engine.sky.track import Track
from obsy.schemas.when import Airmass


def allows(constraint: Airmass, track: Track) -> Mask:
    """Where the air mass is at most the limit."""
    return np.asarray(airmass(track.altitude_deg) <= constraint.below)


def reason(constraint: Airmass) -> str:
    """Why it refuses, in words that follow 'because'."""
    return f"its air mass does not fall below {constraint.below:g}"
