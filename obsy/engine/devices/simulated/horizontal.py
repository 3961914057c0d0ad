"""Where an ICRS position stands over the site: light, closed-form, and good to an arcminute."""

from dataclasses import dataclass
from math import asin, atan2, cos, degrees, hypot, pi, radians, sin, sqrt

SECONDS_AT_J2000 = 946728000.0
"""2000-01-01 12:00 UTC, in seconds since 1970."""
SECONDS_PER_CENTURY = 36525 * 86400.0
SIDEREAL_DEGREES_PER_SECOND = 360.98564736629 / 86400


@dataclass(frozen=True, slots=True)
class SimulatedLocation:
    """Latitude and longitude, degrees, north and east positive."""

    latitude_deg: float
    longitude_deg: float


@dataclass(frozen=True, slots=True)
class AltAz:
    """Altitude and azimuth (from north through east), without refraction, and hour angle, degrees."""

    altitude_deg: float
    azimuth_deg: float
    hour_angle_deg: float


def sidereal_deg(place: SimulatedLocation, at_s: float) -> float:
    """Mean sidereal time, UT1 taken as UTC (0.9 s at most). Source: Meeus, Astronomical Algorithms, 12.4."""
    days = (at_s - SECONDS_AT_J2000) / 86400
    return (280.46061837 + 360.98564736629 * days + place.longitude_deg) % 360


def of_date(ra_deg: float, dec_deg: float, at_s: float) -> tuple[float, float]:
    """The position for the equator of date, degrees; no nutation and no aberration (20 arcsec each).

    Source: IAU 1976 precession angles, Lieske et al. 1977, A&A 58, 1 (first and second terms).
    """
    t = (at_s - SECONDS_AT_J2000) / SECONDS_PER_CENTURY
    zeta = radians((2306.2181 * t + 0.30188 * t * t) / 3600)
    z = radians((2306.2181 * t + 1.09468 * t * t) / 3600)
    theta = radians((2004.3109 * t - 0.42665 * t * t) / 3600)
    ra, dec = radians(ra_deg) + zeta, radians(dec_deg)
    a = cos(dec) * sin(ra)
    b = cos(theta) * cos(dec) * cos(ra) - sin(theta) * sin(dec)
    c = sin(theta) * cos(dec) * cos(ra) + cos(theta) * sin(dec)
    return degrees(atan2(a, b) + z) % 360, degrees(atan2(c, hypot(a, b)))


def horizontal(ra_deg: float, dec_deg: float, place: SimulatedLocation, at_s: float) -> AltAz:
    """Where an ICRS position stands; within 1 arcmin of a full reduction without refraction."""
    ra, dec_of_date = of_date(ra_deg, dec_deg, at_s)
    return standing(ra, dec_of_date, place, at_s)


def standing(ra_deg: float, dec_deg: float, place: SimulatedLocation, at_s: float) -> AltAz:
    """Where a position given for the equator of date stands."""
    hour = radians((sidereal_deg(place, at_s) - ra_deg + 180) % 360 - 180)
    dec, latitude = radians(dec_deg), radians(place.latitude_deg)
    north = sin(dec) * cos(latitude) - cos(dec) * cos(hour) * sin(latitude)
    east = -cos(dec) * sin(hour)
    up = sin(dec) * sin(latitude) + cos(dec) * cos(hour) * cos(latitude)
    return AltAz(degrees(atan2(up, hypot(north, east))), degrees(atan2(east, north)) % 360, degrees(hour))


def overhead(altitude_deg: float, azimuth_deg: float, place: SimulatedLocation, at_s: float) -> tuple[float, float]:
    """What stands in a direction: right ascension and declination for the equator of date, degrees."""
    altitude, azimuth, latitude = radians(altitude_deg), radians(azimuth_deg), radians(place.latitude_deg)
    pole = sin(altitude) * sin(latitude) + cos(altitude) * cos(latitude) * cos(azimuth)
    west = -cos(altitude) * sin(azimuth)
    south = sin(altitude) * cos(latitude) - cos(altitude) * sin(latitude) * cos(azimuth)
    return (sidereal_deg(place, at_s) - degrees(atan2(west, south))) % 360, degrees(atan2(pole, hypot(west, south)))


def separation_deg(first: tuple[float, float], second: tuple[float, float]) -> float:
    """The angle between two (longitude, latitude) directions, degrees; exact for small angles too."""
    (a, b), (c, d) = ((radians(x), radians(y)) for x, y in (first, second))
    half = sin((d - b) / 2) ** 2 + cos(b) * cos(d) * sin((c - a) / 2) ** 2
    return degrees(2 * asin(min(1.0, sqrt(half))))


def airmass(altitude_deg: float) -> float:
    """Airmass, held at the horizon's 40 below it. Source: Pickering 2002, DIO 12, 20."""
    height = max(0.0, altitude_deg)
    return min(40.0, 1 / sin((height + 244 / (165 + 47 * height**1.1)) * pi / 180))
