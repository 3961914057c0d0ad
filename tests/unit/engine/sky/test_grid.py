from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.sky.grid import Grid, Window, windows

NIGHTFALL = datetime(2026, 11, 21, 17, 30, tzinfo=UTC)


@given(st.floats(0.01, 3600), st.integers(1, 5000), st.data())
def test_an_instant_is_found_by_its_own_time(step_s, count, data):
    grid = Grid(NIGHTFALL, step_s, count)
    index = data.draw(st.integers(0, count - 1))
    assert grid.index(grid.at(index)) == index


def test_a_time_between_two_instants_belongs_to_the_earlier():
    assert Grid(NIGHTFALL, 60.0, 10).index(NIGHTFALL + timedelta(seconds=119)) == 1


def test_a_time_outside_is_refused():
    with pytest.raises(ValueError, match="lies outside"):
        Grid(NIGHTFALL, 60.0, 10).index(NIGHTFALL - timedelta(seconds=1))


def test_a_grid_over_a_span_reaches_its_end():
    grid = Grid.over(NIGHTFALL, NIGHTFALL + timedelta(seconds=150), 60.0)
    assert (grid.count, grid.end) == (4, NIGHTFALL + timedelta(seconds=180))


def test_a_start_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no zone"):
        Grid(datetime(2026, 11, 21), 60.0, 10)


def test_a_grid_needs_a_step():
    with pytest.raises(ValueError, match="positive step"):
        Grid(NIGHTFALL, 0.0, 10)


def test_the_same_times_in_another_zone_are_the_same_grid():
    elsewhere = NIGHTFALL.astimezone(timezone(timedelta(hours=-10)))
    assert Grid(elsewhere, 60.0, 10) == Grid(NIGHTFALL, 60.0, 10)


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_windows_hold_exactly_the_instants_that_have_company(answers):
    grid = Grid(NIGHTFALL, 60.0, len(answers))
    found = windows(np.array(answers), grid)
    held = [any(window.start <= grid.at(i) <= window.end for window in found) for i in range(grid.count)]
    before, after = [False, *answers[:-1]], [*answers[1:], False]
    assert held == [here and (one or other) for one, here, other in zip(before, answers, after, strict=True)]


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_windows_follow_each_other_with_a_gap(answers):
    found = windows(np.array(answers), Grid(NIGHTFALL, 60.0, len(answers)))
    assert all(one.end < other.start for one, other in zip(found, found[1:], strict=False))


def test_a_window_lasts_from_its_first_to_its_last_instant():
    mask = np.array([False, True, True, True, False])
    (window,) = windows(mask, Grid(NIGHTFALL, 60.0, 5))
    assert window == Window(NIGHTFALL + timedelta(minutes=1), NIGHTFALL + timedelta(minutes=3))
    assert window.length == timedelta(minutes=2)
