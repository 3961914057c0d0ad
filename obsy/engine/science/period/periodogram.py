"""How well each period of a range orders a star's magnitudes, by three rules that the field uses.

The chance of noise is Baluev's (MNRAS 385 (2008) 1279; astropy's) for waves, Schwarzenberg-Czerny's (ApJ 489 (1997)
941) for bins, of which ten move past the points while a wave moves once. Sources: Lomb, Astrophysics and Space Science
39 (1976) 447, and Scargle, ApJ 263 (1982) 835, for waves (astropy's); Stellingwerf, ApJ 224 (1978) 953, for the scatter
within bins of phase, which no library of ours has; Kovacs, Zucker and Mazeh, A&A 391 (2002) 369, for boxes (astropy's).
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import betainc

from obsy.engine.science.period.dip import SHARES
from obsy.engine.science.period.series import MagnitudeSeries
from obsy.engine.science.same_stars import Floats
from obsy.errors import UserError


class PeriodRule(StrEnum):
    """What a period is judged by."""

    WAVE = "wave"
    DISPERSION = "dispersion"
    BOX = "box"


PER_ELEMENT = 8
"""Trials in what the span of the points can tell apart, 1/span."""
MOST_TRIALS = 400_000
SHORTEST = 0.02
"""Days; what is shorter (delta Scuti stars' have some) is sought where somebody says so."""
BINS = 10
"""Of a turn, for the scatter."""
MOST_WORK = 500_000_000
"""Trials times points, for the rules that look at each point in each trial: about ten seconds."""


@dataclass(frozen=True, slots=True, eq=False)
class Periodogram:
    """Arrays are (trials,)."""

    rule: PeriodRule
    frequency: Floats
    """Turns a day, as far apart everywhere."""
    power: Floats
    """The more the better, from 0 to 1 (a box: its depth squared over its error's, over the greatest)."""

    def peaks(self, many: int) -> list[float]:
        """Return the periods of the highest peaks, days, none within a resolution element of a higher one."""
        apart, found = PER_ELEMENT, list[int]()
        for index in np.argsort(-self.power, kind="stable"):
            if all(abs(index - other) > apart for other in found):
                found.append(int(index))
            if len(found) == many:
                break
        return [float(1 / self.frequency[index]) for index in found]


def usual_range(series: MagnitudeSeries) -> tuple[float, float]:
    """Return the shortest and the longest period that are sought if nobody says, days.

    Two points at least fall into the shortest, and two turns of the longest into the span.
    """
    often = 2 * float(np.median(np.diff(series.bjd_tdb)))
    few = 1.01 * series.span_d * PER_ELEMENT / MOST_TRIALS
    return max(often, few, SHORTEST), series.span_d / 2


def trials(series: MagnitudeSeries, shortest: float, longest: float) -> Floats:
    """Return the frequencies that are tried between two periods, days. Raises UserError if they are too many."""
    most, least = 1 / shortest, 1 / longest
    many = int(np.ceil((most - least) * series.span_d * PER_ELEMENT)) + 1
    if many > MOST_TRIALS:
        within = shortest * (1 + 0.9 * MOST_TRIALS / (most * series.span_d * PER_ELEMENT))
        raise UserError(
            f"{many:,} periods would have to be tried over {series.span_d:.0f} days, more than {MOST_TRIALS:,}: "
            f"narrow them down, as with '--from {shortest:g} --to {within:.3g}'"
        )
    return np.linspace(least, most, max(many, 2))


def is_too_much(series: MagnitudeSeries, frequency: Floats, rule: PeriodRule) -> bool:
    """Whether a rule would take minutes for so many points and trials."""
    return rule is not PeriodRule.WAVE and len(series) * len(frequency) > MOST_WORK


def periodogram(series: MagnitudeSeries, frequency: Floats, rule: PeriodRule) -> Periodogram:
    """Return how well each frequency orders the points; frequency: turns a day, (trials,)."""
    return {PeriodRule.WAVE: _waves, PeriodRule.DISPERSION: _dispersion, PeriodRule.BOX: _boxes}[rule](
        series, frequency
    )


def chance(series: MagnitudeSeries, frequency: Floats, period: float) -> float:
    """Return by what chance noise of points alone would order them so well at one of many frequencies, (trials,).

    By waves or by the scatter within bins, whichever is the less likely.
    """
    from astropy.timeseries import LombScargle  # noqa: PLC0415  a third of a second, where a period is sought

    waves = LombScargle(series.bjd_tdb - series.bjd_tdb[0], series.magnitude, series.error)
    power = waves.power(1 / period)
    by_waves = float(np.clip(waves.false_alarm_probability(power, maximum_frequency=float(frequency[-1])), 0.0, 1.0))
    theta, used = _theta(series, np.array([1 / period]))
    left = len(series) - used[0]
    share = min(max(theta[0] * left / (len(series) - 1), 0.0), 1.0)
    alone = betainc(left / 2, (used[0] - 1) / 2, share) if used[0] > 1 and left > 0 else 1.0
    independent = max((frequency[-1] - frequency[0]) * series.span_d * BINS, 1.0)
    by_bins = -np.expm1(independent * np.log1p(-min(alone, 1 - 1e-16)))
    return min(1.0, 2 * min(by_waves, float(by_bins)))


def _waves(series: MagnitudeSeries, frequency: Floats) -> Periodogram:
    from astropy.timeseries import LombScargle  # noqa: PLC0415  as above

    waves = LombScargle(series.bjd_tdb - series.bjd_tdb[0], series.magnitude, series.error)
    return Periodogram(PeriodRule.WAVE, frequency, waves.power(frequency, assume_regular_frequency=True))


def _dispersion(series: MagnitudeSeries, frequency: Floats) -> Periodogram:
    return Periodogram(PeriodRule.DISPERSION, frequency, np.clip(1 - _theta(series, frequency)[0], 0.0, 1.0))


def _theta(series: MagnitudeSeries, frequency: Floats) -> tuple[Floats, Floats]:
    """Return the variance within bins over that of all at each frequency, and in how many bins there are points."""
    days, weights = series.bjd_tdb - series.bjd_tdb[0], 1 / series.error**2
    weights = weights / weights.mean()
    over = series.magnitude - np.average(series.magnitude, weights=weights)
    total, many = float((weights * over**2).sum()), len(series)
    theta, used = np.ones(len(frequency)), np.ones(len(frequency))
    for index, each in enumerate(frequency):
        bins = (days * each % 1.0 * BINS).astype(np.intp)
        held = np.bincount(bins, weights, BINS)
        full = held > 0
        means = np.bincount(bins, weights * over, BINS)[full] ** 2 / held[full]
        used[index] = full.sum()
        left = many - used[index]
        theta[index] = (total - means.sum()) / total * (many - 1) / left if left > 0 else 1.0
    return theta, used


def _boxes(series: MagnitudeSeries, frequency: Floats) -> Periodogram:
    """Each period is tried with boxes that last a share of it: astropy takes the same for all, so octave by octave."""
    from astropy.timeseries import BoxLeastSquares  # noqa: PLC0415  as above

    boxes = BoxLeastSquares(series.bjd_tdb - series.bjd_tdb[0], -series.magnitude, series.error)
    power, octaves = np.zeros(len(frequency)), np.floor(np.log2(frequency[-1] / frequency))
    for octave in np.unique(octaves):
        within = octaves == octave
        periods = 1 / frequency[within]
        found = boxes.power(periods, [share * periods.min() for share in SHARES], objective="snr").power
        power[within] = np.where(np.isfinite(found), np.maximum(found, 0.0), 0.0) ** 2
    return Periodogram(PeriodRule.BOX, frequency, power / (power.max() or 1.0))
