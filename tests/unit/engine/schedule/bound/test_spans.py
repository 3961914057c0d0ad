"""What is taken of one picture where time has prices, worked out by hand: points, and seconds of each stretch."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest

from obsy.engine.schedule.bound.spans import Ends, FixedSpan, Lost, PictureSpan

NONE = Lost(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, before=0, focus_part=0.0, focus_back=0, focused=0)
SET_UPS = replace(NONE, way_s=50.0, way=0.5, filter_s=20.0, filter=0.25)
PRICES = np.array([0.01, 0.03, 0.02])
THREE = Ends(np.array([0, 1, 2]), np.array([0, 1, 2]))
"""Three cells, each in a stretch of its own."""
NOT = -inf


def span(
    lost: Lost, adds: list[list[float]], pays: tuple[float, ...] = (3.0, 6.0, 4.0), ends: Ends = THREE
) -> PictureSpan:
    """Return a picture whose frames take 100 s each."""
    return PictureSpan(0, 100.0, np.array(pays), ends, np.array(adds), lost)


def test_it_adds_its_frames_and_its_goal_less_their_time_and_a_set_up() -> None:
    one = span(SET_UPS, [[0, NOT, NOT, NOT], [0, 0, 0, 10.0]])
    found = one.best(PRICES)  # 3 - 1, 6 - 3 and 4 - 2 points, and 10 of the goal; 50 s at 0.01, and half a point
    assert found.value == pytest.approx(2 + 3 + 2 + 10 - 0.5 - 0.5)
    assert found.seconds.tolist() == [100 + 50, 100, 100]


def test_each_goal_more_needs_another_filter() -> None:
    three = span(SET_UPS, [[0, NOT, NOT, NOT], [0, 0, NOT, NOT], [0, 0, 5.0, NOT], [0, 0, 5.0, 20.0]])
    found = three.best(PRICES)  # 50 s and twice 20 s at 0.01, and half a point and twice a quarter
    assert found.value == pytest.approx(7 + 20 - 0.9 - 1.0)
    assert found.seconds.tolist() == [100 + 90, 100, 100]


def test_of_many_cells_the_best_are_taken_as_far_as_frames_go() -> None:
    found = span(NONE, [[0, NOT], [0, 0]]).best(PRICES)
    assert found.value == pytest.approx(3.0), "6 - 3 points are more than 2"
    assert found.seconds.tolist() == [0, 100, 0]


def test_what_costs_more_than_it_adds_takes_no_time() -> None:
    found = span(replace(SET_UPS, way=2.4), [[0, NOT], [0, 0]]).best(PRICES)  # 3 - 2.4 - 0.5 is 0.1
    assert found.value == pytest.approx(0.1)
    found = span(replace(SET_UPS, way=2.6), [[0, NOT], [0, 0]]).best(PRICES)  # and this a tenth too little
    assert found.value == 0.0
    assert found.seconds.tolist() == [0, 0, 0]


def test_a_cell_pays_for_the_cheapest_stretch_that_it_touches() -> None:
    prices = np.array([0.0, 0.05, 0.03, 0.04, 0.0])
    found = span(NONE, [[0, NOT], [0, 0]], (10.0,), Ends(np.array([1]), np.array([3]))).best(prices)
    assert found.value == pytest.approx(7.0)
    assert found.seconds.tolist() == [0, 0, 100, 0, 0]
    same = span(NONE, [[0, NOT], [0, 0]], (10.0,), Ends(np.array([1]), np.array([3]))).best(np.full(5, 0.01))
    assert same.seconds.tolist() == [0, 100, 0, 0, 0], "of several the first"


def test_a_set_up_is_in_the_cheapest_stretch_so_long_before_a_frame() -> None:
    at = Ends(np.array([2, 3]), np.array([2, 4]))
    late = span(replace(NONE, before=1, refund_s=30.0, refund=0.5), [[0.0]], (1.0, 1.0), at)
    for cheap, found in (([0, 1, 2, 3, 4, 5], 1), ([0, 9, 2, 3, 1, 0], 4), ([0, 9, 2, 1, 3, 0], 3)):
        assert late.cheapest(np.array(cheap, float)) == found
    assert late.refund(np.array([0, 9, 0.2, 0.1, 0.3, 0])) == pytest.approx(30 * 0.1 + 0.5)
    early = replace(late, lost=replace(NONE, before=7))
    assert early.cheapest(np.array([1.0, 2, 3, 4, 5, 0])) == 0, "none is before the night"


def test_a_focus_run_is_in_the_cheapest_of_the_stretches_before() -> None:
    prices = np.array([3.0, 1.0, 2.0, 4.0])
    part = replace(NONE, focus_part=0.1)
    for back, least in ((0, [3, 1, 2, 4]), (1, [3, 1, 1, 2]), (2, [3, 1, 1, 1]), (9, [3, 1, 1, 1])):
        assert replace(part, focus_back=back).focus(prices).tolist() == pytest.approx([0.1 * each for each in least])
    rising = np.array([1.0, 2.0, 3.0, 4.0])
    assert replace(part, focus_back=9).focus(rising).tolist() == pytest.approx([0.1, 0.1, 0.1, 0.1])
    assert replace(part, focused=2).focus(prices).tolist() == pytest.approx([0, 0, 0.2, 0.4])


def test_a_frame_pays_its_part_of_a_focus_run_too() -> None:
    focused = span(replace(NONE, focus_part=0.5), [[0, NOT, NOT, NOT], [0, 0, 0, 0]])
    found = focused.best(np.array([0.01, 0.02, 0.02]))  # 150 s for each: 3 - 1.5, 6 - 3, 4 - 3
    assert found.value == pytest.approx(5.5)
    assert found.seconds.tolist() == [150, 150, 150]


def test_what_has_its_own_time_is_taken_where_it_pays_more_than_its_time() -> None:
    found = FixedSpan(0, 100.0, np.array([3.0, 2.5, 2.0]), THREE).best(np.array([0.01, 0.03, 0.02]))
    assert found.value == pytest.approx(2.0)
    assert found.seconds.tolist() == [100, 0, 0], "not where it pays less, nor where it pays as much"
