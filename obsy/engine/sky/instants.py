"""Times as astropy knows them, and the promise that it never asks the network for anything about them."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from astropy.time import Time, TimeDelta
from astropy.utils import iers
from astropy.utils.exceptions import AstropyWarning
from erfa import ErfaWarning

from obsy.engine.sky.grid import Grid

iers.conf.auto_download = False
# Tables that have grown old place the Earth within an arcminute; an error at dusk places nothing.
iers.conf.auto_max_age = None


@contextmanager
def any_date() -> Iterator[None]:
    """Let astropy work outside the years of its tables of leap seconds and the Earth's rotation without a warning.

    A program that has not been renewed for years still points within an arcminute.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AstropyWarning)
        warnings.simplefilter("ignore", ErfaWarning)
        yield


@lru_cache(maxsize=32)
def instants(grid: Grid) -> Time:
    """The grid's times, UTC."""
    with any_date():
        return Time(grid.start) + TimeDelta(grid.seconds, format="sec")
