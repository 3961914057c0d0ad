"""Which period a star has."""

import pytest

from obsy.engine.science.period.found import SIDEREAL_DAY, alias, search
from obsy.engine.science.period.periodogram import PeriodRule
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
