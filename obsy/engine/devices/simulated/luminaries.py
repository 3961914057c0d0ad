"""Where Sun and Moon are, well enough for the brightness of the sky."""

from dataclasses import dataclass
from math import asin, atan2, cos, degrees, radians, sin

from obsy.engine.devices.simulated.horizontal import SECONDS_AT_J2000, SECONDS_PER_CENTURY


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
