"""The simulator's own sky: Sun, Moon, and where a place on the sky stands over the site.

Light and closed-form, good to an arcminute, and apart from `engine/sky`, so that each checks the other.
"""

from dataclasses import dataclass
from math import asin, atan2, cos, degrees, hypot, pi, radians, sin

from obsy.engine.sidereal import greenwich_deg
from obsy.schemas.site import Location

SECONDS_AT_J2000 = 946728000.0
"""2000-01-01 12:00 UTC, in seconds since 1970."""
SECONDS_PER_CENTURY = 36525 * 86400.0


@dataclass(frozen=True, slots=True)
class AltAz:
    """Altitude and azimuth (from north through east), without refraction, and hour angle, degrees."""

    altitude_deg: float
    azimuth_deg: float
    hour_angle_deg: float


def sidereal_deg(place: Location, at_s: float) -> float:
    """Return the mean sidereal time, UT1 taken as UTC (0.9 s at most)."""
    days = (at_s - SECONDS_AT_J2000) / 86400
    return (greenwich_deg(days) + place.longitude_deg) % 360


def of_date(ra_deg: float, dec_deg: float, at_s: float) -> tuple[float, float]:
    """Return the position for the equator of date, degrees; no nutation and no aberration (20 arcsec each).

    Source: IAU 1976 precession angles, Lieske et al. 1977, A&A 58, 1 (first and second terms).
    """
    return _turned(ra_deg, dec_deg, _precession(at_s))


def of_j2000(ra_deg: float, dec_deg: float, at_s: float) -> tuple[float, float]:
    """Return the ICRS position of a place given for the equator of date, degrees."""
    zeta, z, theta = _precession(at_s)
    return _turned(ra_deg, dec_deg, (-z, -zeta, -theta))


def _precession(at_s: float) -> tuple[float, float, float]:
    t = (at_s - SECONDS_AT_J2000) / SECONDS_PER_CENTURY
    zeta = radians((2306.2181 * t + 0.30188 * t * t) / 3600)
    z = radians((2306.2181 * t + 1.09468 * t * t) / 3600)
    return zeta, z, radians((2004.3109 * t - 0.42665 * t * t) / 3600)


def _turned(ra_deg: float, dec_deg: float, angles: tuple[float, float, float]) -> tuple[float, float]:
    zeta, z, theta = angles
    ra, dec = radians(ra_deg) + zeta, radians(dec_deg)
    a = cos(dec) * sin(ra)
    b = cos(theta) * cos(dec) * cos(ra) - sin(theta) * sin(dec)
    c = sin(theta) * cos(dec) * cos(ra) + cos(theta) * sin(dec)
    return degrees(atan2(a, b) + z) % 360, degrees(atan2(c, hypot(a, b)))


def horizontal(ra_deg: float, dec_deg: float, place: Location, at_s: float) -> AltAz:
    """Return where an ICRS position stands, within 1 arcmin of a full reduction without refraction."""
    ra, dec_of_date = of_date(ra_deg, dec_deg, at_s)
    return standing(ra, dec_of_date, place, at_s)


def standing(ra_deg: float, dec_deg: float, place: Location, at_s: float) -> AltAz:
    """Return where a position given for the equator of date stands."""
    hour = radians((sidereal_deg(place, at_s) - ra_deg + 180) % 360 - 180)
    dec, latitude = radians(dec_deg), radians(place.latitude_deg)
    north = sin(dec) * cos(latitude) - cos(dec) * cos(hour) * sin(latitude)
    east = -cos(dec) * sin(hour)
    up = sin(dec) * sin(latitude) + cos(dec) * cos(hour) * cos(latitude)
    return AltAz(degrees(atan2(up, hypot(north, east))), degrees(atan2(east, north)) % 360, degrees(hour))


def overhead(altitude_deg: float, azimuth_deg: float, place: Location, at_s: float) -> tuple[float, float]:
    """Return what stands in a direction: right ascension and declination for the equator of date, degrees."""
    altitude, azimuth, latitude = radians(altitude_deg), radians(azimuth_deg), radians(place.latitude_deg)
    pole = sin(altitude) * sin(latitude) + cos(altitude) * cos(latitude) * cos(azimuth)
    west = -cos(altitude) * sin(azimuth)
    south = sin(altitude) * cos(latitude) - cos(altitude) * sin(latitude) * cos(azimuth)
    return (sidereal_deg(place, at_s) - degrees(atan2(west, south))) % 360, degrees(atan2(pole, hypot(west, south)))


def airmass(altitude_deg: float) -> float:
    """Return the air mass, at most 40. Source: Pickering 2002, DIO 12, 20."""
    height = max(0.0, altitude_deg)
    return min(40.0, 1 / sin((height + 244 / (165 + 47 * height**1.1)) * pi / 180))


@dataclass(frozen=True, slots=True)
class Luminary:
    """Geocentric right ascension and declination for the equator of date, degrees; parallax, degrees."""

    ra_deg: float
    dec_deg: float
    parallax_deg: float


def _equatorial(longitude: float, latitude: float, t: float) -> tuple[float, float]:
    tilt, lon, lat = radians(23.439291 - 0.0130042 * t), radians(longitude), radians(latitude)
    ra = atan2(sin(lon) * cos(tilt) - sin(lat) / cos(lat) * sin(tilt), cos(lon))
    dec = asin(sin(lat) * cos(tilt) + cos(lat) * sin(tilt) * sin(lon))
    return degrees(ra) % 360, degrees(dec)


def sun(at_s: float) -> Luminary:
    """The Sun, to 0.01 deg. Source: Astronomical Almanac, low-precision formulae, page C5."""
    days = (at_s - SECONDS_AT_J2000) / 86400
    anomaly = radians(357.528 + 0.9856003 * days)
    longitude = 280.460 + 0.9856474 * days + 1.915 * sin(anomaly) + 0.020 * sin(2 * anomaly)
    return Luminary(*_equatorial(longitude, 0.0, days / 36525), 8.794 / 3600)


def moon(at_s: float) -> Luminary:
    """The Moon, to 0.3 deg. Source: Astronomical Almanac, low-precision formulae, page D22."""
    t = (at_s - SECONDS_AT_J2000) / SECONDS_PER_CENTURY

    def wave(size: float, phase: float, rate: float) -> float:
        return size * sin(radians(phase + rate * t))

    longitude = (
        218.32
        + 481267.881 * t
        + wave(6.29, 135.0, 477198.87)
        - wave(1.27, 259.3, -413335.36)
        + wave(0.66, 235.7, 890534.22)
        + wave(0.21, 269.9, 954397.74)
        - wave(0.19, 357.5, 35999.05)
        - wave(0.11, 186.5, 966404.03)
    )
    latitude = (
        wave(5.13, 93.3, 483202.02)
        + wave(0.28, 228.2, 960400.89)
        - wave(0.28, 318.3, 6003.15)
        - wave(0.17, 217.6, -407332.21)
    )
    parallax = (
        0.9508
        + wave(0.0518, 225.0, 477198.87)
        + wave(0.0095, 349.3, -413335.36)
        + wave(0.0078, 325.7, 890534.22)
        + wave(0.0028, 359.9, 954397.74)
    )
    return Luminary(*_equatorial(longitude, latitude, t), parallax)
