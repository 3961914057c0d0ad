"""What a plan's target is, in plain numbers that the sky can follow."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple


class Crossing(NamedTuple):
    """When a planet crosses its star."""

    epoch_bjd_tdb: float
    """The middle of one transit."""
    period_d: float
    duration_h: float
    """From first to last contact."""


class FixedTarget(NamedTuple):
    """A fixed place, ICRS at J2000, with its transiting planets by letter."""

    ra_deg: float
    dec_deg: float
    planets: Mapping[str, Crossing] = MappingProxyType({})


class CometTarget(NamedTuple):
    """A comet by its perihelion: heliocentric, ecliptic and equinox J2000."""

    q_au: float
    eccentricity: float
    inclination_deg: float
    node_deg: float
    argument_deg: float
    perihelion: datetime
    """UTC."""


class AsteroidTarget(NamedTuple):
    """An asteroid by its mean anomaly: heliocentric, ecliptic and equinox J2000."""

    a_au: float
    eccentricity: float
    inclination_deg: float
    node_deg: float
    argument_deg: float
    mean_anomaly_deg: float
    epoch: datetime
    """UTC."""


class SolarSystemTarget(NamedTuple):
    """A body of the solar system that needs no elements: moon, mercury, venus, mars …"""

    body: str


Target = FixedTarget | CometTarget | AsteroidTarget | SolarSystemTarget
