"""Stars of the simulated sky whose light varies: what each shows at a moment is the truth that measures are held to."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
DAY_S = 86400.0
SAMPLES = 5
"""Moments of an exposure whose light is averaged."""
ANNULI = 400
"""Of a star's disc; its light is right to a millionth."""


class Variation(Protocol):
    """How the light of a star goes."""

    def share(self, at_s: ArrayLike) -> Floats:
        """Return which part of its usual light it shows at some moments, seconds since 1970, as seen from here."""


@dataclass(frozen=True, slots=True)
class PlanetCrossing:
    """A planet that crosses its star at constant speed on a straight line: discs, and quadratic limb darkening."""

    middles_s: tuple[float, ...]
    """When it stands in the middle, as seen from the observatory."""
    duration_s: float
    """From first to last contact."""
    ratio: float = 0.115
    """The planet's radius in the star's."""
    impact: float = 0.2
    """How far from the star's middle the line passes, in the star's radius."""
    limb: tuple[float, float] = (0.35, 0.25)
    """How dark the limb is: intensity 1 - a (1 - mu) - b (1 - mu)^2."""

    def share(self, at_s: ArrayLike) -> Floats:
        """Return which part of the star's light passes."""
        half = np.sqrt((1 + self.ratio) ** 2 - self.impact**2)
        along = _since_nearest(at_s, self.middles_s) / (self.duration_s / 2) * half
        return passing(np.hypot(self.impact, along), self.ratio, self.limb)


@dataclass(frozen=True, slots=True)
class Minimum:
    """A star that fades and comes back: its magnitude goes as a squared cosine, like no geometry, but symmetric."""

    middles_s: tuple[float, ...]
    duration_s: float
    depth_mag: float = 0.7

    def share(self, at_s: ArrayLike) -> Floats:
        """Return which part of its light is left."""
        turn = np.clip(_since_nearest(at_s, self.middles_s) / self.duration_s, -0.5, 0.5)
        return np.asarray(10 ** (-0.4 * self.depth_mag * np.cos(np.pi * turn) ** 2))


@dataclass(frozen=True, slots=True)
class Outbursts:
    """A dwarf nova: quiet for weeks, bright within a day, a few days so, and back in a line of magnitudes.

    As strictly periodic as no dwarf nova is.
    """

    first_s: float
    """When one began."""
    every_d: float
    amplitude_mag: float
    rise_d: float = 1.0
    stay_d: float = 6.0
    decline_d: float = 5.0

    def share(self, at_s: ArrayLike) -> Floats:
        """Return how many times as bright as in quiet it is."""
        into_d = (np.asarray(at_s, dtype=np.float64) - self.first_s) / DAY_S % self.every_d
        falls = self.rise_d + self.stay_d
        knots = [0.0, self.rise_d, falls, falls + self.decline_d]
        return np.asarray(10 ** (0.4 * np.interp(into_d, knots, [0.0, self.amplitude_mag, self.amplitude_mag, 0.0])))


@dataclass(frozen=True, slots=True)
class VariableStar:
    """A star, ICRS degrees, whose light varies."""

    name: str
    ra_deg: float
    dec_deg: float
    variation: Variation
    mag: float | None = None
    """Its usual V magnitude where it is not in the catalogue; None if it is."""

    def seen(self, begin_s: float, end_s: float) -> "VaryingPoint":
        """Return what an exposure shows of it, the mean of its light."""
        moments = begin_s + (np.arange(SAMPLES) + 0.5) / SAMPLES * (end_s - begin_s)
        return VaryingPoint(self.ra_deg, self.dec_deg, float(self.variation.share(moments).mean()), self.mag)


@dataclass(frozen=True, slots=True)
class VaryingPoint:
    """What an exposure shows of a variable star: a share of the light of the catalogue's star there, or of `mag`."""

    ra_deg: float
    dec_deg: float
    share: float
    mag: float | None = None


SS_CYG = VariableStar(
    "SS Cyg",
    325.67833,
    43.58608,
    # 2026-11-04 12:00 UTC; mean cycle and range: General Catalogue of Variable Stars, rounded.
    Outbursts(first_s=1793793600.0, every_d=49.5, amplitude_mag=3.8),
    mag=11.9,
)
ALWAYS = (SS_CYG,)
"""Variable stars that are there whatever the plans say."""


def passing(apart: Floats, ratio: float, limb: tuple[float, float]) -> Floats:
    """Return which part of a star's light passes a dark disc whose middle is so far from the star's, in its radius.

    The disc covers some of each ring of the star, whose light is that of its middle. Source: the areas that two circles
    have in common; quadratic limb darkening, Kopal 1950; rings closer at the limb, as Kreidberg 2015, PASP 127, 1161.
    """
    edges = np.sin(np.linspace(0, np.pi / 2, ANNULI + 1))
    covered = np.diff(_common(np.atleast_1d(apart)[:, None], edges, ratio), axis=1)
    dark = 1 - np.sqrt(1 - ((edges[1:] + edges[:-1]) / 2) ** 2)
    whole = np.pi * (1 - limb[0] / 3 - limb[1] / 6)
    return np.asarray(1 - covered @ (1 - limb[0] * dark - limb[1] * dark**2) / whole)


def _common(apart: Floats, radius: Floats, other: float) -> Floats:
    """The area that circles of these radii have in common, their middles so far apart. Source: Weisstein, MathWorld."""
    far, near = apart >= radius + other, apart <= np.abs(radius - other)
    with np.errstate(divide="ignore", invalid="ignore"):
        mine = np.arccos(np.clip((apart**2 + radius**2 - other**2) / (2 * apart * radius), -1, 1))
        theirs = np.arccos(np.clip((apart**2 + other**2 - radius**2) / (2 * apart * other), -1, 1))
        kite = (radius + other - apart) * (apart + radius - other) * (apart - radius + other) * (apart + radius + other)
        lens = radius**2 * mine + other**2 * theirs - np.sqrt(np.maximum(kite, 0)) / 2
    return np.asarray(np.where(far, 0.0, np.where(near, np.pi * np.minimum(radius, other) ** 2, lens)))


def _since_nearest(at_s: ArrayLike, middles_s: tuple[float, ...]) -> Floats:
    """How long since, or (below zero) until, the nearest of some moments; infinite if there is none."""
    at = np.atleast_1d(np.asarray(at_s, dtype=np.float64))
    if not middles_s:
        return np.full(at.shape, np.inf)
    since = at[:, None] - np.array(middles_s)
    nearest: Floats = np.take_along_axis(since, np.abs(since).argmin(axis=1)[:, None], axis=1)[:, 0]
    return nearest
