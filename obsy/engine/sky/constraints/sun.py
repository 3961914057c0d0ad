"""It is dark enough."""

from obsy.engine.sky.grid import Floats
from obsy.engine.sky.track import Track
from obsy.schemas.when import Sun


def margin(constraint: Sun, track: Track) -> Floats:
    """How far below the limit the Sun stands, degrees."""
    return constraint.below - track.sun_altitude_deg


def unit(_constraint: Sun, _track: Track, _at: int) -> str:
    """The unit of its margin."""
    return "deg"


def reason(constraint: Sun) -> str:
    """Why it refuses, in words that follow 'because'."""
    return f"the Sun is not below {constraint.below:g} deg"


def edge(constraint: Sun, _track: Track, inside: int, outside: int) -> str:
    """What happens there, in words that follow 'when'."""
    return f"the Sun {'rises above' if outside > inside else 'sinks below'} {constraint.below:g} deg"
