"""A night in an order: as the plain numbers have it, and as it was where it is filled again."""

from random import Random

import pytest

from obsy.engine.night.tally import Tally
from obsy.engine.runtime.planner import prepare
from obsy.engine.schedule.candidates import DoneSoFar, candidates
from obsy.engine.schedule.course import MountCourse, Step
from obsy.engine.schedule.filling import FillingRule, free_of, goal_of
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.night_numbers import mount_numbers
from obsy.engine.schedule.order import OrderedFilling, Stint, order_of
from obsy.engine.schedule.value import of_night
from obsy.engine.schedule.whole_worth import WholeWorth
from tests.support.problems import draw


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
        course = MountCourse(mount_numbers(timeline, free, [], weights), whole.counts, list(whole.counts), 0.0)
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
