"""Times and places as astropy knows them, and how the Earth turns by its tables, without the network."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import erfa
from astropy.coordinates import EarthLocation
from astropy.time import Time
from astropy.utils import iers
from astropy.utils.exceptions import AstropyWarning

import tests.support.offline  # noqa: F401  for all that ask how the Earth turns
from obsy.engine.sky import instants as ours
from obsy.engine.sky.grid import Grid
from obsy.schemas.site import Location


def instants(grid: Grid) -> Time:
    """The grid's times as astropy's."""
    return as_astropy(ours.instants(grid))


def as_astropy(when: ours.ClockTimes) -> Time:
    """Return moments as astropy's, UTC."""
    with any_date():
        return Time(*when.tai, format="jd", scale="tai").utc


def earth_location(place: Location) -> EarthLocation:
    """Return the place as astropy knows it."""
    return EarthLocation.from_geodetic(place.longitude_deg, place.latitude_deg, place.elevation_m)


@contextmanager
def any_date() -> Iterator[None]:
    """Let astropy work outside the years of its tables without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AstropyWarning)
        warnings.simplefilter("ignore", erfa.ErfaWarning)
        yield


@contextmanager
def turning(since: datetime) -> Iterator[None]:
    """Let astropy turn the Earth by its tables as far as they go, and by none beyond: all of them take it 0.6 s."""
    with any_date():
        is_recent = Time(since).mjd > recent_table()["MJD"][0].value + 1.0
        table = iers.earth_orientation_table.set(recent_table() if is_recent else None)
        with table, iers.conf.set_temp("iers_degraded_accuracy", "ignore"):
            yield


@cache
def recent_table() -> iers.IERS_A:
    """The last four years of the table as astropy reads them."""
    days = Path(iers.IERS_A_FILE).read_text(encoding="ascii").splitlines(keepends=True)
    with TemporaryDirectory() as folder:
        file = Path(folder, "finals2000A")
        file.write_text("".join(days[-4 * 365 :]), encoding="ascii")
        return iers.IERS_A.read(file)
