"""The Sun in the sky of a place."""

from functools import lru_cache

from obsy.engine.sky.body import sun_coordinates
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.horizontal import Horizontal, horizontal
from obsy.engine.sky.location import Location


@lru_cache(maxsize=32)
def sun(grid: Grid, place: Location) -> Horizontal:
    """Where the centre of the Sun stands at each instant, without refraction."""
    return horizontal(*sun_coordinates(grid, place), grid, place)
