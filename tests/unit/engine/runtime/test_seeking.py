"""A better night from a process beside: never waited for, taken at the next choice, and harmless where it dies."""

import pickle
from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import timedelta
from random import Random
from time import monotonic
from typing import Any

import pytest

from obsy.engine.night.tally import Tally
from obsy.engine.runtime.planner import prepare
from obsy.engine.runtime.seeking import AtOnce, NightAsked, Rehearsed, SeekingBeside, after_next
from obsy.engine.schedule.bearings import Bearings
from obsy.engine.schedule.filling import FillingRule, goal_of
from obsy.engine.schedule.fit import Timeline, aim_of, most_frames
from obsy.engine.schedule.greedy_filling import GreedyFilling
from obsy.engine.schedule.list_filling import ListFilling
from obsy.engine.schedule.order import order_of
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


@pytest.mark.long
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


def test_a_process_that_dies_has_found_nothing_and_only_that_is_said(
    asked: NightAsked, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr("obsy.engine.runtime.seeking.tell_stderr", said.append)
    workers, now = ByHand(), asked.timelines[0].begin
    beside = SeekingBeside(workers)
    rules = first(asked)
    beside.improved(rules, asked, now)
    workers.answers[0].set_result(())
    assert (beside.improved(rules, asked, now), said) == (rules, [])
    workers.answers[1].set_exception(RuntimeError("the workers were stopped"))
    assert beside.improved(rules, asked, now) == rules
    assert len(said) == 1
    assert "the workers were stopped" in said[0]


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


def test_whoever_looks_beside_is_told_how_the_mount_will_stand(asked: NightAsked) -> None:
    workers, begin = ByHand(), asked.timelines[0].begin
    rules = first(asked)
    SeekingBeside(workers).improved(rules, asked, begin)
    _, (_, _, (then,), *_) = workers.asked[0]
    block = rules.blocks[0]
    assert then.begin > block.start >= block.begin == begin
    assert then.stands == Bearings(aim_of(block), focused={block.request.train: block.start})


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


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize("seed", [17, 28])  # there the list, and the rule of 0.1, were worth more than the search
def test_no_night_is_worth_less_than_by_the_rules_of_others(seed: int) -> None:
    problem = draw(Random(seed), 30)
    planner = replace(prepare(problem.observatory, problem.day), seeking=AtOnce())
    begin = planner.conditions.grid.start
    wanted = [each for each in planner.asked(Tally(), begin) if each.refused is None]
    what = NightAsked(wanted, planner.timelines(Tally(), begin), problem.observatory.value)
    rule = FillingRule(what.weights, turn_s=None)
    nights = [Schedule(by(wanted, what.timelines, rule).filled(), ()) for by in (ListFilling, GreedyFilling)]
    assert points(planner.schedule(Tally(), begin), what) == max(points(each, what) for each in nights)


def test_a_block_counts_as_begun_once_the_telescope_is_sent_there(asked: NightAsked) -> None:
    blocks = first(asked).blocks
    soon, later = (blocks[0].begin - timedelta(seconds=seconds) for seconds in (0, 1))
    assert after_next(blocks, asked, soon)[1].timelines[0].begin > asked.timelines[0].begin
    left, then = after_next(blocks, asked, later)
    assert (left, then.timelines) == (blocks, asked.timelines)
    assert [each.request for each in then.candidates] == [each.request for each in asked.candidates]
    assert all(each.track is None and each.limits == () for each in then.candidates)


def test_of_a_long_block_an_hour_is_taken_and_the_night_chooses_anew(asked: NightAsked) -> None:
    block, timeline = first(asked).blocks[0], asked.timelines[0]
    each_s, most = timeline.each_s(block.request), most_frames(block.request.line, timeline.each_s(block.request))
    anew = block.start + timedelta(seconds=most * each_s)
    (rest,), then = after_next([replace(block, count=most + 3)], asked, block.start)
    assert rest == replace(block, count=3, start=anew)
    assert then.timelines[0].begin == anew
    counts = {goal_of(each.request): each.request.count for each in then.candidates}
    for each in asked.candidates:
        taken = most if goal_of(each.request) == goal_of(block.request) else 0
        assert counts[goal_of(each.request)] == max(each.request.count - taken, 0)
    nothing, _ = after_next([replace(block, count=most)], asked, block.start)
    assert nothing == ()
    few = [replace(each, request=replace(each.request, count=1)) for each in asked.candidates]
    _, then = after_next([replace(block, count=most)], replace(asked, candidates=few), block.start)
    goal = goal_of(block.request)
    assert all(each.request.count == (goal_of(each.request) != goal) for each in then.candidates)


def test_a_block_whose_time_is_its_own_is_taken_whole_and_no_longer_than_the_night(asked: NightAsked) -> None:
    block, timeline = replace(first(asked).blocks[0], fixed=True, count=900), asked.timelines[0]
    for end, begin in ((block.end, block.end), (timeline.grid.end + timedelta(hours=1), timeline.grid.end)):
        left, then = after_next([replace(block, end=end)], asked, block.start)
        assert (left, then.timelines[0].begin) == ((), begin)
        assert [each.request for each in then.candidates] == [each.request for each in asked.candidates]


def test_a_mount_that_begins_nothing_is_asked_as_before(asked: NightAsked) -> None:
    blocks, timeline = first(asked).blocks, asked.timelines[0]
    idle = replace(timeline, costs={"other": timeline.costs[blocks[0].request.train]})
    both = replace(asked, timelines=[idle, timeline])
    left, then = after_next(blocks, both, blocks[0].start)
    assert then.timelines[0] == idle
    assert (left, then.timelines[1]) == (
        after_next(blocks, asked, blocks[0].start)[0],
        after_next(blocks, asked, blocks[0].start)[1].timelines[0],
    )
    assert then.weights == asked.weights


def test_who_begins_with_what_a_rehearsal_found_does_not_change_it(asked: NightAsked) -> None:
    rules, now = first(asked), asked.timelines[0].begin - timedelta(hours=1)
    rehearsed = Rehearsed(300)
    found = rehearsed.improved(rules, asked, now)
    whatif = rehearsed.from_here()
    assert (whatif.steps, whatif.order) == (300, order_of(found.blocks))
    assert points(whatif.improved(rules, asked, now), asked) >= points(found, asked)
    assert rehearsed.from_here() == whatif
