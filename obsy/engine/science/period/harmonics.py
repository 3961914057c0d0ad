"""A sine wave and its overtones through a star's magnitudes: how well a period fits, and how well it is known.

The number of overtones is that of the least Bayesian information criterion (Schwarz, Annals of Statistics 6 (1978)
461), and the error of the period from how fast chi squared grows beside its least (Press et al., Numerical Recipes,
ch. 15.6), with errors scaled so that chi squared is what is expected of the points.
"""

from dataclasses import dataclass

import numpy as np

from obsy.engine.science.period.series import MagnitudeSeries
from obsy.engine.science.same_stars import Floats

MOST = 6
"""Waves: a fundamental and five overtones. Narrow eclipses want more; their period comes out all the same."""
_BESIDE = 0.5
"""Of a resolution element: so far from where a search found it the frequency may lie."""
_GRID = 9
_FINE = 1000
"""Steps of a turn, where the brightest and the faintest are looked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """What repeats itself with a period."""

    period: float
    """Days."""
    period_error: float
    """One standard deviation; infinity where chi squared has no least beside it."""
    epoch: float
    """BJD_TDB in which phases are 0."""
    coefficients: Floats
    """The mean, then a cosine and a sine of each wave, mag, (1 + 2 waves,)."""
    criterion: float
    """By which fits are compared: the less the better, by more than 10 decidedly."""
    scatter: float
    """Standard deviation of what is left, mag."""

    @property
    def waves(self) -> int:
        """How many there are."""
        return len(self.coefficients) // 2

    @property
    def words(self) -> str:
        """What it is."""
        more = self.waves - 1
        return f"a wave and {more} overtone{'s' * (more > 1)}" if more else "a wave"

    @property
    def mean(self) -> float:
        """Mean magnitude."""
        return float(self.coefficients[0])

    def magnitude(self, bjd_tdb: Floats) -> Floats:
        """Return what it says for some times, (times,)."""
        return np.asarray(_waves(bjd_tdb - self.epoch, 1 / self.period, self.waves) @ self.coefficients)

    @property
    def extremes(self) -> tuple[float, float]:
        """Phases of the greatest and of the least light."""
        said = self.magnitude(self.epoch + np.arange(_FINE) / _FINE * self.period)
        return _top(-said), _top(said)

    @property
    def range(self) -> tuple[float, float]:
        """Magnitudes at greatest and at least light."""
        brightest, faintest = self.magnitude(self.epoch + np.array(self.extremes) * self.period)
        return float(brightest), float(faintest)


def folded(series: MagnitudeSeries, period: float) -> Folded:
    """Return the best waves with a period near one that a search found, days."""
    epoch = float(series.bjd_tdb[len(series) // 2])
    most = max(1, min(MOST, (len(series) - 3) // 4))
    fits = [_fit(series, epoch, 1 / period, waves) for waves in range(1, most + 1)]
    return min(fits, key=lambda each: each.criterion)


def _fit(series: MagnitudeSeries, epoch: float, frequency: float, waves: int) -> Folded:
    from scipy.optimize import minimize_scalar  # noqa: PLC0415  a fifth of a second, where a period is sought

    beside = _BESIDE / series.span_d

    def misfit(at: float) -> float:
        return float((_least_squares(series, epoch, at, waves)[1] ** 2).sum())

    near = frequency + beside * np.linspace(-1, 1, _GRID)
    near = near[near > 0]
    start = int(np.argmin([misfit(at) for at in near]))
    bounds = near[max(start - 1, 0)], near[min(start + 1, len(near) - 1)]
    best = float(minimize_scalar(misfit, bounds=bounds, method="bounded", options={"xatol": 1e-6 * beside}).x)
    coefficients, residuals = _least_squares(series, epoch, best, waves)
    chi_squared, many = float((residuals**2).sum()), len(series)
    free = max(many - 2 * waves - 2, 1)
    step = 0.02 * beside
    bend = (misfit(best + step) - 2 * chi_squared + misfit(best - step)) / step**2
    error = np.sqrt(2 * chi_squared / free / bend) if bend > 0 else np.inf
    left = residuals * series.error
    return Folded(
        1 / best,
        float(error / best**2),
        epoch,
        coefficients,
        many * float(np.log(max(chi_squared, 1e-30) / many)) + (2 * waves + 2) * float(np.log(many)),
        float(left.std(ddof=min(2 * waves + 2, many - 1))),
    )


def _top(values: Floats) -> float:
    """Return at which phase values over a turn are greatest, between their steps by a parabola; values: (phases,)."""
    at = int(np.argmax(values))
    before, top, after = values[at - 1], values[at], values[(at + 1) % len(values)]
    bend = before - 2 * top + after
    return float((at + (0.5 * (before - after) / bend if bend else 0.0)) / len(values) % 1.0)


def _least_squares(series: MagnitudeSeries, epoch: float, frequency: float, waves: int) -> tuple[Floats, Floats]:
    """Return the coefficients at a frequency, and what they leave of each point over its error."""
    weighed = _waves(series.bjd_tdb - epoch, frequency, waves) / series.error[:, None]
    said = series.magnitude / series.error
    found = np.linalg.lstsq(weighed.T @ weighed, weighed.T @ said, rcond=None)[0]
    return np.asarray(found, np.float64), said - weighed @ found


def _waves(days: Floats, frequency: float, waves: int) -> Floats:
    angles = 2 * np.pi * frequency * days[:, None] * np.arange(1, waves + 1)
    pairs = np.stack([np.cos(angles), np.sin(angles)], axis=2).reshape(len(days), -1)
    return np.hstack([np.ones((len(days), 1)), pairs])
