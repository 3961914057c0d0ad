"""A dip that comes again, level before and after it: how well a period fits, and how well it is known.

Its sides are as steep as those of a small planet's transit: a quarter of it goes in. The error of the period is that of
least squares, scaled so that chi squared is what is expected of the points.
"""

from dataclasses import dataclass

import numpy as np

from obsy.engine.science.period.series import MagnitudeSeries
from obsy.engine.science.same_stars import Floats

SIDE = 0.25
"""Of the dip's length: each of its sides."""
SHARES = 0.01, 0.02, 0.04, 0.08, 0.16
"""Of a turn that a dip may last."""
_PHASES = 200
_LONGEST = 0.4
_FREE = 5


@dataclass(frozen=True, slots=True, eq=False)
class Dip:
    """What repeats itself with a period."""

    period: float
    """Days."""
    period_error: float
    """One standard deviation; infinity where nothing holds it."""
    epoch: float
    """BJD_TDB of a middle."""
    level: float
    """Magnitude beside it."""
    depth: float
    """Mag; above 0."""
    duration: float
    """Days."""
    criterion: float
    """As that of waves, by which both are compared."""
    scatter: float
    """Standard deviation of what is left, mag."""

    @property
    def words(self) -> str:
        """What it is."""
        return f"a dip of {self.depth:.3f} mag for {self.duration * 24:.2g} h"

    @property
    def mean(self) -> float:
        """Magnitude beside the dip."""
        return self.level

    @property
    def extremes(self) -> tuple[float, float]:
        """Phases of the greatest and of the least light."""
        return 0.5, 0.0

    @property
    def range(self) -> tuple[float, float]:
        """Magnitudes at greatest and at least light."""
        return self.level, self.level + self.depth

    def magnitude(self, bjd_tdb: Floats) -> Floats:
        """Return what it says for some times, (times,)."""
        return self.level + self.depth * _shape(bjd_tdb - self.epoch, self.period, self.duration)


def dip(series: MagnitudeSeries, period: float) -> Dip | None:
    """Return the best dip with a period near one that a search found, days; None where the star only brightens."""
    from scipy.optimize import least_squares  # noqa: PLC0415  a fifth of a second, where a period is sought

    begin = float(series.bjd_tdb[len(series) // 2])
    middle, duration = _start(series, begin, period)
    days, scale = series.bjd_tdb - begin, np.array([period / series.span_d * duration, duration, 1.0, 1.0, duration])

    def left(steps: Floats) -> Floats:
        by, at, level, depth, lasts = steps * scale
        shape = _shape(days - middle - at, period + by, np.clip(duration + lasts, 1e-3 * period, _LONGEST * period))
        return np.asarray((series.magnitude - level - depth * shape) / series.error)

    flat, deep = _levels(series, _shape(days - middle, period, duration))
    found = least_squares(left, [0.0, 0.0, flat, deep, 0.0], diff_step=1e-4)
    by, at, level, depth, lasts = found.x * scale
    lasts = float(np.clip(duration + lasts, 1e-3 * period, _LONGEST * period))
    if depth <= 0:
        return None
    many, chi_squared = len(series), float(2 * found.cost)
    normal = found.jac.T @ found.jac
    variance = np.linalg.pinv(normal)[0, 0] * scale[0] ** 2 * chi_squared / max(many - _FREE, 1)
    error = float(np.sqrt(variance)) if normal[0, 0] > 0 and variance > 0 else np.inf
    rest = left(found.x) * series.error
    criterion = many * float(np.log(max(chi_squared, 1e-30) / many)) + _FREE * float(np.log(many))
    scatter = float(rest.std(ddof=min(_FREE, many - 1)))
    return Dip(period + by, error, begin + middle + at, float(level), float(depth), lasts, criterion, scatter)


def _start(series: MagnitudeSeries, begin: float, period: float) -> tuple[float, float]:
    """Return where in a turn the points are faintest, in days from a moment, and for how long."""
    days, best, found = series.bjd_tdb - begin, -np.inf, (0.0, SHARES[0] * period)
    for share in SHARES:
        for phase in np.arange(0.0, 1.0, max(share / 4, 1 / _PHASES)):
            inside = np.abs((days / period - phase + 0.5) % 1.0 - 0.5) < share / 2
            if not 0 < inside.sum() < len(series):
                continue
            weights = 1 / series.error**2
            depth = np.average(series.magnitude[inside], weights=weights[inside]) - np.average(
                series.magnitude[~inside], weights=weights[~inside]
            )
            told = depth / np.sqrt(1 / weights[inside].sum() + 1 / weights[~inside].sum())
            if told > best:
                best, found = told, (phase * period, share * period)
    return found


def _levels(series: MagnitudeSeries, shape: Floats) -> tuple[float, float]:
    sides = np.stack([np.ones(len(shape)), shape], axis=1) / series.error[:, None]
    level, depth = np.linalg.lstsq(sides, series.magnitude / series.error, rcond=None)[0]
    return float(level), float(depth)


def _shape(days: Floats, period: float, duration: float) -> Floats:
    """Return how deep in a dip each time is, 0 to 1; duration: from half to half of its depth."""
    off = np.abs((days / period + 0.5) % 1.0 - 0.5) * period
    return np.clip((duration / 2 - off) / (SIDE * duration) + 0.5, 0.0, 1.0)
