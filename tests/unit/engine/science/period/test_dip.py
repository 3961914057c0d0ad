"""A period by dips."""

import numpy as np
import pytest

from obsy.engine.science.period.dip import dip
from obsy.engine.science.period.series import MagnitudeSeries, series_of


def planet(seed, depth=0.02, side=0.25):
    """A star in thirty nights that is darker for a twentieth of a turn; its period, and what was seen."""
    dice = np.random.default_rng(seed)
    time = np.sort(np.concatenate([2461000.3 + night + dice.uniform(0, 0.3, 60) for night in range(30)]))
    period = 2.573 + dice.uniform(-0.3, 0.3)
    lasts = 0.05 * period
    off = np.abs(((time - 2461000.4) / period + 0.5) % 1 - 0.5) * period
    said = 11 + depth * np.clip((lasts / 2 - off) / (side * lasts) + 0.5, 0, 1) + dice.normal(0, 0.004, len(time))
    return period, series_of([MagnitudeSeries(time, said, np.full(len(time), 0.004))])


@pytest.mark.slow
def test_the_true_period_of_transits_lies_within_its_error_as_often_as_it_should():
    pulls = []
    for seed in range(40):
        period, series = planet(seed)
        found = dip(series, period * (1 + 1e-4))
        pulls.append((found.period - period) / found.period_error)
    assert 0.75 < np.std(pulls) < 1.35 and abs(np.mean(pulls)) < 0.5


def test_depth_length_and_level_are_those_of_the_star():
    period, series = planet(1)
    found = dip(series, period)
    assert found.depth == pytest.approx(0.02, abs=0.002) and found.level == pytest.approx(11.0, abs=0.001)
    assert found.duration == pytest.approx(0.05 * period, rel=0.15) and found.scatter == pytest.approx(0.004, rel=0.1)


def test_a_star_that_only_brightens_has_none():
    period, series = planet(1, depth=-0.02)
    found = dip(series, period)
    assert found is None or found.depth < 0.01
