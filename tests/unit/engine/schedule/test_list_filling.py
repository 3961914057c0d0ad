"""A night by a list is filled as the list says, and keeps every promise that obsy's own rules keep."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.schedule.filling import FillingRule, goal_of
from obsy.engine.schedule.greedy_filling import GreedyFilling
from obsy.engine.schedule.list_filling import ListFilling
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Block, Candidate, Schedule
from obsy.engine.schedule.tonight import at_least_by_others, tonight
from obsy.engine.sky.grid import Grid
from tests.support.equipment import one
from tests.unit.engine.schedule.test_better import GOAL, LAW, WEIGHTS, drawn, keeps_promises, mounts, points

Ask = Callable[..., Candidate]
RULE = FillingRule(WEIGHTS, turn_s=None)


def filled(asked: Sequence[Candidate], grid: Grid, overheads: Overheads) -> list[tuple[str, int, timedelta]]:
    blocks: tuple[Block, ...] = ListFilling(asked, [one(grid, overheads)], RULE).filled()
    return [(each.request.line.plan, each.count, each.start - grid.start) for each in blocks]


def between(grid: Grid, first: int, last: int) -> np.ndarray:
    at = np.arange(grid.count)
    return (at >= first) & (at < last)


def test_what_stands_lower_in_the_list_gives_way_once_the_first_can_start(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    first = ask("first", between(grid, 100, 600), priority=9, count=10)
    second = ask("second", between(grid, 0, 600), priority=3, count=60)
    (lower, many, _), (upper, ten, start), *_ = filled([second, first], grid, overheads)
    assert (lower, upper, ten) == ("second", "first", 10)
    assert many == int((100 * 60 - overheads.settle_s - overheads.focus_s) // 182.0)
    assert timedelta(minutes=100) <= start < timedelta(minutes=110)


def test_what_would_give_way_within_ten_minutes_is_passed_over(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    first, second = ask("first", between(grid, 9, 600), priority=9), ask("second", between(grid, 0, 600), count=60)
    assert filled([first, second], grid, overheads)[0][0] == "first"


def test_the_list_is_gone_through_every_two_minutes(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    ((_, _, start),) = filled([ask("late", between(grid, 61, 600))], grid, overheads)
    assert start >= timedelta(minutes=61)
    setup_s = overheads.settle_s + overheads.filter_s + overheads.focus_s
    assert (start - timedelta(seconds=setup_s)) % timedelta(minutes=2) == timedelta(0)


@pytest.mark.once
@LAW
@given(st.lists(GOAL, min_size=1, max_size=8))
def test_it_keeps_all_promises(ask: Ask, grid: Grid, overheads: Overheads, goals: list[dict[str, object]]) -> None:
    asked, timelines = drawn(ask, grid, goals), mounts(grid, overheads)
    keeps_promises(ListFilling(asked, timelines, RULE).filled(), asked, timelines)


@pytest.mark.once
@LAW
@given(st.lists(GOAL, min_size=1, max_size=8))
def test_whatever_is_asked_no_night_that_leaves_something_is_worth_less(
    ask: Ask, grid: Grid, overheads: Overheads, goals: list[dict[str, object]]
) -> None:
    asked, timelines = drawn(ask, grid, goals), mounts(grid, overheads)
    found = at_least_by_others(tonight(asked, timelines), asked, timelines, WEIGHTS)
    keeps_promises(found.blocks, asked, timelines)
    wanted = {goal_of(each.request): each.request.count for each in asked}
    takes_all = sum(each.count for each in found.blocks) >= sum(wanted.values())
    for by in (ListFilling, GreedyFilling) if not takes_all else ():
        theirs = Schedule(by(asked, timelines, RULE).filled(), ())
        assert points(found, asked, timelines) >= points(theirs, asked, timelines) - 1e-9
    assert points(found, asked, timelines) >= points(tonight(asked, timelines), asked, timelines)


def test_where_all_is_taken_nothing_waits_for_less_air(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    at = np.arange(grid.count)
    asked = [replace(ask("rising", at >= 60, count=20), altitude_deg=30.0 + at / 20)]
    timelines = [one(grid, overheads)]
    early = tonight(asked, timelines)
    later = Schedule(ListFilling(asked, timelines, RULE).filled(), ())
    assert points(later, asked, timelines) > points(early, asked, timelines)
    assert at_least_by_others(early, asked, timelines, WEIGHTS) == early
