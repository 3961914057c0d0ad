"""The straight line through points that have errors in both coordinates, and which of them lie off it."""

from dataclasses import dataclass

import numpy as np

from obsy.engine.science.same_stars import Floats, Mask

CLIP, ROUNDS = 3.5, 8
"""Sigmas beyond which a point does not count; how often the line is drawn anew without those that do not."""
FEWEST = 3
"""Points that say how far they scatter about a line."""
_SETTLES, _BELOW_ANY_ERROR = 50, 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class PointErrors:
    """One standard deviation of each point along both axes, and their covariance; all (points,)."""

    x: Floats
    y: Floats
    covariance: Floats


@dataclass(frozen=True, slots=True, eq=False)
class StraightLine:
    """A line, and what it leaves of each point."""

    slope: float
    error: float
    """Of the slope, one standard deviation; times as much where points scatter by more than their errors."""
    at_zero: float
    kept: Mask
    """(points,): those that count."""
    residual: Floats
    """(points,): along y."""
    sigmas: Floats
    """(points,): the same in units of each point's error, or of the scatter where that is larger."""

    @property
    def points(self) -> int:
        """How many count."""
        return int(self.kept.sum())


def straight_line(x: Floats, y: Floats, errors: PointErrors) -> StraightLine:
    """Return the line that makes chi squared least, with the variance of each residual at its slope.

    Noise in x does not make it flatter. What lies beyond `CLIP` sigmas is left out; sigmas grow with the scatter of
    what counts, at first with the median of all, so that what is wrong does not hide itself. x, y: (points,), three or
    more. Source: York et al. 2004, Am. J. Phys. 72, 367, equations 13.
    """
    kept = np.ones(len(x), dtype=bool)
    wider = 1.0
    for _ in range(ROUNDS):
        slope, error, at_zero = _york(x, y, errors, kept)
        residual = y - at_zero - slope * x
        sigmas = np.abs(residual) / np.sqrt(_variance(slope, errors))
        wider = max(1.0, float(np.median(sigmas)) / _MEDIAN_SIGMA, _spread(sigmas, kept) if not kept.all() else 0.0)
        before, kept = kept, sigmas <= CLIP * wider
        if (kept == before).all() or kept.sum() < FEWEST:
            break
    wider = max(1.0, _spread(sigmas, before))
    return StraightLine(slope, error * wider, at_zero, before, residual, sigmas / wider)


_MEDIAN_SIGMA = 0.6745
"""Half of what is normally distributed lies within so many sigmas."""


def _spread(sigmas: Floats, kept: Mask) -> float:
    return float(np.sqrt(np.sum(sigmas[kept] ** 2) / max(int(kept.sum()) - 2, 1)))


def _variance(slope: float, errors: PointErrors) -> Floats:
    return np.maximum(errors.y**2 + slope**2 * errors.x**2 - 2 * slope * errors.covariance, 1e-12)


def _york(x: Floats, y: Floats, errors: PointErrors, kept: Mask) -> tuple[float, float, float]:
    """Return the slope, its error by those of the points alone, and y at 0."""
    slope = float(np.polyfit(x[kept], y[kept], 1)[0])
    for _ in range(_SETTLES):
        variance = _variance(slope, errors)
        weight = np.where(kept, 1 / variance, 0.0)
        mean_x, mean_y = np.average(x, weights=weight), np.average(y, weights=weight)
        u, w = x - mean_x, y - mean_y
        level = (u * errors.y**2 + slope * w * errors.x**2 - (slope * u + w) * errors.covariance) / variance
        before, slope = slope, float(np.sum(weight * level * w) / np.sum(weight * level * u))
        if abs(slope - before) < _BELOW_ANY_ERROR:
            break
    moved = level - np.average(level, weights=weight)
    return slope, float(1 / np.sqrt(np.sum(weight * moved**2))), float(mean_y - slope * mean_x)
