"""What each period is worth, by three rules."""

import numpy as np
import pytest

from obsy.engine.science.period.periodogram import (
    BINS,
    MOST_TRIALS,
    PeriodRule,
    chance,
    periodogram,
    trials,
    usual_range,
)
from obsy.engine.science.period.series import MagnitudeSeries, series_of
from obsy.errors import UserError
from tests.unit.engine.science.period.folded_stars import PERIOD, eclipsing, seen


@pytest.mark.parametrize("rule", [PeriodRule.WAVE, PeriodRule.DISPERSION])
def test_the_period_of_a_wave_stands_out(rule):
    series = seen()
    found = periodogram(series, trials(series, 0.2, 1.0), rule)
    assert found.peaks(1)[0] == pytest.approx(PERIOD, abs=0.3 * PERIOD**2 / series.span_d)
    assert chance(series, found.frequency, PERIOD) < 1e-9


@pytest.mark.slow
def test_the_chance_of_noise_is_no_smaller_than_it_is():
    """Of 200 sets of white noise the best period of each rule: one in ten and one in a hundred, at most."""
    chances = []
    for seed in range(200):
        series = seen(lambda phase: 0 * phase + 12, seed=seed, nights=5, every_d=0.02)
        frequency = trials(series, 0.2, 1.0)
        best = [periodogram(series, frequency, each).peaks(1)[0] for each in (PeriodRule.WAVE, PeriodRule.DISPERSION)]
        chances.append(min(chance(series, frequency, each) for each in best))
    assert np.mean(np.array(chances) < 0.1) < 0.15 and np.mean(np.array(chances) < 0.01) < 0.03


def test_a_box_is_found_by_boxes():
    series = seen(lambda phase: 12 + 0.05 * ((phase + 0.02) % 1 < 0.04), nights=30)
    assert periodogram(series, trials(series, 0.05, 0.6), PeriodRule.BOX).peaks(1)[0] == pytest.approx(PERIOD, abs=1e-3)


def test_the_dispersion_is_that_of_the_definition():
    """Stellingwerf's theta, equal weights: the pooled variance of the bins over that of all."""
    series = seen(eclipsing, nights=2)
    found = periodogram(series, np.array([2.0, 2.5]), PeriodRule.DISPERSION)
    for frequency, power in zip(found.frequency, found.power, strict=True):
        bins = np.floor((series.bjd_tdb - series.bjd_tdb[0]) * frequency % 1 * BINS)
        groups = [series.magnitude[bins == each] for each in np.unique(bins)]
        pooled = sum(((each - each.mean()) ** 2).sum() for each in groups) / (len(series) - len(groups))
        assert 1 - power == pytest.approx(min(pooled / series.magnitude.var(ddof=1), 1.0), rel=1e-9)


def test_what_is_tried_lies_between_the_two_periods_and_no_coarser_than_the_points_tell():
    series = seen()
    tried = trials(series, 0.2, 1.0)
    assert (tried[0], tried[-1]) == (1.0, 5.0) and np.diff(tried).max() * series.span_d < 1 / 7


def test_too_many_trials_are_refused_with_what_would_do():
    time = np.linspace(2450000, 2460000, 100)
    series = series_of([MagnitudeSeries(time, 12 + np.sin(time), np.full(100, 0.1))])
    with pytest.raises(UserError, match=rf"more than {MOST_TRIALS:,}.*--from 0.02 --to") as told:
        trials(series, 0.02, 100)
    longest = float(str(told.value).split("--to ")[1].rstrip("'"))
    assert len(trials(series, 0.02, longest)) <= MOST_TRIALS


def test_what_is_tried_if_nobody_says_is_never_too_much():
    time = np.linspace(2450000, 2460000, 20_000)
    series = series_of([MagnitudeSeries(time, 12 + np.sin(time), np.full(20_000, 0.1))])
    assert len(trials(series, *usual_range(series))) <= MOST_TRIALS
    assert usual_range(seen())[1] == seen().span_d / 2
