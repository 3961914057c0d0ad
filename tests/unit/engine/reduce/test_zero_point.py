"""The magnitude of one count a second, of stars whose light is known."""

import numpy as np
import pytest

from obsy.engine.reduce.zero_point import zero_point


def test_it_is_that_of_most_stars_with_the_error_of_their_median() -> None:
    """Of 101 stars 2 are variable; 0.05 mag of scatter are 0.0062 of the median."""
    dice, magnitude = np.random.default_rng(4), np.linspace(8, 12, 101)
    flux = 30 * 10 ** (0.4 * (21.5 - magnitude + dice.normal(0, 0.05, 101)))
    flux[:2] *= 3
    found = zero_point(flux, magnitude, 30.0)
    assert found is not None
    middle, error, stars = found
    assert (middle, error, stars) == (pytest.approx(21.5, abs=3 * error), pytest.approx(0.0062, rel=0.2), 101)
    longer = zero_point(2 * flux, magnitude, 60.0)
    assert longer is not None
    np.testing.assert_allclose(longer, found)


def test_stars_without_light_or_magnitude_do_not_count_and_two_are_too_few() -> None:
    flux, magnitude = np.array([10.0, 10.0, 10.0, np.nan, -5.0, 10.0]), np.array([9.0, 9.0, 9.0, 9.0, 9.0, np.nan])
    assert zero_point(flux, magnitude, 1.0) == (pytest.approx(11.5), 0.0, 3)
    assert zero_point(flux[1:], magnitude[1:], 1.0) is None
    assert zero_point(flux, magnitude, 0.0) is None
