"""Which period a star has, as far as its points tell, and which others they do not exclude."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from obsy.engine.science.period.dip import dip
from obsy.engine.science.period.harmonics import folded
from obsy.engine.science.period.periodogram import Periodogram, PeriodRule, chance, periodogram, trials
from obsy.engine.science.period.repeated import Repeated
from obsy.engine.science.period.series import FEWEST, MagnitudeSeries
from obsy.engine.science.same_stars import Floats

PEAKS = 4
"""Of each rule are looked at, with their halves and doubles: two minima a turn look like one to a wave."""
DECIDED = 10.0
"""By so much a worse period's criterion is greater; 10 is very strong (Kass and Raftery, JASA 90 (1995) 773)."""
SURE = 1e-3
"""The greatest chance of noise at which a period is claimed."""
SIDEREAL_DAY = 0.99726957
_ALIASES = 3
_TELLS = 0.5
"""Turns a day: what cannot tell these apart knows nothing of one more or fewer."""


@dataclass(frozen=True, slots=True, eq=False)
class PeriodFound:
    """What a search says."""

    series: MagnitudeSeries
    best: Repeated
    others: tuple[Repeated, ...]
    """Whose periods the points do not exclude, the better first."""
    periodograms: tuple[Periodogram, ...]
    chance: float
    """By which noise alone, and nights whose zero points differ, would show it."""

    @property
    def is_sure(self) -> bool:
        """Whether noise alone would hardly show it."""
        return self.chance < SURE

    @property
    def turns(self) -> float:
        """How many turns the points span."""
        return self.series.span_d / self.best.period


def search(series: MagnitudeSeries, shortest: float, longest: float, rules: Sequence[PeriodRule]) -> PeriodFound:
    """Return the period of a star between two, days. Raises UserError if too many would have to be tried."""
    frequency = trials(series, shortest, longest)
    found = tuple(periodogram(series, frequency, rule) for rule in rules)
    seen = [
        float(np.clip(period * times, shortest, longest))
        for each in found
        for period in each.peaks(PEAKS)
        for times in (1.0, 0.5, 2.0)
        if times == 1 or shortest <= period * times <= longest
    ]
    apart = [seen[each] for each in _apart(seen, series.span_d)]
    tried: list[Repeated | None] = [folded(series, each) for each in apart]
    if PeriodRule.BOX in rules:
        tried += [dip(series, each) for each in apart]
    fits = sorted((each for each in tried if each is not None), key=lambda each: each.criterion)
    good = [each for each in fits if each.criterion < fits[0].criterion + DECIDED]
    best, *others = (good[each] for each in _apart([each.period for each in good], series.span_d))
    return PeriodFound(series, best, tuple(others), found, _chance(series, frequency, best.period))


def _chance(series: MagnitudeSeries, frequency: Floats, period: float) -> float:
    """Return the chance of a period by what varies within nights, or by the nights' means: one of them has to bear it.

    A zero point moves all points of a night alike, so that many points of few nights prove no slow change.
    """
    if series.night[-1] == 0:
        return chance(series, frequency, period)
    ways = [each for each in (series.nightly(), series.levelled()) if len(each) >= FEWEST]
    return min(1.0, 2 * min((chance(each, frequency, period) for each in ways), default=1.0))


def alias(period: float, of: float, span_d: float) -> str:
    """Return what one period is to another, in words; empty where it is nothing: points of nights alone mix them up."""
    resolution = 1 / span_d
    if resolution > _TELLS:
        return ""
    for times, words in ((2.0, "twice the period"), (0.5, "half the period")):
        if abs(1 / period - 1 / (of * times)) < resolution:
            return words
    for turns in (n for k in range(1, _ALIASES + 1) for n in (k, -k)):
        if abs(abs(1 / of + turns / SIDEREAL_DAY) - 1 / period) < max(resolution, 0.003 * abs(turns)):
            return f"{abs(turns)} turn{'s' * (abs(turns) > 1)} a day {'more' if turns > 0 else 'fewer'}"
    return ""


def _apart(periods: Sequence[float], span_d: float) -> list[int]:
    """Return which of them the span of the points can tell apart from all before them."""
    kept: list[int] = []
    for number, each in enumerate(periods):
        if all(abs(1 / each - 1 / periods[other]) > 0.5 / span_d for other in kept):
            kept.append(number)
    return kept
