from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.sky.grid import Grid
from obsy.engine.sky.window import Window, windows

START = datetime(2026, 11, 21, 20, tzinfo=UTC)


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_windows_hold_exactly_the_instants_that_have_company(answers):
    grid = Grid(START, 60.0, len(answers))
    found = windows(np.array(answers), grid)
    held = [any(window.start <= grid.at(i) <= window.end for window in found) for i in range(grid.count)]
    before, after = [False, *answers[:-1]], [*answers[1:], False]
    assert held == [here and (one or other) for one, here, other in zip(before, answers, after, strict=True)]


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_windows_follow_each_other_with_a_gap(answers):
    found = windows(np.array(answers), Grid(START, 60.0, len(answers)))
    assert all(one.end < other.start for one, other in zip(found, found[1:], strict=False))


def test_a_window_lasts_from_its_first_to_its_last_instant():
    mask = np.array([False, True, True, True, False])
    (window,) = windows(mask, Grid(START, 60.0, 5))
    assert window == Window(START + timedelta(minutes=1), START + timedelta(minutes=3))
    assert window.length == timedelta(minutes=2)
