"""How high the Sun stands, and how far from it something points, without a library that takes seconds to load."""

from datetime import datetime, timedelta
from math import degrees, radians
from typing import NamedTuple

import erfa
import numpy as np

from obsy.engine.devices.directions import DAY_S, UNIX_JD, altitude_azimuth, of_date
from obsy.schemas.policy import SunLimits
from obsy.schemas.site import Location


class Direction(NamedTuple):
    """A direction in degrees: azimuth and altitude, or hour angle and declination."""

    longitude: float
    latitude: float


def sunlight(place: Location, now: datetime) -> Direction:
    """Return where the centre of the Sun stands, without refraction and aberration: good to 0.01 deg.

    Source: the Earth's heliocentric position by ERFA epv00.
    """
    earth = erfa.epv00(UNIX_JD, now.timestamp() / DAY_S)[0]["p"]  # UTC for TT: 0.001 deg
    ra, dec = erfa.c2s(-earth)
    altitude_deg, azimuth_deg = altitude_azimuth(
        *of_date(float(np.degrees(ra)), float(np.degrees(dec)), now), place, now
    )
    return Direction(azimuth_deg, altitude_deg)


def why_too_light(limits: SunLimits, place: Location, now: datetime) -> str:
    """Return why no roof may be open now; empty if the Sun is low enough."""
    return _said(limits, sunlight(place, now).latitude)


class SunHeight:
    """The Sun's height at a place, for whoever asks every few seconds: worked out a minute at a time."""

    STEP = timedelta(minutes=1)

    def __init__(self, place: Location) -> None:
        """Nothing is worked out."""
        self._place = place
        self._begin = datetime.min
        self._altitudes_deg = (0.0, 0.0)

    def why_too_light(self, limits: SunLimits, now: datetime) -> str:
        """Return why no roof may be open now; empty if the Sun is low enough, to 0.01 deg."""
        naive = now.replace(tzinfo=None)
        if not self._begin <= naive <= self._begin + self.STEP:
            self._begin = naive
            self._altitudes_deg = (
                sunlight(self._place, now).latitude,
                sunlight(self._place, now + self.STEP).latitude,
            )
        before, after = self._altitudes_deg
        return _said(limits, before + (after - before) * ((naive - self._begin) / self.STEP))


def _said(limits: SunLimits, altitude_deg: float) -> str:
    if altitude_deg <= limits.roof.below:
        return ""
    return f"the Sun stands at {altitude_deg:.1f} deg; the policy says below {limits.roof.below:g} deg"


def why_against(limits: SunLimits, place: Location, pointing: Direction, now: datetime) -> str:
    """Return why nothing may point there (azimuth, altitude) now; empty if the Sun is low or far enough."""
    light = sunlight(place, now)
    apart_deg = separation_deg(light, pointing)
    if light.latitude <= limits.roof.below or apart_deg > limits.mount.farther_than:
        return ""
    return (
        f"points within {apart_deg:.0f} deg of the Sun; the policy says farther than {limits.mount.farther_than:g} deg"
    )


def separation_deg(one: Direction, other: Direction) -> float:
    """Return the angle between two directions, degrees."""
    return degrees(erfa.seps(*map(radians, (one.longitude, one.latitude, other.longitude, other.latitude))))
