"""Clear nights as they are drawn."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from obsy.engine.forecast.climate import Climate
from obsy.engine.forecast.weather import clear_nights
from tests.support.effort import examples

FIRST = date(2026, 11, 26)


def days(count: int) -> list[date]:
    return [FIRST + timedelta(days=number) for number in range(count)]


@settings(max_examples=examples(15), deadline=None)
@given(clear=st.floats(0, 1), persistence=st.floats(0, 0.9))
@example(clear=0.5, persistence=0.5)
@example(clear=0.3, persistence=0.0)
def test_as_many_nights_are_clear_as_the_climate_says_and_each_is_like_the_one_before_as_often(
    clear: float, persistence: float
) -> None:
    drawn = clear_nights(Climate(clear, "", persistence), days(60), 2000, 1).astype(float)
    assert drawn.mean() == pytest.approx(clear, abs=0.03)
    if 0.1 < clear < 0.9:
        pairs = np.corrcoef(drawn[:-1].ravel(), drawn[1:].ravel())[0, 1]
        assert pairs == pytest.approx(persistence, abs=0.05)


@settings(max_examples=examples(10), deadline=None)
@given(nights=st.integers(1, 20), draws=st.integers(1, 50), seed=st.integers(0, 2**32))
def test_more_nights_and_more_draws_change_no_night_that_was_drawn(nights: int, draws: int, seed: int) -> None:
    of = Climate(0.5, "")
    more = clear_nights(of, days(nights + 3), draws + 7, seed)
    assert (more[:nights, :draws] == clear_nights(of, days(nights), draws, seed)).all()
