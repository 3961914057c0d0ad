"""The middle of an exposure, on the clocks by which light curves are compared, and how much air it was seen through."""

from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from obsy.engine.sky.air import airmass
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.earth import horizontal
from obsy.engine.sky.earth_motion import earth_motion
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.instants import ClockTimes
from obsy.engine.sky.light_time import light_days, light_days_from
from obsy.schemas.site import Location


class MidExposure(NamedTuple):
    """Julian dates to 40 microseconds, which is what a float keeps."""

    jd_utc: float
    """At the observatory."""
    hjd_utc: float
    """As the Sun's middle sees it: what lists of minima of variable stars have."""
    bjd_tdb: float
    """As the barycentre of the solar system sees it, by the clock of ephemerides: what tables of transits have."""
    airmass: float
    """Infinite below the horizon."""


def mid_exposure(began: datetime, exposure_s: float, towards: tuple[float, float], place: Location) -> MidExposure:
    """Return the middle of an exposure that began at a moment (aware), of a star at a place among the stars.

    towards: right ascension and declination, degrees, ICRS. Light times across a field differ from that of its middle
    by 4 s for each half degree. Source of both corrections: Eastman, Siverd & Gaudi 2010, PASP 122, 935.
    """
    middle, star = began + timedelta(seconds=exposure_s / 2), Fixed(*towards)
    when = ClockTimes.at([middle])
    (utc_1, utc_2), (tdb_1, tdb_2) = ((float(each[0]) for each in clock) for clock in (when.utc, when.tdb))
    at_sun = float(light_days(star, earth_motion(when.tdb.mjd).from_sun_au)[0])
    at_barycentre = float(light_days_from(place, star, when)[0])
    altitude = horizontal(*towards, Grid(middle, 1.0, 1), place).altitude_deg
    air = float(airmass(np.asarray(altitude))[0])
    return MidExposure(utc_1 + utc_2, utc_1 + (utc_2 + at_sun), tdb_1 + (tdb_2 + at_barycentre), air)
