"""How high the Sun stands, and how near a mount would come to it; no plan is asked."""

from datetime import datetime
from math import asin, atan2, ceil, cos, degrees, radians, sin
from typing import NamedTuple

import numpy as np
from astropy.coordinates import angular_separation
from numpy.typing import NDArray

from obsy.engine.devices.ports import Pointing
from obsy.engine.sky.body import sun
from obsy.engine.sky.earth import Horizontal, horizontal
from obsy.engine.sky.grid import Grid
from obsy.schemas.mount import Mount
from obsy.schemas.policy import SunLimits
from obsy.schemas.site import Location

HALFWAY_DEG = 0.75
"""No place on the way is farther than this from one that is looked at."""


class Direction(NamedTuple):
    """A direction in degrees: azimuth and altitude, or hour angle and declination."""

    longitude: float
    latitude: float


def why_too_light(limits: SunLimits, place: Location, now: datetime) -> str:
    """Return why no roof may open now; empty if the Sun is low enough."""
    return _said(limits, float(_at(sun(Grid(now, 1.0, 1), place)).latitude))


class SunHeight:
    """The Sun's height at a place, for whoever asks every few seconds: worked out half an hour at a time."""

    STEP_S, STEPS = 60.0, 31

    def __init__(self, place: Location) -> None:
        """Nothing is worked out."""
        self._place = place
        self._grid: Grid | None = None
        self._altitudes_deg: NDArray[np.float64] = np.empty(0)

    def why_too_light(self, limits: SunLimits, now: datetime) -> str:
        """Return why no roof may be open now; empty if the Sun is low enough, to 0.01 deg."""
        if self._grid is None or not 0.0 <= self._after_s(now) <= self.STEP_S * (self.STEPS - 1):
            self._grid = Grid(now, self.STEP_S, self.STEPS)
            self._altitudes_deg = sun(self._grid, self._place).altitude_deg
        seconds = self.STEP_S * np.arange(self.STEPS)
        return _said(limits, float(np.interp(self._after_s(now), seconds, self._altitudes_deg)))

    def _after_s(self, now: datetime) -> float:
        return (now - self._grid.start).total_seconds() if self._grid is not None else 0.0


def _said(limits: SunLimits, altitude_deg: float) -> str:
    if altitude_deg <= limits.roof.below:
        return ""
    return f"the Sun stands at {altitude_deg:.1f} deg; the policy says below {limits.roof.below:g} deg"


def why_against(limits: SunLimits, place: Location, pointing: Direction, now: datetime) -> str:
    """Return why nothing may point there (azimuth, altitude) now; empty if the Sun is low or far enough."""
    light = _at(sun(Grid(now, 1.0, 1), place))
    apart_deg = degrees(angular_separation(*np.radians((*light, *pointing))))
    if light.latitude <= limits.roof.below or apart_deg > limits.mount.farther_than:
        return ""
    return (
        f"points within {apart_deg:.0f} deg of the Sun; the policy says farther than {limits.mount.farther_than:g} deg"
    )


def why_too_near(
    mount: Mount, limits: SunLimits, place: Location, way: tuple[Direction, Pointing], now: datetime
) -> str:
    """Return why a mount may not go from a direction (azimuth, altitude) to a pointing; empty if it may.

    Two axes turn at speeds of their own, so every place between the two in azimuth and altitude, and in hour angle and
    declination, must lie far enough from the Sun. A German mount that changes sides may pass anything on its way over
    the pole.
    """
    instant = Grid(now, 1.0, 1)
    light, start = _at(sun(instant, place)), way[0]
    end = _at(horizontal(way[1].ra_deg, way[1].dec_deg, instant, place))
    sky_light, sky_start, sky_end = (_equatorial(each, place.latitude_deg) for each in (light, start, end))
    flips = mount.type == "german-equatorial" and sky_start.longitude * sky_end.longitude < 0
    pole = place.latitude_deg if flips else None
    nearest_deg = min(_nearest_deg(light, start, end), _nearest_deg(sky_light, sky_start, sky_end, over=pole))
    if nearest_deg - HALFWAY_DEG > limits.mount.farther_than:
        return ""
    return (
        f"on its way to altitude {end.latitude:.0f} deg, azimuth {end.longitude:.0f} deg it may come within "
        f"{max(0.0, nearest_deg - HALFWAY_DEG):.0f} deg of the Sun; "
        f"the policy says farther than {limits.mount.farther_than:g} deg"
    )


def _at(seen: Horizontal) -> Direction:
    return Direction(float(seen.azimuth_deg[0]), float(seen.altitude_deg[0]))


def _nearest_deg(light: Direction, start: Direction, end: Direction, over: float | None = None) -> float:
    """Return the least distance from `light` of anything between two directions, the shorter way about, degrees.

    over: the latitude of a place whose pole is passed, so that all round it is between.
    """
    turn = (end.longitude - start.longitude + 180.0) % 360.0 - 180.0
    low, high = sorted((start.latitude, end.latitude))
    if over is not None:
        turn, low, high = 360.0, (low if over >= 0 else -90.0), (90.0 if over >= 0 else high)
    longitudes = np.linspace(start.longitude, start.longitude + turn, ceil(abs(turn)) + 1)
    latitudes = np.linspace(low, high, ceil(high - low) + 1)
    across, up = np.radians(np.meshgrid(longitudes, latitudes))
    return float(np.degrees(angular_separation(across, up, *np.radians(light)).min()))


def _equatorial(seen: Direction, latitude_deg: float) -> Direction:
    """Return hour angle (-180 to 180, west positive) and declination of an azimuth and altitude, degrees.

    Source: Meeus, Astronomical Algorithms, 2nd edition, page 94, azimuth turned to north.
    """
    azimuth, altitude, latitude = radians(seen.longitude), radians(seen.latitude), radians(latitude_deg)
    up = sin(latitude) * sin(altitude) + cos(latitude) * cos(altitude) * cos(azimuth)
    south = sin(altitude) * cos(latitude) - cos(altitude) * cos(azimuth) * sin(latitude)
    return Direction(degrees(atan2(-cos(altitude) * sin(azimuth), south)), degrees(asin(max(-1.0, min(1.0, up)))))
