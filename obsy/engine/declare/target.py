"""What a plan's target is, in plain numbers that the sky can follow."""

from collections.abc import Mapping
from math import hypot
from types import MappingProxyType
from typing import NamedTuple

from obsy.schemas.target import Asteroid, Comet, OverGround, Planet, Satellite


class Ephemeris(NamedTuple):
    """When a transit, or another event, recurs."""

    epoch_jd: float
    """The middle of one."""
    period_d: float
    duration_h: float
    """From first to last contact."""
    scale: str = "BJD_TDB"
    """Of the epoch, as `Epoch` has it."""
    epoch_error_d: float = 0.0
    """One standard deviation, as published; 0 where nobody says."""
    period_error_d: float = 0.0

    def error_d(self, jd: float) -> float:
        """Return one standard deviation of when the event about a Julian date comes: the period's error adds up."""
        return hypot(self.epoch_error_d, (jd - self.epoch_jd) / self.period_d * self.period_error_d)


Motion = tuple[float, float, float]
"""Proper motion a year, in right ascension times cos dec and in declination, and parallax; mas."""


class FixedTarget(NamedTuple):
    """A place among the stars, ICRS at J2000.0, with what recurs there: planets by letter, other events by name."""

    ra_deg: float
    dec_deg: float
    events: Mapping[str, Ephemeris] = MappingProxyType({})
    motion_mas: Motion | None = None
    """None where it is too small to tell."""


Target = FixedTarget | Comet | Asteroid | Planet | OverGround | Satellite
"""What moves is followed by its elements, or by its name, as they are declared."""
