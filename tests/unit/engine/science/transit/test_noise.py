"""Of noise: what averages away, and what does not."""

import numpy as np
import pytest

from obsy.engine.science.transit.noise import deviation, inflation, red_noise

TIMES = np.arange(600) / 1440.0


def test_white_noise_is_not_red():
    assert red_noise(TIMES, np.random.default_rng(3).normal(size=600)) < 1.2


def test_a_slow_wave_is_red():
    noise = np.random.default_rng(3).normal(size=600)
    assert red_noise(TIMES, noise + 1.5 * np.sin(TIMES * 2 * np.pi * 12)) > 2


def test_a_handful_of_points_tells_no_colour():
    assert red_noise(TIMES[:3], np.array([1.0, 2.0, 3.0])) == 1.0


def test_errors_never_shrink():
    assert inflation(np.full(50, 0.1), 3) == 1.0


def test_one_wild_point_changes_the_deviation_little():
    values = np.random.default_rng(4).normal(size=500)
    assert deviation(np.append(values, 1e6)) == pytest.approx(deviation(values), rel=0.02)
