"""What photons do not explain is found by half of the residuals, and nothing where they explain all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.science.beyond_photons import beyond_photons

DRAWN = np.random.default_rng(5).normal(0, 1, 4001)


def found(residual, photons=0.01):
    return beyond_photons(residual, lambda beside: np.full(np.shape(residual), np.hypot(photons, beside)))


@given(st.floats(0.005, 0.4))
def test_scatter_is_found_to_a_part_in_twenty(beside):
    assert found(DRAWN * np.hypot(0.01, beside)) == pytest.approx(beside, rel=0.05, abs=0.001)


def test_what_photons_explain_is_none():
    assert found(DRAWN * 0.009) == 0.0 == found(np.full(5, np.nan)) == found(np.array([]))


def test_what_a_few_are_wrong_by_does_not_count():
    spoilt = np.where(np.arange(4001) % 5 == 0, 3.0, DRAWN * 0.009)
    assert found(spoilt) < 0.01


def test_what_nothing_is_expected_of_says_nothing():
    expected = np.where(np.arange(4001) < 2001, 0.0, 0.01)
    residual = np.where(np.arange(4001) < 2001, 1.0, DRAWN * 0.009)
    assert beyond_photons(residual, lambda beside: np.where(expected > 0, np.hypot(expected, beside), 0.0)) == 0.0


def test_the_most_that_is_found_is_half_a_magnitude():
    assert found(DRAWN * 9) == pytest.approx(0.512)
