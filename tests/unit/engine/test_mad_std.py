"""One standard deviation of values, which a few absurd ones do not change."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import median_abs_deviation

from obsy.engine.mad_std import mad_std

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30)


@given(VALUES)
def test_it_is_scipys_median_distance_of_a_normal_distribution(values: list[float]) -> None:
    assert mad_std(values) == pytest.approx(median_abs_deviation(values, scale="normal"), rel=1e-9, abs=1e-6)


@given(VALUES, st.floats(-1e6, 1e6))
def test_it_may_be_counted_from_anywhere(values: list[float], about: float) -> None:
    away = [each - about for each in values]
    assert mad_std(values, about) == pytest.approx(mad_std([*away, *(-each for each in away)]), rel=1e-9, abs=1e-6)


def test_it_is_the_standard_deviation_of_a_normal_distribution_and_absurd_values_do_not_count() -> None:
    values = np.random.default_rng(1).normal(5.0, 3.0, 40_000)
    assert mad_std(values) == pytest.approx(3.0, rel=0.02)
    assert mad_std([*values, *[1e12] * 400]) == pytest.approx(3.0, rel=0.04)


def test_nothing_does_not_scatter() -> None:
    assert mad_std([]) == 0.0
