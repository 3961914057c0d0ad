"""Which period a star has."""

import numpy as np
import pytest

from obsy.engine.science.period.found import SIDEREAL_DAY, alias, search
from obsy.engine.science.period.periodogram import PeriodRule, usual_range
from obsy.engine.science.period.series import MagnitudeSeries, series_of
from tests.unit.engine.science.period.folded_stars import PERIOD, eclipsing, seen, wave

BOTH = PeriodRule.WAVE, PeriodRule.DISPERSION


@pytest.mark.parametrize("light", [wave, pytest.param(eclipsing, marks=pytest.mark.slow)])
def test_the_true_period_is_found_though_a_wave_sees_two_minima_as_one(light):
    found = search(seen(light), 0.15, 0.8, BOTH)
    assert abs(found.best.period - PERIOD) < 5 * found.best.period_error and found.is_sure
    assert found.turns == pytest.approx(found.series.span_d / PERIOD, rel=1e-3)


@pytest.mark.slow
def test_of_one_night_a_turn_of_the_earth_more_is_not_excluded():
    """A quarter of a day tells nothing apart that differs by a turn a day: all of it is told, or the one is unsure."""
    found = search(seen(nights=2, noise=0.15), 0.15, 0.8, BOTH)
    assert len(found.others) > 1 and all(each.criterion >= found.best.criterion for each in found.others)


@pytest.mark.slow
def test_noise_has_no_sure_period():
    assert not search(seen(lambda phase: 0 * phase + 12, nights=5), 0.2, 1.0, BOTH).is_sure


@pytest.mark.slow
def test_nights_whose_zero_points_differ_are_no_period():
    """Twenty constant stars in five nights, each off by 0.02 mag: by their points alone nearly all were sure."""
    for seed in range(20):
        dice = np.random.default_rng(seed)
        time = np.concatenate([2460000 + night + np.sort(dice.uniform(0.3, 0.45, 12)) for night in range(5)])
        said = 12 + dice.normal(0, 0.01, 60) + np.repeat(dice.normal(0, 0.02, 5), 12)
        series = series_of([MagnitudeSeries(time, said, np.full(60, 0.01))])
        assert not search(series, *usual_range(series), BOTH).is_sure


def slow_star(amplitude, nights=40):
    """One point in each of some nights of a star that takes 81.3 days for a turn."""
    dice = np.random.default_rng(1)
    time = 2460000.3 + np.sort(dice.choice(400, nights, replace=False))
    said = 9 + amplitude * np.sin(2 * np.pi * time / 81.3) + dice.normal(0, 0.05, nights)
    return series_of([MagnitudeSeries(time, said, np.full(nights, 0.05))])


@pytest.mark.long
@pytest.mark.parametrize(("amplitude", "is_sure"), [(2.0, True), (0.0, False)])
def test_of_one_point_a_night_the_nights_alone_tell(amplitude, is_sure):
    found = search(slow_star(amplitude), 20, 200, BOTH)
    assert found.is_sure is is_sure
    assert not is_sure or found.best.period == pytest.approx(81.3, abs=4 * found.best.period_error)


@pytest.mark.long
def test_a_range_whose_only_peak_is_its_edge_is_searched_all_the_same():
    series = seen()
    assert search(series, 0.7446, 0.8935, [PeriodRule.WAVE]).best.period > 0


@pytest.mark.slow
def test_long_periods_with_short_eclipses_are_found_by_boxes_over_the_usual_range():
    dice = np.random.default_rng(1)
    time = np.sort(np.concatenate([2460000.3 + night + dice.uniform(0, 0.3, 25) for night in range(25)]))
    off = np.abs(((time - 2460003.4) / 2.7341 + 0.5) % 1 - 0.5) * 2.7341
    said = 12 + 0.4 * np.clip((0.1 - off) / 0.05 + 0.5, 0, 1) + dice.normal(0, 0.01, len(time))
    series = series_of([MagnitudeSeries(time, said, np.full(len(time), 0.01))])
    found = search(series, *usual_range(series), [PeriodRule.BOX])
    assert abs(found.best.period - 2.7341) < 4 * found.best.period_error < 0.004 and found.is_sure
    assert found.best.range == pytest.approx((12.0, 12.4), abs=0.01)


@pytest.mark.parametrize(
    ("period", "said"),
    [
        (2 * PERIOD, "twice the period"),
        (PERIOD / 2, "half the period"),
        (1 / (1 / PERIOD + 1 / SIDEREAL_DAY), "1 turn a day more"),
        (1 / (1 / PERIOD - 2 / SIDEREAL_DAY), "2 turns a day fewer"),
        (PERIOD * 1.31, ""),
    ],
)
def test_what_another_period_is_to_it_is_said(period, said):
    assert alias(period, PERIOD, 50.0) == said
