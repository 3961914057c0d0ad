"""How long a target can still be had in the nights to come, as far as darkness and height decide it, and how scarce."""

from datetime import datetime
from functools import lru_cache

import numpy as np

from obsy.engine.sky.grid import Floats
from obsy.schemas.site import Location

_J2000 = datetime.fromisoformat("2000-01-01T12:00:00+00:00")


@lru_cache(maxsize=4096)
def hours(
    target: tuple[float, float], lowest_deg: float, sun_deg: float, place: Location, nights: tuple[datetime, int]
) -> float:
    """Return for how many hours a place on the sky stands above `lowest_deg` with the Sun below `sun_deg`.

    target: right ascension and declination, degrees; nights: a moment of the first one, and how many they are.
    Good to five minutes a night where the target comes well above that, and to less where it only just does.
    Source of the Sun: the Astronomical Almanac, low precision (0.01 deg).
    """
    begin, count = nights
    noon_d = np.floor((begin - _J2000).total_seconds() / 86400 + place.longitude_deg / 360)
    days = noon_d - place.longitude_deg / 360 + 0.5 + np.arange(count)  # solar midnights, since 2000-01-01 at noon
    sun_ra, sun_dec = _sun(days)
    dark = 180.0 - _half_day(sun_dec, sun_deg, place.latitude_deg)
    up = _half_day(np.full(count, target[1]), lowest_deg, place.latitude_deg)
    apart = np.abs((target[0] - sun_ra + 360.0) % 360.0 - 180.0)  # of the transit from the middle of the night
    both = np.clip(dark + up - apart, 0.0, None) + np.clip(dark + up + apart - 360.0, 0.0, None)
    return float(np.minimum(both, 2 * np.minimum(dark, up)).sum()) / 15.0


def scarcity(needed_h: Floats | float, chance_h: Floats | float, year_h: Floats | float) -> Floats:
    """Return how much hangs on an hour of what takes so long and can be had for so long, soon and in a year; 0 to 1.

    What needs little of its chances can wait. Of what needs them all each hour that is not taken is lost, also when the
    season ends before it is done. What asks for more than a whole year has presses the less, the more it asks for.
    """
    larger = np.maximum(needed_h, chance_h)
    return np.asarray(np.minimum(needed_h, year_h) / np.where(larger > 0, larger, 1.0))


def _half_day(dec_deg: Floats, altitude_deg: float, latitude_deg: float) -> Floats:
    """Return the hour angle at which a declination passes an altitude: 0 if it never stands above it, 180 if always."""
    dec, at, latitude = np.radians(dec_deg), np.radians(altitude_deg), np.radians(latitude_deg)
    cosine = (np.sin(at) - np.sin(latitude) * np.sin(dec)) / np.maximum(np.cos(latitude) * np.cos(dec), 1e-9)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def _sun(days: Floats) -> tuple[Floats, Floats]:
    mean, anomaly = 280.460 + 0.9856474 * days, np.radians(357.528 + 0.9856003 * days)
    longitude = np.radians(mean + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly))
    tilt = np.radians(23.439 - 4e-7 * days)
    ra = np.degrees(np.arctan2(np.cos(tilt) * np.sin(longitude), np.cos(longitude)))
    return ra % 360.0, np.degrees(np.arcsin(np.sin(tilt) * np.sin(longitude)))
