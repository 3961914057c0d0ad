"""What a plan's target is, in plain numbers that the sky can follow."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from obsy.schemas.target import Asteroid, Comet, Planet


class Ephemeris(NamedTuple):
    """When the transits of a planet recur."""

    epoch_bjd_tdb: float
    """The middle of one transit."""
    period_d: float
    duration_h: float
    """From first to last contact."""


class FixedTarget(NamedTuple):
    """A fixed place, ICRS at J2000, with its transiting planets by letter."""

    ra_deg: float
    dec_deg: float
    planets: Mapping[str, Ephemeris] = MappingProxyType({})


Target = FixedTarget | Comet | Asteroid | Planet
"""What moves is followed by its elements, or by its name, as they are declared."""
