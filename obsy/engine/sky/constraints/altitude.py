"""The target stands high enough, or not too high."""

import numpy as np

from obsy.engine.sky.grid import Floats
from obsy.engine.sky.track import Track
from obsy.schemas.when import Altitude


def margin(constraint: Altitude, track: Track) -> Floats:
    """How far the true altitude lies inside the nearer limit, degrees."""
    lowest = -np.inf if constraint.above is None else constraint.above
    highest = np.inf if constraint.below is None else constraint.below
    return np.minimum(track.altitude_deg - lowest, highest - track.altitude_deg)


def unit(_constraint: Altitude, _track: Track, _at: int) -> str:
    """The unit of its margin."""
    return "deg"


def reason(constraint: Altitude) -> str:
    """Why it refuses, in words that follow 'because'."""
    if constraint.below is None:
        return f"it does not stand above {constraint.above:g} deg"
    if constraint.above is None:
        return f"it does not stand below {constraint.below:g} deg"
    return f"it does not stand between {constraint.above:g} and {constraint.below:g} deg"


def edge(constraint: Altitude, track: Track, inside: int, outside: int) -> str:
    """What happens there, in words that follow 'when'."""
    closes = outside > inside
    if constraint.below is not None and track.altitude_deg[outside] > constraint.below:
        return f"it climbs above {constraint.below:g} deg" if closes else f"it sinks below {constraint.below:g} deg"
    return f"it sets below {constraint.above:g} deg" if closes else f"it rises above {constraint.above:g} deg"
