"""A night in an order takes what can be had of it, while the next stint is waited for, and delays none by it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

import numpy as np
import pytest

from obsy.engine.schedule.filling import FillingRule, goal_of
from obsy.engine.schedule.fit import Timeline, least_frames
from obsy.engine.schedule.meanwhile import BusyFilling
from obsy.engine.schedule.order import OrderedFilling, Stint
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Block, Candidate
from obsy.engine.sky.grid import Grid, Window
from obsy.schemas.goal import Goal
from obsy.schemas.value import Value

Ask = Callable[..., Candidate]
WEIGHTS = Value.model_construct()
SETUP_S = 900.0
"""More than a slew, a focus run and what else comes before the first frame, there and back."""


def drawn(ask: Ask, grid: Grid, dice: Random, number: int) -> Candidate:
    """A goal that is up for a while; some want runs, some take turns with another."""
    at, first = np.arange(grid.count), dice.randrange(450)
    free = (at >= first) & (at < first + dice.randrange(40, 400))
    wanted = {"exposure_s": dice.choice((60.0, 180.0)), "count": dice.randint(5, 60), "ra_deg": 30.0 * (number // 2)}
    made = ask(f"p{number // 2}", free, goal=f"F{number}", role="L", rising_h=dice.uniform(-9, 2), **wanted)
    run = {"run": "at least 40 min"} if dice.random() < 0.3 else {}
    goal = Goal.model_validate({"filter": "L", "exposure": f"{wanted['exposure_s']} s", "count": 1, **run})
    turn = 3 if number in {4, 5} else None
    return replace(made, request=replace(made.request, line=replace(made.request.line, goal=goal, turn=turn)))


def idle(blocks: Sequence[Block], candidates: Sequence[Candidate], timeline: Timeline) -> list[tuple[str, str]]:
    """The goals that are taken later, and could have been in an hour in which nothing is."""
    found, grid = [], timeline.grid
    ends = [timeline.begin, *(each.end for each in blocks)]
    for number, (end, following) in enumerate(zip(ends, blocks, strict=False)):
        later = {goal_of(each.request) for each in blocks[number:] if not each.fixed}
        for each in candidates:
            least = least_frames(each.request.line, timeline.each_s(each.request))
            least_s = max(SETUP_S, least * timeline.each_s(each.request)) + 2 * SETUP_S
            if goal_of(each.request) not in later or (following.start - end).total_seconds() < least_s:
                continue
            last = grid.index(following.start - timedelta(seconds=least_s))
            for at in range(grid.index(end) + 1, last + 1):
                if each.free[at : at + int(least_s / grid.step_s) + 2].all():
                    found.append(goal_of(each.request))
                    break
    return found


@pytest.mark.once
@pytest.mark.parametrize("seed", range(12))
def test_no_night_waits_while_something_that_it_takes_later_can_be_had(
    ask: Ask, grid: Grid, overheads: Overheads, seed: int
) -> None:
    dice = Random(seed)
    free = [drawn(ask, grid, dice, number) for number in range(8)]
    at = dice.randrange(100, 400)
    booked = replace(ask("event", count=20, exposure_s=60.0, ra_deg=200.0), fixed=Window(grid.at(at), grid.at(at + 60)))
    asked = [*free, booked] if seed % 3 else free
    timeline = Timeline(grid, {"newton": replace(overheads, focus_every_s=3600.0)}, grid.at(5))
    order = [Stint(goal_of(free[n].request), "newton", free[n].request.count) for n in dice.sample(range(8), k=8)]
    blocks = BusyFilling(asked, [timeline], FillingRule(WEIGHTS), tuple(order)).filled()
    assert idle(blocks, free, timeline) == []
    waits = OrderedFilling(asked, [timeline], FillingRule(WEIGHTS), tuple(order)).filled()
    assert sum(each.count for each in blocks) >= sum(each.count for each in waits)


def test_what_can_be_had_meanwhile_ends_in_time_for_what_is_waited_for(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    late, now = ask("late", np.arange(grid.count) >= 100, count=5), ask("now", count=60, ra_deg=40.0)
    timeline = Timeline(grid, {"newton": overheads}, grid.start)
    order = tuple(Stint(goal_of(each.request), "newton", each.request.count) for each in (late, now))
    blocks = BusyFilling([late, now], [timeline], FillingRule(WEIGHTS), order).filled()
    waits = OrderedFilling([late, now], [timeline], FillingRule(WEIGHTS), order).filled()
    assert [goal_of(each.request)[0] for each in blocks] == ["now", "late", "now"]
    assert timedelta(0) <= blocks[1].start - waits[0].start < timedelta(seconds=10)  # its way is longer
    assert sum(each.count for each in blocks) == 65
    assert blocks[0].start < grid.at(3)


def test_what_would_be_too_short_is_not_begun(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    late, now = ask("late", np.arange(grid.count) >= 5, count=5), ask("now", count=60, ra_deg=40.0)
    timeline = Timeline(grid, {"newton": overheads}, grid.start)
    order = tuple(Stint(goal_of(each.request), "newton", each.request.count) for each in (late, now))
    blocks = BusyFilling([late, now], [timeline], FillingRule(WEIGHTS), order).filled()
    assert [goal_of(each.request)[0] for each in blocks][:2] == ["late", "now"]


def test_what_may_come_and_never_does_keeps_nobody_waiting(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    gap, now = ask("gap", np.arange(grid.count) == 300, count=5), ask("now", count=9, ra_deg=40.0)
    timeline = Timeline(grid, {"newton": overheads}, grid.start)
    order = tuple(Stint(goal_of(each.request), "newton", each.request.count) for each in (gap, now))
    blocks = BusyFilling([gap, now], [timeline], FillingRule(WEIGHTS), order).filled()
    assert [(goal_of(each.request)[0], each.count) for each in blocks] == [("now", 9)]
    assert blocks[0].start < grid.at(8)
