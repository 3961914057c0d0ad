"""A night as obsy 0.1 filled it keeps every promise, and takes what has most of its four reasons."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.schedule.filling import TURN_S
from obsy.engine.schedule.greedy_filling import GreedyFilling
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Candidate
from obsy.engine.sky.grid import Grid
from tests.support.equipment import one
from tests.unit.engine.schedule.test_better import GOAL, LAW, drawn, keeps_promises, mounts
from tests.unit.engine.schedule.test_list_filling import RULE

Ask = Callable[..., Candidate]


def test_of_equal_priority_what_has_less_time_left_comes_first(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    late = ask("late", np.arange(grid.count) < 200, count=30)  # 91 of 199 min, where the other has 600
    blocks = GreedyFilling([ask("early", count=30), late], [one(grid, overheads)], RULE).filled()
    assert [each.request.line.plan for each in blocks][0] == "late"


def test_the_goals_of_a_picture_change_after_half_an_hour(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    both = [ask("p", goal=role, role=role, count=40) for role in "LR"]
    blocks = GreedyFilling(both, [one(grid, overheads)], RULE).filled()
    assert [each.request.line.key for each in blocks[:4]] == ["L", "R", "L", "R"]
    assert {each.count % int(TURN_S // 182.0) for each in blocks[:4]} == {0}


@pytest.mark.once
@LAW
@given(st.lists(GOAL, min_size=0, max_size=8))
def test_it_keeps_all_promises(ask: Ask, grid: Grid, overheads: Overheads, goals: list[dict[str, object]]) -> None:
    asked, timelines = drawn(ask, grid, goals), mounts(grid, overheads)
    keeps_promises(GreedyFilling(asked, timelines, RULE).filled(), asked, timelines)
