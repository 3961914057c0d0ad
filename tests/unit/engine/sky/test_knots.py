import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.sky.knots import FEWEST, between


@given(
    st.lists(st.floats(-1, 1), min_size=FEWEST, max_size=FEWEST),
    st.integers(FEWEST, 20),
    st.floats(0.1, 1000),
)
def test_a_polynomial_of_the_fifth_degree_is_met_between_any_knots(coefficients, knots, step):
    at = np.linspace(0, (knots - 1) * step, 97)
    expected = np.polyval(coefficients, at / step / knots)
    found = between(np.polyval(coefficients, np.arange(knots) / knots), step, at)
    assert found == pytest.approx(expected, abs=1e-9)


def test_each_axis_is_worked_out_by_itself():
    turn = np.linspace(0, 2 * np.pi, 61)
    circle = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    at = np.array([0.5, 30.25, 59.9])
    expected = np.stack([np.cos(at / 60 * 2 * np.pi), np.sin(at / 60 * 2 * np.pi)], axis=1)
    assert between(circle, 1.0, at) == pytest.approx(expected, abs=1e-7)
