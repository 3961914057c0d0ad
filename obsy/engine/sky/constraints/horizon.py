"""The target stands free of the measured horizon, and below what hangs over it."""

from obsy.engine.sky.grid import Floats
from obsy.engine.sky.horizon import Skyline
from obsy.engine.sky.track import Track


def margin(skyline: Skyline, track: Track) -> Floats:
    """How far it stands above the floor, or below the ceiling where that is nearer, degrees."""
    return skyline.room_deg(track.altitude_deg, track.azimuth_deg)


def unit(_skyline: Skyline, _track: Track, _at: int) -> str:
    """The unit of its margin."""
    return "deg"


def reason(_skyline: Skyline) -> str:
    """Why it refuses, in words that follow 'because'."""
    return "it is not free of the measured horizon"


def edge(skyline: Skyline, track: Track, inside: int, outside: int) -> str:
    """What happens there, in words that follow 'when'."""
    over = track.altitude_deg[outside] > skyline.ceiling_deg(track.azimuth_deg[outside])
    if outside > inside:
        return "it goes behind the ceiling" if over else "it goes behind the horizon"
    return "it comes out below the ceiling" if over else "it comes out over the horizon"
