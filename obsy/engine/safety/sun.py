"""How near a mount would come to the Sun on its way; no plan is asked."""

from datetime import datetime
from math import ceil

import numpy as np

from obsy.engine.devices.directions import altitude_azimuth, hour_angle_declination, of_date
from obsy.engine.devices.ports import Pointing
from obsy.engine.safety.daylight import Direction, sunlight
from obsy.schemas.mount import Mount
from obsy.schemas.policy import SunLimits
from obsy.schemas.site import Location

HALFWAY_DEG = 0.75
"""No place on the way is farther than this from one that is looked at."""
ALIKE_DEG = 1.0
"""Where the two ways about differ by twice this at most, nobody knows which a mount takes."""


def why_too_near(
    mount: Mount, limits: SunLimits, place: Location, way: tuple[Direction, Pointing], now: datetime
) -> str:
    """Return why a mount may not go from a direction (azimuth, altitude) to a pointing; empty if it may.

    Two axes turn at speeds of their own, so every place between the two in azimuth and altitude, and in hour angle and
    declination, must lie far enough from the Sun. A German mount that changes sides may pass anything on its way over
    the pole.
    """
    light, start = sunlight(place, now), way[0]
    altitude_deg, azimuth_deg = altitude_azimuth(*of_date(way[1].ra_deg, way[1].dec_deg, now), place, now)
    end = Direction(azimuth_deg, altitude_deg)
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


def _equatorial(seen: Direction, latitude_deg: float) -> Direction:
    return Direction(*hour_angle_declination(seen.latitude, seen.longitude, latitude_deg))


def _nearest_deg(light: Direction, start: Direction, end: Direction, over: float | None = None) -> float:
    """Return the least distance from `light` of anything between two directions, degrees.

    The shorter way about counts, or both where they are alike.
    over: the latitude of a place whose pole is passed, so that all round it is between.
    """
    turn = (end.longitude - start.longitude + 180.0) % 360.0 - 180.0
    low, high = sorted((start.latitude, end.latitude))
    if abs(turn) > 180.0 - ALIKE_DEG:
        turn = 360.0
    if over is not None:
        turn, low, high = 360.0, (low if over >= 0 else -90.0), (90.0 if over >= 0 else high)
    longitudes = np.linspace(start.longitude, start.longitude + turn, ceil(abs(turn)) + 1)
    latitudes = np.linspace(low, high, ceil(high - low) + 1)
    across, up = np.radians(np.meshgrid(longitudes - light.longitude, latitudes))
    sun_up = np.radians(light.latitude)
    cosines = np.sin(up) * np.sin(sun_up) + np.cos(up) * np.cos(sun_up) * np.cos(across)
    return float(np.degrees(np.arccos(np.clip(cosines, -1.0, 1.0)).min()))
