"""A better night from a process beside: never waited for, taken at the next choice, and harmless where it dies."""

import pickle
from concurrent.futures import Executor, Future
from datetime import timedelta
from random import Random
from time import monotonic
from typing import Any

import pytest

from obsy.engine.night.tally import Tally
from obsy.engine.runtime.planner import prepare
from obsy.engine.runtime.seeking import AtOnce, NightAsked, Rehearsed, SeekingBeside, after_next
from obsy.engine.schedule.filling import goal_of
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.request import Block, Schedule
from obsy.engine.schedule.tonight import tonight
from obsy.engine.schedule.value import of_night
from tests.support.problems import draw


class ByHand(Executor):
    """Work that is done when a test says so."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.answers: list[Future[Any]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        self.asked.append((fn, pickle.loads(pickle.dumps(args))))
        self.answers.append(Future())
        return self.answers[-1]

    def work(self) -> None:
        fn, args = self.asked[-1]
        self.answers[-1].set_result(fn(*args))


@pytest.fixture(scope="module")
def asked() -> NightAsked:
    problem = draw(Random(12), 20)
    planner = prepare(problem.observatory, problem.day)
    begin = planner.conditions.grid.start
    wanted = planner.asked(Tally(), begin)
    return NightAsked(wanted, [Timeline(planner.conditions.grid, planner.costs, begin)], planner.observatory.value)


def first(asked: NightAsked) -> Schedule:
    return tonight(asked.candidates, asked.timelines, asked.weights)


def points(schedule: Schedule, asked: NightAsked) -> float:
    return sum(of_night(schedule.blocks, asked.candidates, asked.timelines, asked.weights).values())


def test_the_first_answer_comes_at_once_and_the_better_one_counts_at_the_next_choice(asked: NightAsked) -> None:
    workers, now = ByHand(), asked.timelines[0].begin - timedelta(hours=1)  # nothing is about to begin
    beside = SeekingBeside(workers, 2000)
    rules = first(asked)
    assert beside.improved(rules, asked, now) == rules
    assert beside.improved(rules, asked, now) == rules
    assert len(workers.asked) == 1, "it looks for one night at a time"
    workers.work()
    assert points(beside.improved(rules, asked, now), asked) > points(rules, asked)
    assert len(workers.asked) == 2


def test_a_process_that_dies_has_found_nothing(asked: NightAsked) -> None:
    workers, now = ByHand(), asked.timelines[0].begin
    beside = SeekingBeside(workers)
    rules = first(asked)
    beside.improved(rules, asked, now)
    workers.answers[0].set_exception(RuntimeError("the workers were stopped"))
    assert beside.improved(rules, asked, now) == rules


class OutOfMemory(Executor):
    """Where no process can be started."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":  # noqa: ARG002
        raise OSError(12, "Cannot allocate memory")


def test_where_no_process_can_be_started_the_rules_hold_and_it_is_said_once(
    asked: NightAsked, capfd: pytest.CaptureFixture[str]
) -> None:
    beside, rules, now = SeekingBeside(OutOfMemory()), first(asked), asked.timelines[0].begin
    assert beside.improved(rules, asked, now) == rules
    assert beside.improved(rules, asked, now) == rules
    deadline = monotonic() + 10.0
    said = ""
    while "Cannot allocate memory" not in said and monotonic() < deadline:
        said += capfd.readouterr().err
    assert said.count("no better night was looked for") == 1


def test_what_is_about_to_begin_is_no_more_looked_at(asked: NightAsked) -> None:
    rules, begin = first(asked), asked.timelines[0].begin
    block = rules.blocks[0]
    left, then = after_next(rules.blocks, asked, block.start - timedelta(seconds=100))
    whole = block.count <= then_frames(then, block)
    assert left[-len(rules.blocks[1:]) :] == rules.blocks[1:]
    assert (len(left) == len(rules.blocks) - 1) is whole
    frames = {goal_of(each.request): each.request.count for each in then.candidates}
    assert frames[goal_of(block.request)] == block.request.count - then_frames(then, block)
    assert begin < then.timelines[0].begin <= block.end
    assert after_next(rules.blocks, asked, block.start - timedelta(hours=1))[0] == rules.blocks


def then_frames(then: NightAsked, block: Block) -> int:
    """The frames of a block until the night chooses anew."""
    seconds = (then.timelines[0].begin - block.start).total_seconds()
    return round(seconds / then.timelines[0].each_s(block.request))


def test_a_rehearsal_goes_on_with_what_it_found(asked: NightAsked) -> None:
    rules, now = first(asked), asked.timelines[0].begin
    rehearsed = Rehearsed(500)
    found = rehearsed.improved(rules, asked, now - timedelta(hours=1))
    again = rehearsed.improved(rules, asked, now - timedelta(hours=1))
    assert points(again, asked) >= points(found, asked) > points(rules, asked)
    assert Rehearsed(500).improved(rules, asked, now) == found


def test_at_once_is_the_same_each_time_and_never_worse(asked: NightAsked) -> None:
    rules, now = first(asked), asked.timelines[0].begin
    found = AtOnce(500).improved(rules, asked, now)
    assert AtOnce(500).improved(rules, asked, now) == found
    assert points(found, asked) > points(rules, asked)
    assert AtOnce(0).improved(rules, asked, now) == rules
