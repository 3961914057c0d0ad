"""Goals written out: every filter and every tile once, under a name that its frames carry."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.schedule.goal_line import GoalLine, credits, lines
from obsy.schemas.plan import Goal, Plan

Declare = Callable[..., Plan]
RGB = {"filter": ["R", "G", "B"], "exposure": "240 s", "total": "1 h"}
HA = {"filter": "Ha", "exposure": "300 s", "count": 4}
TWO_BY_TWO = {"columns": 2, "rows": 2, "overlap": "15 %"}


def test_each_filter_of_a_goal_is_a_line_of_its_own_in_the_order_written(declare: Declare) -> None:
    assert [line.key for line in lines(declare(RGB, HA))] == ["R-240s", "G-240s", "B-240s", "Ha-300s"]


def test_an_exposure_of_part_of_a_second_keeps_its_fraction(declare: Declare) -> None:
    (line,) = lines(declare({"filter": "L", "exposure": "0.5 s", "count": 4}))
    assert line.key == "L-0.5s"


def test_without_a_mosaic_frames_are_named_after_the_plan(declare: Declare) -> None:
    (line,) = lines(declare(HA))
    assert (line.object, line.column, line.row) == ("heart", 1, 1)


def test_tiles_come_row_by_row_and_each_is_finished_before_the_next(declare: Declare) -> None:
    found = lines(declare(HA, RGB, mosaic=TWO_BY_TWO))
    assert [(line.column, line.row) for line in found[::4]] == [(1, 1), (2, 1), (1, 2), (2, 2)]
    assert [line.filter for line in found[:4]] == ["Ha", "R", "G", "B"]


def test_a_tile_is_named_by_its_column_and_its_row(declare: Declare) -> None:
    line = lines(declare(HA, mosaic=TWO_BY_TWO))[1]
    assert (line.key, line.object) == ("Ha-300s_2-1", "heart_2-1")


def test_a_mosaic_of_one_tile_is_still_a_mosaic(declare: Declare) -> None:
    (line,) = lines(declare(HA, mosaic={"columns": 1, "rows": 1}))
    assert line.object == "heart_1-1"


def test_a_count_is_what_is_wanted(declare: Declare) -> None:
    assert lines(declare(HA))[0].wanted == 4


@pytest.mark.parametrize(
    "goal",
    [
        {"filter": "L", "exposure": "60 s", "count": 3, "every": "2 d"},
        {"filter": "L", "exposure": "60 s", "cover": {"transit": "b", "baseline": "20 min"}},
    ],
)
def test_where_the_sky_decides_there_is_no_number_wanted(declare: Declare, goal: dict[str, object]) -> None:
    assert lines(declare(goal))[0].wanted is None


@given(st.integers(1, 1200), st.integers(1, 100_000))
def test_a_total_is_reached_by_the_frames_wanted_and_not_by_one_fewer(exposure: int, more: int) -> None:
    goal = Goal.model_validate({"filter": "L", "exposure": f"{exposure} s", "total": f"{exposure + more} s"})
    count = GoalLine("p", "k", "p", "L", goal).wanted
    assert count is not None
    assert (count - 1) * exposure < exposure + more <= count * exposure


def test_a_frame_is_credited_to_the_line_of_its_object_filter_and_exposure(declare: Declare) -> None:
    whose = credits((declare(HA, RGB), declare(HA, name="soul", mosaic=TWO_BY_TWO)))
    assert (whose["heart", "Ha", 300.0].plan, whose["heart", "Ha", 300.0].key) == ("heart", "Ha-300s")
    assert whose["soul_2-2", "Ha", 300.0].key == "Ha-300s_2-2"
    assert len(whose) == 4 + 4


def test_a_frame_of_another_exposure_is_credited_to_nothing(declare: Declare) -> None:
    assert ("heart", "Ha", 299.0) not in credits((declare(HA),))
