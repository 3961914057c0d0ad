"""When what circles the Earth is lit by the Sun, and when the Earth's shadow hides it."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from obsy.engine.sky.body import sun
from obsy.engine.sky.crossings import crossings
from obsy.engine.sky.grid import Floats, Grid
from obsy.engine.sky.knots import between
from obsy.engine.sky.passages import Stand, stands
from obsy.engine.sky.satellite import earth_axes, fixed_km
from obsy.engine.sky.track import Track
from obsy.schemas.site import Location
from obsy.schemas.target import Satellite

_EARTH_KM = 6378.1366
"""Its radius at the equator, without air. Source: IERS Conventions (2010), table 1.1."""


@dataclass(frozen=True)
class Shadow:
    """How a satellite passes the Earth's shadow in the time of its track."""

    enters: tuple[Stand, ...]
    leaves: tuple[Stand, ...]
    begins_lit: bool

    def is_lit(self, when: datetime) -> bool:
        """Whether the Sun shines on it."""
        passed = sum(each.when <= when for each in (*self.enters, *self.leaves))
        return self.begins_lit == (passed % 2 == 0)


def shadow(satellite: Satellite, track: Track, place: Location) -> Shadow:
    """Return when a satellite, followed by `track` from `place`, goes into the shadow and comes out of it."""
    grid, outside = track.grid, outside_km(satellite, track.grid, place)
    passed = crossings(lambda at_s: between(outside[:, None], grid.step_s, at_s)[:, 0], grid.seconds)
    at = {rises: stands(track, [each.at_s for each in passed if each.rises == rises]) for rises in (False, True)}
    return Shadow(at[False], at[True], bool(outside[0] >= 0))


def outside_km(satellite: Satellite, grid: Grid, place: Location) -> Floats:
    """Return how far it is outside of the Earth's shadow at each instant, negative within; (times,).

    The Sun is taken for a point far away, so that the shadow is a cylinder; half-light lasts 8 s on either side.
    Source: Vallado, Fundamentals of Astrodynamics and Applications, section 5.3.
    """
    km, _ = fixed_km(satellite, grid)
    stood = sun(grid, place)
    altitude, azimuth = np.radians(stood.altitude_deg), np.radians(stood.azimuth_deg)
    level = np.cos(altitude)
    sunwards = np.stack((level * np.sin(azimuth), level * np.cos(azimuth), np.sin(altitude)), axis=-1)
    along = np.einsum("tk,tk->t", km, sunwards @ earth_axes(place).T)
    away = np.einsum("tk,tk->t", km, km) - np.where(along < 0, along, 0.0) ** 2
    return np.asarray(np.sqrt(away) - _EARTH_KM)
