"""What a plan's target is, in plain numbers that the sky can follow."""

from collections.abc import Mapping
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


class FixedTarget(NamedTuple):
    """A fixed place, ICRS at J2000, with what recurs there: planets by letter, other events by name."""

    ra_deg: float
    dec_deg: float
    events: Mapping[str, Ephemeris] = MappingProxyType({})


Target = FixedTarget | Comet | Asteroid | Planet | OverGround | Satellite
"""What moves is followed by its elements, or by its name, as they are declared."""
