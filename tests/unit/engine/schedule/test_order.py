"""A night in an order: as the plain numbers have it, and as it was where it is filled again."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from obsy.engine.night.tally import Tally
from obsy.engine.runtime.planner import prepare
from obsy.engine.schedule.candidates import DoneSoFar, candidates
from obsy.engine.schedule.course import MountCourse, Step
from obsy.engine.schedule.filling import FillingRule, free_of, goal_of
from obsy.engine.schedule.fit import Timeline, block_of
from obsy.engine.schedule.night_numbers import mount_numbers
from obsy.engine.schedule.order import OrderedFilling, Stint, order_of
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Block, Candidate
from obsy.engine.schedule.value import of_night
from obsy.engine.schedule.whole_worth import WholeWorth
from obsy.engine.sky.grid import Grid
from obsy.schemas.goal import Goal
from obsy.schemas.value import Value
from tests.support.problems import draw

Ask = Callable[..., Candidate]
WEIGHTS = Value.model_construct()


@pytest.mark.parametrize("seed", [4, 6, 23])
def test_the_plain_numbers_say_what_the_true_rules_do(seed: int) -> None:
    problem = draw(Random(seed), 12)
    planner = prepare(problem.observatory, problem.day)
    grid, weights = planner.conditions.grid, problem.observatory.value
    asked = candidates(
        problem.observatory.plans, problem.observatory.instruments, planner.conditions, DoneSoFar(), grid.start
    )
    possible = [each for each in asked if each.refused is None]
    free, timeline = free_of(possible), Timeline(grid, planner.costs, grid.start)
    dice = Random(seed)
    for _ in range(5):
        steps = [Step(n, dice.randint(1, free[n].request.count)) for n in range(len(free))]
        dice.shuffle(steps)
        whole = WholeWorth.of(free, weights)
        mount = mount_numbers(timeline, free, [], weights)
        course = MountCourse(mount, whole.counts, list(whole.counts), 0.0, mount.last, mount.focused)
        taken = []
        for step in steps:
            then = course.copy()
            if then.take(step):  # what cannot be had any more is left out, as the search does
                taken.append(step)
                course = then
        requests = [each.request for each in free]
        order = tuple(Stint(goal_of(requests[n]), requests[n].train, frames) for n, frames in taken)
        blocks = OrderedFilling(possible, [timeline], FillingRule(weights), order).filled()
        true = of_night(blocks, possible, [timeline], weights)
        assert whole.value(course.left) == pytest.approx(true["completion"] + true["balance"])
        assert course.value + whole.value(course.left) == pytest.approx(sum(true.values()), rel=2e-3)
        assert sum(each.count for each in blocks) == sum(whole.counts) - sum(course.left)


def test_a_night_that_is_filled_in_its_own_order_stays_as_it_is() -> None:
    problem = draw(Random(2), 12)
    planner = prepare(problem.observatory, problem.day)
    asked, grid = planner.asked(Tally(), planner.night.start), planner.conditions.grid
    schedule = planner.schedule(Tally(), planner.night.start)
    possible = [each for each in asked if each.refused is None]
    timeline = Timeline(grid, planner.costs, grid.start)
    again = OrderedFilling(possible, [timeline], FillingRule(planner.observatory.value), order_of(schedule.blocks))
    assert sum(of_night(again.filled(), possible, [timeline], planner.observatory.value).values()) == pytest.approx(
        sum(of_night(schedule.blocks, possible, [timeline], planner.observatory.value).values()), rel=2e-3
    )


def block(candidate: Candidate, grid: Grid, overheads: Overheads, at: int, count: int) -> Block:
    made = block_of(candidate, Timeline(grid, {candidate.request.train: overheads}, grid.start), grid.at(at), count)
    assert made is not None
    return made


def test_an_order_says_what_is_taken_in_one_go(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    a, b, other = ask("a", goal="L"), ask("a", goal="R"), ask("b")
    wide = ask("a", goal="L", train="wide")
    told = [(a, 100, 2), (other, 50, 3), (a, 10, 4), (a, 25, 1), (b, 30, 6), (wide, 70, 5)]
    blocks = [block(each, grid, overheads, at, count) for each, at, count in told]
    blocks.append(replace(block(ask("event"), grid, overheads, 20, 1), fixed=True))
    goals = {name: goal_of(each.request) for name, each in (("a", a), ("b", b), ("other", other))}
    assert order_of(blocks) == (
        Stint(goals["a"], "newton", 5),
        Stint(goals["b"], "newton", 6),
        Stint(goals["other"], "newton", 3),
        Stint(goals["a"], "wide", 5),
        Stint(goals["a"], "newton", 2),
    )
    assert order_of([]) == ()


def turning(candidate: Candidate, turn: int = 3) -> Candidate:
    line = replace(candidate.request.line, turn=turn)
    return replace(candidate, request=replace(candidate.request, line=line))


def test_goals_that_take_turns_are_one_stint_until_another_picture_comes(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    a, b = turning(ask("a", goal="L")), turning(ask("a", goal="R"))
    told = [(a, 10, 3), (b, 20, 3), (a, 30, 2), (ask("c"), 40, 1), (b, 50, 2)]
    found = order_of([block(each, grid, overheads, at, count) for each, at, count in told])
    assert [(each.goal, each.frames) for each in found] == [
        (goal_of(a.request), 8),
        (goal_of(ask("c").request), 1),
        (goal_of(b.request), 2),
    ]


def filled(
    asked: Sequence[Candidate], timelines: Sequence[Timeline], *stints: Stint
) -> list[tuple[str, str, int, float]]:
    """The plan, goal, frames and beginning, in minutes, of each block."""
    blocks = OrderedFilling(asked, timelines, FillingRule(WEIGHTS), stints).filled()
    start = timelines[0].grid.start
    return [(*goal_of(each.request), each.count, (each.start - start).total_seconds() // 60) for each in blocks]


def test_stints_come_one_after_the_other_and_wait_for_their_sky(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    late, now = ask("late", np.arange(grid.count) >= 100, count=5), ask("now", count=9, ra_deg=40.0)
    mount = Timeline(grid, {"newton": overheads}, grid.start)
    first, second = (goal_of(each.request) for each in (late, now))
    found = filled([late, now], [mount], Stint(first, "newton", 5), Stint(second, "newton", 4))
    assert [each[:3] for each in found] == [("late", first[1], 5), ("now", second[1], 4)]
    assert 99 <= found[0][3] <= 102
    assert found[1][3] - found[0][3] == 15  # 5 x 182 s, and the way
    swapped = filled([late, now], [mount], Stint(second, "newton", 4), Stint(first, "newton", 2))
    assert [each[0] for each in swapped] == ["now", "late"]
    assert swapped[0][3] < 3


def test_what_cannot_be_had_any_more_is_passed_over(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    at = np.arange(grid.count)
    gone, now = ask("gone", at < 3, count=5), ask("now", count=9, ra_deg=40.0)
    mount = Timeline(grid, {"newton": overheads}, grid.at(5))
    stints = [Stint(goal_of(each.request), "newton", 3) for each in (gone, now)]
    unknown = Stint(("nobody", "L"), "newton", 3)
    elsewhere = stints[0]._replace(train="wide")
    assert [each[:3:2] for each in filled([gone, now], [mount], unknown, elsewhere, *stints)] == [("now", 3)]


def test_a_run_is_taken_whole_or_not_at_all_but_for_its_end(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    run = Goal.model_validate({"filter": "L", "exposure": "180 s", "count": 30, "run": "at least 30 min"})
    plain = ask("run", count=17)
    long = replace(plain, request=replace(plain.request, line=replace(plain.request.line, goal=run)))
    mount, goal = Timeline(grid, {"newton": overheads}, grid.start), goal_of(long.request)
    assert filled([long], [mount], Stint(goal, "newton", 9)) == []
    assert [each[2] for each in filled([long], [mount], Stint(goal, "newton", 10), Stint(goal, "newton", 7))] == [17]
    few = replace(long, request=replace(long.request, count=4))
    assert [each[2] for each in filled([few], [mount], Stint(goal, "newton", 9))] == [4]


def test_who_takes_turns_goes_on_until_the_stint_is_over(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    a, b = turning(ask("a", goal="L", count=9)), turning(ask("a", goal="R", count=9))
    mount, goal = Timeline(grid, {"newton": overheads}, grid.start), goal_of(a.request)
    assert [each[1:3] for each in filled([a, b], [mount], Stint(goal, "newton", 7))] == [("L", 3), ("R", 3), ("L", 3)]
    opens = replace(b, free=np.arange(grid.count) >= 100)
    never = replace(a, free=np.zeros(grid.count, dtype=bool))
    assert [each[1:3] for each in filled([never, opens], [mount], Stint(goal, "newton", 3))] == [("R", 3)]
    assert [each[1:3] for each in filled([never, b], [mount], Stint(goal, "newton", 3))] == [("R", 3)]


def test_each_mount_takes_the_stints_of_its_trains(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    one, two = ask("one", count=5), ask("two", train="wide", count=5)
    mounts = [Timeline(grid, {train: overheads}, grid.start) for train in ("newton", "wide")]
    found = filled([one, two], mounts, Stint(goal_of(two.request), "wide", 5), Stint(goal_of(one.request), "newton", 5))
    assert [(each[0], each[2]) for each in found] == [("one", 5), ("two", 5)]
    assert found[0][3] == found[1][3]
