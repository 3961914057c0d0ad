"""From a catalogue's coordinates to those a mount speaks, the equator and equinox of now, and on to the horizon."""

from datetime import datetime
from math import cos, hypot, radians, remainder

import erfa
import numpy as np

from obsy.schemas.mount import ParkPosition
from obsy.schemas.site import Location

UNIX_JD = 2440587.5
DAY_S = 86400.0
TT_UTC_S = 69.184
"""TT - UTC since 2017 (IERS Bulletin C); a leap second more would move the sky by nothing that matters here."""


def of_date(ra_deg: float, dec_deg: float, when: datetime) -> tuple[float, float]:
    """RA and Dec, degrees, true equator and equinox of date, of an ICRS place.

    Without aberration: within 21 arcseconds of the apparent place.
    Source: IAU 2006/2000A precession-nutation and frame bias (ERFA pnm06a).
    """
    matrix = erfa.pnm06a(UNIX_JD, (when.timestamp() + TT_UTC_S) / DAY_S)
    longitude, latitude = erfa.c2s(matrix @ erfa.s2c(np.radians(ra_deg), np.radians(dec_deg)))
    return float(np.degrees(longitude)) % 360.0, float(np.degrees(latitude))


def altitude_azimuth(ra_deg: float, dec_deg: float, observer: Location, when: datetime) -> tuple[float, float]:
    """Altitude and azimuth (from north through east), degrees, without refraction, of a place of date.

    Source: Greenwich apparent sidereal time, IAU 2006/2000A (ERFA gst06a), UT1 taken as UTC (15 arcseconds at most).
    """
    hour_angle = np.radians(hour_angle_deg(ra_deg, observer, when))
    azimuth, altitude = erfa.hd2ae(hour_angle, np.radians(dec_deg), np.radians(observer.latitude_deg))
    return float(np.degrees(altitude)), float(np.degrees(azimuth)) % 360.0


def hour_angle_deg(ra_deg: float, observer: Location, when: datetime) -> float:
    """Hour angle of a right ascension of date, degrees, -180 to 180, west positive. Source: see above."""
    days = when.timestamp() / DAY_S
    sidereal = float(np.degrees(erfa.gst06a(UNIX_JD, days, UNIX_JD, days + TT_UTC_S / DAY_S)))
    return remainder(sidereal + observer.longitude_deg - ra_deg, 360.0)


def hour_angle_declination(altitude_deg: float, azimuth_deg: float, latitude_deg: float) -> tuple[float, float]:
    """Hour angle (-180 to 180, west positive) and declination, degrees, of a direction. Source: ERFA ae2hd."""
    hour_angle, declination = erfa.ae2hd(*np.radians([azimuth_deg, altitude_deg, latitude_deg]))
    return float(np.degrees(hour_angle)), float(np.degrees(declination))


def off_deg(place: tuple[float, float], target: tuple[float, float]) -> float:
    """How far a place is from a target near it, on the sky; RA and Dec of both, and the answer, in degrees.

    NaN for a place that is no number, so that it is neither near nor far.
    """
    east = ((place[0] - target[0] + 180.0) % 360.0 - 180.0) * cos(radians(target[1]))
    return hypot(east, place[1] - target[1])


def off_park_deg(altitude_deg: float, azimuth_deg: float, park: ParkPosition) -> float:
    """How far a direction is from where a mount parks, degrees, in the worse of the two."""
    across = remainder(azimuth_deg - park.azimuth, 360.0) * cos(radians(altitude_deg))
    return max(abs(across), abs(altitude_deg - park.altitude))


def off_turn_deg(one_deg: float, other_deg: float, turn_deg: float = 360.0) -> float:
    """Return how far two angles are apart the short way round, degrees; NaN if one is no number."""
    return abs((one_deg - other_deg + turn_deg / 2) % turn_deg - turn_deg / 2)
