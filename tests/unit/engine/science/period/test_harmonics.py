"""A period by waves, and how well it is known."""

import numpy as np
import pytest

from obsy.engine.science.period.harmonics import folded
from obsy.engine.science.period.series import MagnitudeSeries
from tests.unit.engine.science.period.folded_stars import EPOCH, PERIOD, eclipsing, seen


@pytest.mark.slow
@pytest.mark.parametrize("light", [None, eclipsing])
def test_the_true_period_lies_within_its_error_as_often_as_it_should(light):
    fits = [folded(seen(**({"light": light} if light else {}), seed=seed), PERIOD + 2e-5) for seed in range(60)]
    pulls = np.array([(each.period - PERIOD) / each.period_error for each in fits])
    assert 0.75 < pulls.std() < 1.3 and abs(pulls.mean()) < 0.5


def test_the_error_of_a_sine_is_that_of_the_book():
    """Montgomery and O'Donoghue, Delta Scuti Star Newsletter 13 (1999) 28: sqrt(6/N) s / (pi T A)."""
    series = seen(nights=60)
    fit = folded(series, PERIOD)
    book = np.sqrt(6 / len(series)) * 0.02 / (np.pi * series.span_d * 0.2) * PERIOD**2
    assert fit.period_error == pytest.approx(book, rel=0.1)


def test_a_sine_needs_one_wave_and_two_eclipses_more():
    assert folded(seen(), PERIOD).waves == 1 and folded(seen(eclipsing), PERIOD).waves > 2


def test_least_light_is_where_the_star_is_faintest():
    fit = folded(seen(eclipsing), PERIOD)
    turns = (fit.epoch + fit.extremes[1] * fit.period - EPOCH) / PERIOD
    assert abs(turns - round(turns)) < 0.01
    assert fit.range[0] == pytest.approx(11.99, abs=0.03) and fit.range[1] == pytest.approx(12.49, abs=0.05)


def test_errors_that_are_said_too_small_do_not_make_the_period_surer():
    series = seen()
    honest = folded(series, PERIOD)
    boasted = folded(MagnitudeSeries(series.bjd_tdb, series.magnitude, series.error / 10), PERIOD)
    assert boasted.period_error == pytest.approx(honest.period_error, rel=1e-3)
    assert boasted.scatter == pytest.approx(0.02, rel=0.15)
