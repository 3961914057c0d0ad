"""A better night is never worth less, is the same each time, and keeps every promise that the first one keeps."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.schedule.at_most import worth
from obsy.engine.schedule.better import NightSearch, better, better_order, search_of
from obsy.engine.schedule.course import Step
from obsy.engine.schedule.filling import FillingRule, goal_of
from obsy.engine.schedule.fit import Timeline, aim_of, least_frames
from obsy.engine.schedule.order import OrderedFilling, Stint, order_of
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Block, Candidate, Claim, Reason, Schedule
from obsy.engine.schedule.tonight import tonight
from obsy.engine.schedule.value import of_night
from obsy.engine.sky.grid import Grid, Window
from obsy.schemas.goal import Goal
from obsy.schemas.value import Value
from tests.support.effort import costly
from tests.support.equipment import one
from tests.support.requests import request

Ask = Callable[..., Candidate]
WEIGHTS = Value.model_construct()
LAW = settings(max_examples=costly(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
GOAL = st.fixed_dictionaries(
    {
        "priority": st.integers(1, 9),
        "count": st.integers(1, 60),
        "free": st.tuples(st.integers(0, 500), st.integers(30, 400)),
        "rising_h": st.floats(-9, 2),
        "turn": st.sampled_from((None, None, 4)),
        "run": st.sampled_from((None, None, "at least 50 min")),
        "trains": st.sampled_from((("newton",), ("wide",), ("newton", "wide"))),
        "listed": st.booleans(),
        "urgent": st.sampled_from((False, False, False, True)),
    }
)


def drawn(ask: Ask, grid: Grid, goals: Sequence[dict[str, object]]) -> list[Candidate]:
    """Goals of plans of two, as candidates with each of their trains; and a transit."""
    asked = []
    for number, said in enumerate(goals):
        (first, length), plan = said["free"], f"p{number // 2}"  # type: ignore[misc]
        at = np.arange(grid.count)
        free = (at >= first) & (at < first + length)
        wanted = {"filter": f"F{number}", "exposure": "180 s", "count": said["count"]}
        of_plan = goals[number - number % 2]
        has_run = said["run"] is not None and of_plan["turn"] is None  # the language refuses both
        goal = Goal.model_validate(wanted | {"run": said["run"]} if has_run else wanted)
        for train in of_plan["trains"]:  # type: ignore[attr-defined]
            what = {key: said[key] for key in ("priority", "count", "rising_h")}
            each = ask(plan, free, train=train, goal=f"F{number}", role=f"F{number}", ra_deg=30.0 * number, **what)
            line = replace(each.request.line, goal=goal, turn=of_plan["turn"])
            claim = Claim(float(said["priority"]), immediate=1000.0 if of_plan["urgent"] else 0.0)  # type: ignore[arg-type]
            choice = ("list", 1) if of_plan["listed"] else None
            request = replace(each.request, line=line, claim=claim, choice=choice)
            asked.append(replace(each, request=request, altitude_deg=40 + 20 * np.sin(at / 100 + number)))
    return [*asked, replace(ask("transit", count=30, exposure_s=60.0), fixed=Window(grid.at(200), grid.at(260)))]


def mounts(grid: Grid, overheads: Overheads) -> list[Timeline]:
    return [Timeline(grid, {"newton": overheads}, grid.start), Timeline(grid, {"wide": overheads}, grid.at(30))]


def points(schedule: Schedule, asked: Sequence[Candidate], timelines: Sequence[Timeline]) -> float:
    return sum(of_night(schedule.blocks, asked, timelines, WEIGHTS).values())


@pytest.mark.slow
@pytest.mark.once
@LAW
@given(st.lists(GOAL, min_size=1, max_size=8))
def test_it_is_never_worth_less_the_same_each_time_and_keeps_all_promises(
    ask: Ask, grid: Grid, overheads: Overheads, goals: list[dict[str, object]]
) -> None:
    asked, timelines = drawn(ask, grid, goals), mounts(grid, overheads)
    first = tonight(asked, timelines)
    found = better(first, asked, timelines, WEIGHTS, 400)
    assert points(found, asked, timelines) >= points(first, asked, timelines)
    assert better(first, asked, timelines, WEIGHTS, 400) == found
    keeps_promises(found.blocks, asked, timelines)
    assert [each for each in found.blocks if each.fixed] == [each for each in first.blocks if each.fixed]


def keeps_promises(blocks: Sequence[Block], asked: Sequence[Candidate], timelines: Sequence[Timeline]) -> None:
    """Fail if blocks overlap, leave their windows, take too much, or break a run, a list, or a plan's one train."""
    of, taken, trains = defaultdict(list), defaultdict[str, int](int), defaultdict[str, set[str]](set)
    candidates = {(each.request.line.plan, each.request.line.key, each.request.train): each for each in asked}
    for timeline in timelines:
        mine = [each for each in blocks if each.request.train in timeline.costs]
        stands = timeline.stands
        for block, before in zip(mine, [None, *mine], strict=False):
            begin = before.end if before else timeline.begin
            waited = (block.start - begin).total_seconds()
            assert block.fixed or waited >= timeline.between(stands, aim_of(block), begin) - 0.01
            stands = timeline.then(stands, aim_of(block), block.begin)
    for block in blocks:
        request = block.request
        candidate = candidates[request.line.plan, request.line.key, request.train]
        grid = timelines[0].grid
        assert candidate.free[grid.index(block.start) : grid.index(block.end) + 1].all()
        of[request.line.key].append(block.count)
        taken[request.line.key] += block.count
        trains[request.line.plan].add(request.train)
        each_s = request.line.goal.exposure + 2.0
        if not block.fixed:
            left = candidate.request.count - taken[request.line.key] + block.count
            assert block.count >= min(least_frames(request.line, each_s), left)
            assert taken[request.line.key] <= candidate.request.count
    assert all(len(names) == 1 for names in trains.values())
    assert len({each.request.line.plan for each in blocks if each.request.choice}) <= 1


def many(ask: Ask, grid: Grid) -> list[Candidate]:
    """A dozen plans, each up for a part of the night."""
    at = np.arange(grid.count)
    return [
        ask(f"p{n}", (at >= 40 * n) & (at < 40 * n + 150), count=30, priority=3 + n % 5, ra_deg=40.0 * n, rising_h=0.5)
        for n in range(12)
    ]


def test_a_night_that_the_rules_miss_is_found(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    asked = many(ask, grid)
    timelines = [one(grid, replace(overheads, focus_every_s=0.0))]
    first = tonight(asked, timelines)
    assert points(better(first, asked, timelines, WEIGHTS), asked, timelines) > 1.02 * points(first, asked, timelines)


@pytest.mark.parametrize("tried", [(40, 160, True), (160, 20, False)])
def test_a_long_search_begins_twice_and_the_better_night_counts(
    ask: Ask, grid: Grid, overheads: Overheads, monkeypatch: pytest.MonkeyPatch, tried: tuple[int, int, bool]
) -> None:
    soon, late, gains = tried
    asked, timelines = many(ask, grid), [one(grid, replace(overheads, focus_every_s=0.0))]
    monkeypatch.setattr("obsy.engine.schedule.better.SOON", soon)
    first = tonight(asked, timelines)
    at_once, found = (better(first, asked, timelines, WEIGHTS, steps) for steps in (soon, soon + late))
    gain = points(found, asked, timelines) - points(at_once, asked, timelines)
    assert gain > 0.2 if gains else found == at_once


def test_what_can_be_taken_now_is_not_put_off_for_a_little_more_height(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    asked = [replace(ask("alone", count=30, rising_h=0.5), altitude_deg=np.linspace(30, 80, grid.count))]
    timelines = [one(grid, overheads)]
    first = tonight(asked, timelines)
    assert better(first, asked, timelines, WEIGHTS).blocks[0].start == first.blocks[0].start


def test_what_is_wanted_at_once_stays_first(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    low = np.linspace(30, 80, grid.count)  # each would be worth more later
    asked = [replace(ask(f"p{n}", count=30, rising_h=0.5, ra_deg=20.0 * n), altitude_deg=low) for n in range(4)]
    alert = replace(ask("alert", count=20, rising_h=0.5), altitude_deg=low)
    alert = replace(alert, request=replace(alert.request, claim=Claim(1.0, immediate=1000.0)))
    timelines = [one(grid, overheads)]
    found = better(tonight([*asked, alert], timelines), [*asked, alert], timelines, WEIGHTS)
    assert found.blocks[0].request.line.plan == "alert"
    assert found.blocks[0].start < grid.at(3)


@pytest.mark.long
@pytest.mark.once
def test_a_plan_moves_to_another_train_where_that_is_worth_more(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    both = [ask("long", train=train, count=150, priority=6, rising_h=0.5) for train in ("newton", "wide")]
    only = ask("only", train="newton", count=150, priority=5, ra_deg=90.0, rising_h=0.5)
    timelines = mounts(grid, overheads)
    badly = OrderedFilling(
        [*both, only], timelines, FillingRule(WEIGHTS), order_of(tonight(both[:1], timelines).blocks)
    ).filled()
    order = better_order(badly, [*both, only], timelines, WEIGHTS)
    assert {(each.goal[0], each.train) for each in order} == {("long", "wide"), ("only", "newton")}


def test_of_many_goals_only_those_that_are_tried_are_worked_out(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    asked = [ask(f"p{number}", ra_deg=number, priority=1 + number % 9) for number in range(300)]
    better_order((), asked, mounts(grid, overheads), WEIGHTS, 30)
    assert 0 < sum("quality" in vars(each) for each in asked) < 60


@pytest.mark.long
@pytest.mark.once
def test_a_bound_keeps_nothing_of_the_candidates_that_it_asks(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    asked = [ask(f"p{number}", ra_deg=number) for number in range(6)]
    assert worth(Schedule((), ()), asked, mounts(grid, overheads), WEIGHTS).at_most > 0
    assert not any({"quality", "moonless"} & vars(each).keys() for each in asked)


@pytest.mark.parametrize("steps", [0, 50])
def test_a_night_with_nothing_to_take_has_no_order(grid: Grid, overheads: Overheads, steps: int) -> None:
    assert better_order([], [], [one(grid, overheads)], WEIGHTS, steps) == ()
    assert better(Schedule((), ()), [], [one(grid, overheads)], WEIGHTS, steps) == Schedule((), ())


@pytest.mark.parametrize(
    ("goals", "tried"), [(1, (200, 300, 300)), (6, (200, 360, 360)), (40, (200, 10_000, 30_000, 9000))]
)
def test_few_goals_have_as_few_changes_as_gain_anything(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, goals: int, tried: tuple[int, ...]
) -> None:
    found: list[int] = []
    monkeypatch.setattr("obsy.engine.schedule.better.better_order", lambda *asked: found.append(asked[-1]) or ())
    asked, nothing = [ask(f"p{number}") for number in range(goals)], Schedule((), ())
    asked += [ask("never", refused=Reason("altitude", "low"))]
    for steps in ((200,), (), (9000,)):
        assert better(nothing, asked, [], WEIGHTS, *steps) is nothing
    assert tuple(found) == tried


@pytest.mark.parametrize(("goals", "tried"), [(50, 40_000), (100, 40_000), (101, 39_603), (200, 20_000)])
def test_of_hundreds_of_goals_fewer_changes_are_tried(monkeypatch: pytest.MonkeyPatch, goals: int, tried: int) -> None:
    ran: list[int] = []
    free = [SimpleNamespace(request=request(f"p{number}")) for number in range(goals)]
    annealing = SimpleNamespace(run=ran.append, best=[[(3, 7)], [(0, 2), (1, 5)]])
    monkeypatch.setattr("obsy.engine.schedule.better.search_of", lambda *_: NightSearch(free, annealing))  # type: ignore[arg-type]
    order = better_order((), (), (), WEIGHTS)
    assert [(each.goal, each.train, each.frames) for each in order] == [
        ((f"p{number}", "V-60s"), "newton", frames) for number, frames in ((3, 7), (0, 2), (1, 5))
    ]
    assert ran == [tried]


def test_a_search_begins_with_the_order_that_is_there_and_keeps_all_up_to_what_is_wanted_at_once(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    asked = [ask(f"p{number}", count=5, ra_deg=20.0 * number) for number in range(4)]
    asked[2] = replace(asked[2], request=replace(asked[2].request, claim=Claim(5.0, immediate=1000.0)))
    others = [ask("never", refused=Reason("altitude", "low")), ask("had", count=0), drawn(ask, grid, [])[0]]
    timelines = mounts(grid, overheads)
    order = [Stint(goal_of(asked[n].request), "newton", 5) for n in (3, 2, 1)]
    blocks = OrderedFilling([*others[2:], *asked], timelines, FillingRule(WEIGHTS), order).filled()
    found = search_of(blocks, [*others, *asked], timelines, WEIGHTS)
    assert found is not None
    assert [each.request for each in found.free] == [each.request for each in asked]
    newton, wide = found.annealing.orders
    assert (newton.steps, newton.kept) == ([Step(3, 5), Step(2, 5), Step(1, 5)], 2)
    assert (wide.steps, wide.kept) == ([], 0)
    assert [len(each.end.mount.booked) for each in (newton, wide)] == [1, 0], "the transit"
    fewer = search_of(blocks, [*others, *asked[:3]], timelines, WEIGHTS)
    assert fewer is not None
    assert fewer.annealing.orders[0].steps == [Step(2, 5), Step(1, 5)], "of what nobody asks for any more there is none"
    assert search_of(blocks, others, timelines, WEIGHTS) is None
