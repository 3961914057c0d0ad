"""How much is to be added to a radial velocity so that it is what the Sun would see."""

from datetime import datetime

import erfa
import numpy as np

from obsy.engine.sidereal import greenwich_deg
from obsy.engine.sky.instants import ClockTimes
from obsy.schemas.site import Location

KM_S_PER_AU_D = 149_597_870.7 / 86_400
EQUATOR_KM_S = 0.46510
"""How fast the Earth's equator turns. Source: IERS Conventions 2010, 7.292115e-5 rad/s times 6,378.137 km."""
_MJD, _J2000_MJD = 2_400_000.5, 51_544.5


def heliocentric_km_s(when: datetime, towards: tuple[float, float], place: Location | None) -> float:
    """Return the correction at a moment, km/s, of a star (ra, dec, degrees, ICRS); it is positive while we approach it.

    place: without it the Earth's turning is left out, at most 0.47 km/s.
    """
    tdb = float(ClockTimes.at([when]).tdb.mjd[0])
    ra, dec = np.radians(towards)
    star = np.array([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])
    around_sun, _ = erfa.epv00(_MJD, tdb)
    correction = float(np.dot(around_sun["v"], star)) * KM_S_PER_AU_D
    if place is not None:
        hour_angle = np.radians(greenwich_deg(tdb - _J2000_MJD) + place.longitude_deg) - ra
        correction -= EQUATOR_KM_S * np.cos(np.radians(place.latitude_deg)) * np.cos(dec) * float(np.sin(hour_angle))
    return correction
