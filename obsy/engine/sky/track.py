"""All that a constraint may ask about one target on one grid."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from obsy.engine.sky.grid import Floats, Grid


@dataclass(frozen=True, eq=False)
class Track:
    """One target as it is seen at each instant; every array is (times,), altitudes are without refraction."""

    grid: Grid
    ra_deg: Floats
    dec_deg: Floats
    altitude_deg: Floats
    azimuth_deg: Floats
    hour_angle_h: Floats
    sun_altitude_deg: Floats
    moon_altitude_deg: Floats
    moon_separation_deg: Floats
    moon_illuminated_percent: Floats
    longitude_deg: float = 0.0
    """Of the observer, east positive: a night lasts from noon to noon there."""
    phases: Mapping[str, Floats] = field(default_factory=dict)
    """By event of the target: from 0 to below 1; (times,)."""
