"""A night in plain numbers goes as the same order does by the true rules, frame for frame; turns aside."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from obsy.engine.schedule.course import MountCourse, Step
from obsy.engine.schedule.filling import FillingRule, goal_of
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.night_numbers import mount_numbers
from obsy.engine.schedule.order import OrderedFilling, Stint
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Candidate
from obsy.engine.schedule.value import of_night
from obsy.engine.schedule.whole_worth import WholeWorth
from obsy.engine.sky.grid import Grid, Window
from obsy.schemas.goal import Goal
from obsy.schemas.value import Value

Ask = Callable[..., Candidate]
WEIGHTS = Value.model_construct()


def drawn(ask: Ask, grid: Grid, dice: Random, number: int) -> Candidate:
    """A goal of a plan of two, up for a while with a break in it; some want runs."""
    at, first = np.arange(grid.count), dice.randrange(500)
    free = (at >= first) & (at < first + dice.randrange(30, 400))
    broken = dice.randrange(600)
    free &= (at < broken) | (at >= broken + 20)
    sky = {"ra_deg": 30.0 * (number // 2), "rising_h": dice.uniform(-9, 2)}
    wanted = {"exposure_s": dice.choice((60.0, 180.0)), "count": dice.randint(1, 60), "priority": dice.randint(1, 9)}
    made = ask(f"p{number // 2}", free, goal=f"F{number}", role=dice.choice("LR"), **sky, **wanted)
    run = {"run": "at least 50 min"} if dice.random() < 0.3 else {}
    goal = Goal.model_validate({"filter": "L", "exposure": f"{wanted['exposure_s']} s", "count": 1, **run})
    line = replace(made.request.line, goal=goal)
    return replace(made, request=replace(made.request, line=line), altitude_deg=40 + 20 * np.sin(at / 100 + number))


@pytest.mark.parametrize("seed", [0, 1, 2, *range(4, 15)])
def test_an_order_goes_in_numbers_as_it_does_by_the_rules(
    ask: Ask, grid: Grid, overheads: Overheads, seed: int
) -> None:
    dice = Random(seed)
    free = [drawn(ask, grid, dice, number) for number in range(8)]
    at, costs = dice.randrange(100, 500), overheads if seed % 5 else replace(overheads, past_meridian_s=None)
    booked = replace(ask("event", count=20, exposure_s=60.0, ra_deg=200.0), fixed=Window(grid.at(at), grid.at(at + 60)))
    asked = [*free, booked] if seed % 3 else free
    timeline = Timeline(grid, {"newton": costs}, grid.at(dice.randrange(30)))
    fixed = [each for each in OrderedFilling(asked, [timeline], FillingRule(WEIGHTS), ()).filled() if each.fixed]
    whole, numbers = WholeWorth.of(free, WEIGHTS), mount_numbers(timeline, free, fixed, WEIGHTS)
    course, taken = MountCourse(numbers, whole.counts, list(whole.counts), numbers.begin_s), list[Step]()
    for number in dice.sample([*range(8), *range(8)], 16):
        step, then = Step(number, dice.randint(1, free[number].request.count)), course.copy()
        if then.take(step):  # what cannot be had any more is left out, as the search does
            taken.append(step)
            course = then
    order = tuple(Stint(goal_of(free[n].request), "newton", frames) for n, frames in taken)
    blocks = [e for e in OrderedFilling(asked, [timeline], FillingRule(WEIGHTS), order).filled() if not e.fixed]
    had = [sum(each.count for each in blocks if goal_of(each.request) == goal_of(one.request)) for one in free]
    assert course.left == [count - frames for count, frames in zip(whole.counts, had, strict=True)]
    assert sum(had) > 0
    true = of_night(blocks, free, [timeline], WEIGHTS)
    assert course.value + whole.value(course.left) == pytest.approx(sum(true.values()), rel=2e-3)


def test_goals_of_one_picture_take_turns_and_the_one_that_lags_most_is_first(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    asked = []
    for name, count in (("L", 6), ("R", 9)):
        each = ask("p", goal=name, role=name, count=count)
        line = replace(each.request.line, turn=3)
        asked.append(replace(each, request=replace(each.request, line=line)))
    timeline = Timeline(grid, {"newton": overheads}, grid.start)
    course = MountCourse(mount_numbers(timeline, asked, [], WEIGHTS), (6, 9), [6, 9], 0.0)
    lefts = []
    while course.take(Step(0, 1)):
        lefts.append(tuple(course.left))
    assert lefts == [(3, 9), (3, 6), (3, 3), (0, 3), (0, 0)]


def test_a_copy_goes_its_own_way(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    numbers = mount_numbers(Timeline(grid, {"newton": overheads}, grid.start), [ask("a"), ask("b")], [], WEIGHTS)
    course = MountCourse(numbers, (10, 10), [10, 10], 0.0)
    other = course.copy()
    assert other.take(Step(0, 4))
    assert (course.left, course.now, course.last, course.value) == ([10, 10], 0.0, None, 0.0)
    again = other.copy()
    assert (again.left, again.now, again.last, again.value) == (other.left, other.now, other.last, other.value)
    assert other.left == [6, 10]
