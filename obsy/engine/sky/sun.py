"""The Sun in the sky of a place."""

from functools import lru_cache

from obsy.engine.sky.arrays import Floats
from obsy.engine.sky.body import direction
from obsy.engine.sky.earth import earth_on
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.horizontal import Horizontal, horizontal
from obsy.engine.sky.location import Location


def sun_coordinates(grid: Grid, place: Location) -> tuple[Floats, Floats]:
    """Right ascension and declination of the Sun, degrees, astrometric ICRS; (times,)."""
    earth = earth_on(grid, place)
    # The Sun's own motion while its light is under way is 0.01 arcsec.
    return direction(earth.sun - earth.observer)


@lru_cache(maxsize=32)
def sun(grid: Grid, place: Location) -> Horizontal:
    """Where the centre of the Sun stands at each instant, without refraction."""
    return horizontal(*sun_coordinates(grid, place), grid, place)
