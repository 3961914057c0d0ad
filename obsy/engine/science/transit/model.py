"""The light of a star while a planet crosses it, whose limb is darker by a quadratic law."""

from dataclasses import dataclass
from math import atan, pi, radians, sin, sqrt, tan

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_THETA, _WEIGHT = (each * pi / 2 for each in np.polynomial.legendre.leggauss(32))
_COS, _SIN_WEIGHT = np.cos(_THETA + pi / 2), np.sin(_THETA + pi / 2) * _WEIGHT
"""Gauss's nodes over half a turn: a radius that runs as its cosine makes the integrand smooth at both ends."""
_WITHIN, _SHARE = np.polynomial.legendre.leggauss(3)
"""Moments of an exposure, from -1 to 1, and twice their shares of it."""
_KEPLER_ROUNDS = 12
MANY = 2000
"""Of more moments the light is worked out at fewer distances, and between these by cubic splines."""
_NODES = np.linspace(0.0, pi, 257)
"""Angles as whose cosines these distances run: at the contacts, where it bends like a power of 3/2, it is smooth so."""
_DAY_S = 86400.0


@dataclass(frozen=True, slots=True)
class PlanetOrbit:
    """The way of a planet round its star, to be taken whole from one reference."""

    period_d: float
    axis_ratio: float
    """Semi-major axis in radii of the star."""
    inclination_deg: float
    eccentricity: float = 0.0
    periastron_deg: float = 90.0
    """Argument of the star's periastron."""


@dataclass(frozen=True, slots=True)
class LimbDarkening:
    """How much darker the limb is: I(mu) = 1 - linear (1 - mu) - square (1 - mu)^2."""

    linear: float
    square: float


def transit_flux(after_middle_d: Floats, ratio: float, orbit: PlanetOrbit, limb: LimbDarkening) -> Floats:
    """Return the star's flux in units of its own, (times,), with a planet of `ratio` of its radius.

    after_middle_d: time since the middle of the transit, days.
    """
    apart, is_before = separation(after_middle_d, orbit)
    crossing = is_before & (apart < 1 + ratio)
    flux = np.ones_like(after_middle_d)
    flux[crossing] -= _hidden(apart[crossing], ratio, limb)
    return flux


def exposed_flux(
    after_middle_d: Floats, exposure_s: float, ratio: float, orbit: PlanetOrbit, limb: LimbDarkening
) -> Floats:
    """Return the mean of `transit_flux` over exposures whose middles are given, (times,)."""
    if exposure_s <= 0:
        return transit_flux(after_middle_d, ratio, orbit, limb)
    within = after_middle_d[:, None] + _WITHIN * (exposure_s / 2 / _DAY_S)
    return np.asarray(transit_flux(within.ravel(), ratio, orbit, limb).reshape(within.shape) @ _SHARE / 2)


def separation(after_middle_d: Floats, orbit: PlanetOrbit) -> tuple[Floats, NDArray[np.bool_]]:
    """Return how far the planet's middle is from the star's, radii of the star, and whether it is on our side.

    Source: Winn 2010, "Transits and Occultations", equations 1 to 5; phase 0 is where it crosses the line of sight.
    """
    e, omega = orbit.eccentricity, radians(orbit.periastron_deg)
    squeeze = sqrt((1 - e) / (1 + e))
    start = 2 * atan(squeeze * tan((pi / 2 - omega) / 2))
    mean = start - e * sin(start) + 2 * pi * after_middle_d / orbit.period_d
    eccentric = mean.copy()
    for _ in range(_KEPLER_ROUNDS if e else 0):
        eccentric -= (eccentric - e * np.sin(eccentric) - mean) / (1 - e * np.cos(eccentric))
    along = omega + (2 * np.arctan(np.tan(eccentric / 2) / squeeze) if e else eccentric)
    distance = orbit.axis_ratio * (1 - e * np.cos(eccentric))
    tilt = sin(radians(orbit.inclination_deg))
    return distance * np.sqrt(1 - (np.sin(along) * tilt) ** 2), np.sin(along) > 0


def duration_d(ratio: float, orbit: PlanetOrbit) -> float:
    """Return the time from first to last contact, days; 0 where the planet misses the star.

    Source: Winn 2010, equations 14 and 16.
    """
    e, omega = orbit.eccentricity, radians(orbit.periastron_deg)
    slant = radians(orbit.inclination_deg)
    near = (1 - e**2) / (1 + e * sin(omega))
    chord = (1 + ratio) ** 2 - (orbit.axis_ratio * np.cos(slant) * near) ** 2
    if chord <= 0:
        return 0.0
    way = min(1.0, sqrt(chord) / (orbit.axis_ratio * sin(slant)))
    return float(orbit.period_d / pi * np.arcsin(way) * near / sqrt(1 - e**2))


def orbit_of_duration(period_d: float, duration_d: float, ratio: float, impact: float) -> PlanetOrbit:
    """Return the circular orbit whose transit lasts as long, where nothing but that is known.

    impact: how far from the star's middle the planet crosses, radii of the star; an assumption.
    Source: Winn 2010, equation 14, turned round.
    """
    chord = sqrt(max((1 + ratio) ** 2 - impact**2, 0.0))
    # sin(pi T / P) = chord / (a sin i), and a cos i is the impact.
    across = chord / sin(pi * duration_d / period_d)
    axis_ratio = sqrt(across**2 + impact**2)
    return PlanetOrbit(period_d, axis_ratio, float(np.degrees(np.arccos(impact / axis_ratio))))


def _hidden(apart: Floats, ratio: float, limb: LimbDarkening) -> Floats:
    """Return the share of the star's light behind the planet, (times,): of many moments by splines, to 2e-8."""
    if len(apart) <= MANY:
        return _behind(apart, ratio, limb)
    from scipy.interpolate import CubicSpline  # noqa: PLC0415 - only long light curves need it

    hidden, inner = np.empty_like(apart), abs(1 - ratio)
    for low, high in ((0.0, inner), (inner, 1 + ratio)):
        inside = (apart >= low) & (apart <= high)
        middle, half = (low + high) / 2, (high - low) / 2
        if half > 0 and inside.any():
            spline = CubicSpline(_NODES, _behind(middle - half * np.cos(_NODES), ratio, limb))
            hidden[inside] = spline(np.arccos(np.clip((middle - apart[inside]) / half, -1.0, 1.0)))
    return hidden


def _behind(apart: Floats, ratio: float, limb: LimbDarkening) -> Floats:
    """Return the share of the star's light behind the planet, (times,): rings of the star, each by the arc covered.

    Source: Kreidberg 2015, section 2, equation 5, by Gauss's quadrature in place of its steps.
    """
    low, high = np.minimum(np.abs(apart - ratio), 1.0), np.minimum(apart + ratio, 1.0)
    half = (high - low)[:, None] / 2
    radius = (high + low)[:, None] / 2 + half * _COS
    far = np.maximum(apart, 1e-12)[:, None]
    arc = np.arccos(np.clip((radius**2 + far**2 - ratio**2) / (2 * radius * far), -1.0, 1.0))
    mu = np.sqrt(np.maximum(1 - radius**2, 0.0))
    bright = 1 - limb.linear * (1 - mu) - limb.square * (1 - mu) ** 2
    rings = (2 * radius * arc * bright * half) @ _SIN_WEIGHT
    whole = pi * (1 - limb.linear / 3 - limb.square / 6)
    return np.asarray((rings + _disc(np.clip(ratio - apart, 0.0, 1.0), limb)) / whole)


def _disc(radius: Floats, limb: LimbDarkening) -> Floats:
    """Return the light of the star's middle out to a radius, where the planet hides all of it."""
    mu = np.sqrt(1 - radius**2)
    level, slope = 1 - limb.linear - limb.square, limb.linear + 2 * limb.square
    return np.asarray(2 * pi * (level * (1 - mu**2) / 2 + slope * (1 - mu**3) / 3 - limb.square * (1 - mu**4) / 4))
