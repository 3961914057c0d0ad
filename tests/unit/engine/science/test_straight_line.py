"""A line through points with errors in both coordinates: honest about its error, blind to what is wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.science.straight_line import PointErrors, straight_line


def points(seed=1, slope=-0.06, noise=(0.1, 0.02), many=60):
    random = np.random.default_rng(seed)
    true = random.uniform(0, 1.6, many)
    x, y = (random.normal(each, error) for each, error in zip((true, 0.3 + slope * true), noise, strict=True))
    sizes = (np.full(many, each) for each in (*noise, 0.0))
    return x, y, PointErrors(*sizes)


def test_noise_along_x_does_not_make_it_flatter():
    found = np.array([(line := straight_line(*points(seed, 1.2, (0.2, 0.02)))).slope for seed in range(20)])
    plain = np.mean([np.polyfit(*points(seed, 1.2, (0.2, 0.02))[:2], 1)[0] for seed in range(20)])
    assert abs(found.mean() - 1.2) < 0.03 < 1.2 - plain and line.points <= 60


def test_its_error_is_what_slopes_scatter_by():
    lines = [straight_line(*points(seed)) for seed in range(60)]
    pulls = [(line.slope + 0.06) / line.error for line in lines]
    assert 0.75 < np.std(pulls) < 1.3


def test_points_of_one_line_give_that_line():
    x = np.linspace(0, 1, 9)
    line = straight_line(x, 2 - 0.5 * x, PointErrors(x * 0, x * 0 + 0.01, x * 0))
    assert (line.slope, line.at_zero) == (pytest.approx(-0.5), pytest.approx(2)) and line.kept.all()
    assert line.residual == pytest.approx(0, abs=1e-12)


@given(number=st.integers(0, 59), wrong=st.sampled_from([-0.6, 0.4, 3.0]))
def test_a_point_that_is_wrong_is_left_out_and_moves_nothing(number, wrong):
    x, y, errors = points(noise=(0.01, 0.02))
    honest = straight_line(x, y, errors)
    y[number] += wrong
    line = straight_line(x, y, errors)
    assert not line.kept[number] and line.points >= 58
    assert abs(line.slope - honest.slope) < 2 * honest.error and line.sigmas[number] > 3.5


@given(shift=st.floats(-5, 5), scale=st.floats(0.1, 10))
def test_a_shift_moves_no_slope_and_a_scale_scales_it(shift, scale):
    x, y, errors = points()
    moved = straight_line(x + shift, scale * y - shift, PointErrors(errors.x, scale * errors.y, errors.covariance))
    assert moved.slope == pytest.approx(scale * straight_line(x, y, errors).slope, rel=1e-6, abs=1e-9)
