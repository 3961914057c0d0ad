"""The target stands near its highest point."""

import numpy as np

from obsy.engine.sky.grid import Floats
from obsy.engine.sky.track import Track
from obsy.schemas.when import Meridian


def margin(constraint: Meridian, track: Track) -> Floats:
    """How much nearer to the upper meridian than the limit it stands, on either side, hours."""
    return constraint.within - np.abs(track.hour_angle_h)


def unit(_constraint: Meridian, _track: Track, _at: int) -> str:
    """The unit of its margin."""
    return "h"


def reason(constraint: Meridian) -> str:
    """Why it refuses, in words that follow 'because'."""
    return f"it is not within {constraint.within:g} h of the meridian"


def edge(constraint: Meridian, _track: Track, inside: int, outside: int) -> str:
    """What happens there, in words that follow 'when'."""
    return f"it is {constraint.within:g} h {'past' if outside > inside else 'before'} the meridian"
