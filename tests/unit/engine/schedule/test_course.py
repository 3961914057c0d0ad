"""A night in plain numbers goes as the same order does by the true rules, frame for frame; turns aside."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from obsy.engine.schedule.bearings import Aim, Bearings
from obsy.engine.schedule.course import MountCourse, Step
from obsy.engine.schedule.filling import FillingRule, goal_of
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.night_numbers import mount_numbers
from obsy.engine.schedule.order import OrderedFilling, Stint
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Block, Candidate
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


def known(grid: Grid) -> Bearings:
    """A mount that has taken a goal of the night, and stood still since."""
    return Bearings(Aim("p1", 30.0, 41.0, "newton", "L", 1), rests=True, focused={"newton": grid.start})


@pytest.mark.parametrize("seed", [0, 1, 2, *range(4, 15)])
def test_an_order_goes_in_numbers_as_it_does_by_the_rules(
    ask: Ask, grid: Grid, overheads: Overheads, seed: int
) -> None:
    dice = Random(seed)
    free = [drawn(ask, grid, dice, number) for number in range(8)]
    often = replace(overheads, focus_every_s=dice.choice((1800.0, 7200.0)), grace_s=30.0)
    at, costs = dice.randrange(100, 500), often if seed % 5 else replace(often, past_meridian_s=None)
    booked = replace(ask("event", count=20, exposure_s=60.0, ra_deg=200.0), fixed=Window(grid.at(at), grid.at(at + 60)))
    asked = [*free, booked] if seed % 3 else free
    timeline = Timeline(grid, {"newton": costs}, grid.at(dice.randrange(30)), known(grid) if seed % 2 else Bearings())
    fixed = [each for each in OrderedFilling(asked, [timeline], FillingRule(WEIGHTS), ()).filled() if each.fixed]
    whole, numbers = WholeWorth.of(free, WEIGHTS), mount_numbers(timeline, free, fixed, WEIGHTS)
    stands, taken = (numbers.begin_s, numbers.last, numbers.focused), list[Step]()
    course = MountCourse(numbers, whole.counts, list(whole.counts), *stands)
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
    numbers = mount_numbers(timeline, asked, [], WEIGHTS)
    course = MountCourse(numbers, (6, 9), [6, 9], 0.0, numbers.last, numbers.focused)
    lefts = []
    while course.take(Step(0, 1)):
        lefts.append(tuple(course.left))
    assert lefts == [(3, 9), (3, 6), (3, 3), (0, 3), (0, 0)]


def test_a_copy_goes_its_own_way(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    numbers = mount_numbers(Timeline(grid, {"newton": overheads}, grid.start), [ask("a"), ask("b")], [], WEIGHTS)
    course = MountCourse(numbers, (10, 10), [10, 10], 0.0, numbers.last, numbers.focused)
    other = course.copy()
    assert other.take(Step(0, 4))
    assert (course.left, course.now, course.last, course.value) == ([10, 10], 0.0, None, 0.0)
    again = other.copy()
    assert (again.left, again.now, again.last, again.value) == (other.left, other.now, other.last, other.value)
    assert other.left == [6, 10]


Asked = tuple[Candidate, int]
"""A goal, and how many frames of it."""


def played(timeline: Timeline, booked: Sequence[Candidate], *steps: Asked) -> tuple[MountCourse, list[Block]]:
    """How it goes in numbers, and by the true rules."""
    free = [each for each, _ in steps]
    asked, counts = [*free, *booked], tuple(each.request.count for each in free)
    fixed = [each for each in OrderedFilling(asked, [timeline], FillingRule(WEIGHTS), ()).filled() if each.fixed]
    numbers = mount_numbers(timeline, free, fixed, WEIGHTS)
    course = MountCourse(numbers, counts, list(counts), 0.0, numbers.last, numbers.focused)
    course.now = (timeline.begin - timeline.grid.start).total_seconds()
    for number, (_, frames) in enumerate(steps):
        course.take(Step(number, frames))
    order = tuple(Stint(goal_of(each.request), each.request.train, frames) for each, frames in steps)
    return course, [*OrderedFilling(asked, [timeline], FillingRule(WEIGHTS), order).filled()]


def running(candidate: Candidate, least: str = "50 min") -> Candidate:
    said = {"filter": "L", "exposure": f"{candidate.request.line.goal.exposure} s", "count": 1}
    goal = Goal.model_validate(said | {"run": f"at least {least}"})
    return replace(candidate, request=replace(candidate.request, line=replace(candidate.request.line, goal=goal)))


def agrees(course: MountCourse, blocks: Sequence[Block], grid: Grid) -> bool:
    """Whether the last frame ends at the same moment, and as many are taken."""
    mine = [each for each in blocks if not each.fixed]
    ends_s = (max(each.end for each in blocks) - grid.start).total_seconds()
    assert sum(course.wanted) - sum(course.left) == sum(each.count for each in mine)
    assert course.now == pytest.approx(ends_s, abs=1e-3)
    return True


@pytest.mark.parametrize("opens", [40, 97])
@pytest.mark.parametrize("first", [(0, 9), (5, 30)])
def test_what_is_left_of_a_time_may_be_too_short_for_a_run(
    ask: Ask, grid: Grid, overheads: Overheads, opens: int, first: tuple[int, int]
) -> None:
    at = np.arange(grid.count)
    free = ((at >= first[0]) & (at <= first[1])) | (at >= opens)
    course, blocks = played(
        Timeline(grid, {"newton": overheads}, grid.start), [], (running(ask("a", free, count=40)), 40)
    )
    assert agrees(course, blocks, grid)
    assert blocks[0].start >= grid.at(opens)


def test_a_run_before_the_meridian_lasts_up_to_it(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    alone = running(ask("a", count=80, rising_h=-3.0), "90 min")
    course, blocks = played(Timeline(grid, {"newton": overheads}, grid.start), [], (alone, 80))
    assert agrees(course, blocks, grid)
    assert sum(each.count for each in blocks) > 30
    mount, short = (
        Timeline(grid, {"newton": overheads}, grid.start),
        ask("a", count=9000, exposure_s=1.0, rising_h=-3.7),
    )
    east = sum(each.count for each in played(mount, [], (short, 9000))[1] if each.hour_angle_h < 0)
    for frames in (east, east + 1):
        assert agrees(*played(mount, [], (short, frames)), grid)


@pytest.mark.parametrize("to", [25, 26, 27])
def test_frames_fit_exactly_to_the_end_of_their_time(ask: Ask, grid: Grid, overheads: Overheads, to: int) -> None:
    short = ask("a", np.arange(grid.count) <= to, count=30, exposure_s=60.0)  # 72 s, and 24 frames of 62 s are 26 min
    course, blocks = played(Timeline(grid, {"newton": overheads}, grid.start), [], (short, 30))
    assert agrees(course, blocks, grid)
    assert sum(each.count for each in blocks) == {25: 23, 26: 24, 27: 24}[to]


@pytest.mark.parametrize("booked_at", [20, 21, 45, 100, 160])
@pytest.mark.parametrize("opens", [0, 44, 90])
def test_what_is_booked_is_waited_for_and_passed(
    ask: Ask, grid: Grid, overheads: Overheads, booked_at: int, opens: int
) -> None:
    event = ask("event", count=20, exposure_s=60.0, ra_deg=50.0, rising_h=-3.0)
    event = replace(event, fixed=Window(grid.at(booked_at), grid.at(booked_at + 30)))
    late = ask("a", np.arange(grid.count) >= opens, count=70, rising_h=-3.0)
    then = ask("b", count=20, ra_deg=80.0, rising_h=1.5)
    course, blocks = played(Timeline(grid, {"newton": overheads}, grid.at(3)), [event], (late, 60), (then, 9))
    assert agrees(course, blocks, grid)
    assert course.passed == 1


@pytest.mark.parametrize("rising_h", [-0.4, 0.2, 0.9])
def test_who_stands_on_the_right_side_of_the_pier_does_not_flip_to_wait(
    ask: Ask, grid: Grid, overheads: Overheads, rising_h: float
) -> None:
    west = ask("west", count=5, ra_deg=50.0, rising_h=3.0)
    near = ask("near", np.arange(grid.count) >= 40, count=20, rising_h=rising_h)
    course, blocks = played(Timeline(grid, {"newton": overheads}, grid.start), [], (west, 5), (near, 20))
    assert agrees(course, blocks, grid)


def test_when_the_night_is_over_nothing_is_waited_for(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    numbers = mount_numbers(Timeline(grid, {"newton": overheads}, grid.start), [ask("a")], [], WEIGHTS)
    for now in (numbers.end_s, numbers.end_s + 90.0):
        assert not MountCourse(numbers, (10,), [10], now, None, numbers.focused).take(Step(0, 4))
    assert not MountCourse(numbers, (10,), [0], 0.0, None, numbers.focused).take(Step(0, 4))


@pytest.mark.parametrize("opens", range(7))
def test_what_comes_in_a_moment_is_begun_in_the_first_step_that_reaches_it(
    ask: Ask, grid: Grid, overheads: Overheads, opens: int
) -> None:
    soon = ask("a", np.arange(grid.count) >= opens, count=9)
    assert agrees(*played(Timeline(grid, {"newton": overheads}, grid.start), [], (soon, 9)), grid)
