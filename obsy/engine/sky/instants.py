"""Times as astropy knows them, and the promise that it never asks the network for anything about them."""

from functools import lru_cache

from astropy.time import Time, TimeDelta
from astropy.utils import iers

from obsy.engine.sky.grid import Grid

iers.conf.auto_download = False
# Tables that have grown old place the Earth within an arcminute; an error at dusk places nothing.
iers.conf.auto_max_age = None


@lru_cache(maxsize=32)
def instants(grid: Grid) -> Time:
    """The grid's times, UTC."""
    return Time(grid.start) + TimeDelta(grid.seconds, format="sec")
