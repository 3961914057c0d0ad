"""Clear nights as they are drawn."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from obsy.engine.forecast.climate import Climate
from obsy.engine.forecast.weather import ClearSpells, clear_spells
from tests.support.effort import examples

FIRST = date(2026, 11, 26)


def days(count: int) -> list[date]:
    return [FIRST + timedelta(days=number) for number in range(count)]


@settings(max_examples=examples(15), deadline=None)
@given(clear=st.floats(0, 1), persistence=st.floats(0, 0.9), partly=st.floats(0, 0.5))
@example(clear=0.5, persistence=0.5, partly=0.25)
@example(clear=0.3, persistence=0.0, partly=0.5)
def test_as_much_is_clear_as_the_climate_says_and_each_night_is_like_the_one_before_as_often(
    clear: float, persistence: float, partly: float
) -> None:
    drawn = clear_spells(Climate(clear, "", persistence, partly), days(60), 2000, 1)
    shares = drawn.end - drawn.begin
    assert shares.mean() == pytest.approx(clear, abs=0.03)
    assert ((shares > 0) & (shares < 1)).mean() == pytest.approx(4 * partly * clear * (1 - clear), abs=0.02)
    whole = clear_spells(Climate(clear, "", persistence, 0.0), days(60), 2000, 1).end
    if 0.1 < clear < 0.9:
        pairs = np.corrcoef(whole[:-1].ravel(), whole[1:].ravel())[0, 1]
        assert pairs == pytest.approx(persistence, abs=0.05)


def test_each_month_has_its_own_share() -> None:
    year = [FIRST + timedelta(days=number) for number in range(365)]
    drawn = clear_spells(Climate(0.5, "", by_month=tuple(number / 11 for number in range(12))), year, 500, 1)
    shares = (drawn.end - drawn.begin).mean(axis=1)
    for month in range(1, 13):
        of_month = [share for day, share in zip(year, shares, strict=True) if day.month == month]
        assert np.mean(of_month) == pytest.approx((month - 1) / 11, abs=0.04)


def test_a_night_that_is_clear_in_part_is_so_before_a_moment_of_its_dark_or_after_it() -> None:
    spells = ClearSpells(np.array([[0.0, 0.0, 0.25, 0.0]]), np.array([[1.0, 0.0, 1.0, 0.5]]))
    begin, end = spells.of(0, (100.0, 500.0))
    assert (begin[0], end[0]) == (-np.inf, np.inf)
    assert begin[1] > end[1]
    assert (begin[2], end[2]) == (200.0, np.inf)
    assert (begin[3], end[3]) == (-np.inf, 300.0)
    assert np.unique(clear_spells(Climate(0.5, ""), days(9), 90, 1).begin > 0).tolist() == [False, True]


@settings(max_examples=examples(10), deadline=None)
@given(nights=st.integers(1, 20), draws=st.integers(1, 50), seed=st.integers(0, 2**32))
def test_more_nights_and_more_draws_change_no_night_that_was_drawn(nights: int, draws: int, seed: int) -> None:
    of = Climate(0.5, "")
    more, less = clear_spells(of, days(nights + 3), draws + 7, seed), clear_spells(of, days(nights), draws, seed)
    assert (more.begin[:nights, :draws] == less.begin).all()
    assert (more.end[:nights, :draws] == less.end).all()
