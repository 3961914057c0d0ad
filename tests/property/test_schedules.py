"""Schedules of nights drawn by lot, verified by astropy and by what is declared alone: never by obsy's own windows."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obsy.engine.night.tally import Tally
from obsy.engine.progress import Progress
from obsy.engine.runtime.planner import prepare
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.value import of_night
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.people import Person, Share
from obsy.schemas.plan import Goal, Plan
from tests.support.bonds import draw_bonds
from tests.support.checker import violations
from tests.support.effort import EFFORT, costly
from tests.support.judge import Had, Judge, taken_by
from tests.support.playing import planned, played, recurs
from tests.support.problems import draw
from tests.support.wide import draw_wide

STEPS = st.sampled_from((0, 500))


@pytest.mark.long
@settings(max_examples=costly(40), deadline=None)
@given(chance=st.randoms(use_true_random=False), goals=st.integers(1, 8), many=st.booleans(), steps=STEPS)
def test_no_schedule_breaks_what_is_declared(chance: Random, goals: int, many: bool, steps: int) -> None:
    problem = draw(chance, goals, many=many)
    assert violations(problem.observatory, planned(problem, steps)) == []


@pytest.mark.long
@settings(max_examples=costly(20), deadline=None)
@given(chance=st.randoms(use_true_random=False), goals=st.integers(3, 12), many=st.booleans(), steps=STEPS)
def test_what_counts_together_is_had_whole_or_not_at_all(chance: Random, goals: int, many: bool, steps: int) -> None:
    problem = draw_bonds(chance, draw(chance, goals, many=many))
    assert violations(problem.observatory, planned(problem, steps)) == []


@pytest.mark.slow
@settings(max_examples=costly(40), deadline=None)
@given(chance=st.randoms(use_true_random=False), plans=st.integers(1, 8), many=st.booleans(), steps=STEPS)
def test_no_schedule_of_all_that_may_be_declared_breaks_it(chance: Random, plans: int, many: bool, steps: int) -> None:
    problem = draw_wide(chance, plans, many=many)
    assert violations(problem.observatory, planned(problem, steps)) == []


@pytest.mark.slow(minutes=EFFORT)
@pytest.mark.once
@pytest.mark.timeout(1200)
def test_none_of_fifty_does() -> None:  # of five hundred, in `make drills`
    found = {}
    for seed in range(50 * EFFORT):
        chance = Random(seed)
        drawn = draw_wide if seed % 2 else draw
        problem = drawn(chance, chance.randint(1, 16), many=chance.random() < 0.5)
        steps = 2000 if seed % 4 > 1 else 0  # of both kinds of nights, the better answer and the first
        if told := violations(problem.observatory, planned(problem, steps)):
            found[seed] = told
    assert not found


@pytest.mark.slow(minutes=EFFORT)
@pytest.mark.once
@pytest.mark.timeout(1200)
def test_no_night_that_goes_on_block_by_block_breaks_what_is_declared() -> None:
    found, nights = {}, 0
    for seed in count():
        chance = Random(seed)
        problem = draw_wide(chance, chance.randint(1, 5), many=chance.random() < 0.5)
        if not recurs(problem):
            continue
        nights += 1
        if told := violations(problem.observatory, played(problem), played=True):
            found[seed] = told
        if nights == 8 * EFFORT:
            break
    assert not found


@pytest.mark.slow
@pytest.mark.once
def test_what_breaks_it_is_seen() -> None:
    problem = draw(Random(4), 8)
    schedule, stands = planned(problem), problem.observatory
    first, last = schedule[0], schedule[-1]
    assert violations(stands, schedule) == []
    assert violations(stands, [*schedule, first._replace(start=first.start + timedelta(seconds=30))])
    assert violations(stands, [*schedule, last._replace(start=last.start + timedelta(hours=5))])
    assert violations(stands, [each._replace(start=each.start - timedelta(hours=6)) for each in schedule])
    assert violations(stands, [each._replace(each_s=each.each_s - 2) for each in schedule])
    assert violations(stands, [each._replace(count=each.count * 40) for each in schedule])
    low = [m.model_copy(update={"altitude": Altitude.model_validate("above 89 deg")}) for m in stands.mounts]
    lower = tuple(replace(each, mount=low[0]) for each in stands.instruments)
    assert violations(replace(stands, instruments=lower), schedule)


@pytest.mark.long
@pytest.mark.once
@pytest.mark.parametrize(
    ("seed", "goals"), [(2, 2), *(pytest.param(seed, 5, marks=pytest.mark.slow) for seed in (0, 1, 8))]
)
def test_the_value_by_which_obsy_chooses_is_that_of_the_manual(seed: int, goals: int) -> None:
    problem = draw(Random(seed), goals, many=bool(seed % 2))
    planner = prepare(problem.observatory, problem.day)
    stands, grid, begin = problem.observatory, planner.conditions.grid, planner.night.start
    trains = [[each.name for each in stands.instruments if each.mount == mount] for mount in stands.mounts]
    places = [Timeline(grid, {name: planner.costs[name] for name in names}, grid.start) for names in trains]
    schedule = planner.schedule(Tally(), begin)
    night = of_night(schedule.blocks, planner.asked(Tally(), begin), places, stands.value)
    judged = Judge(stands, problem.day, grid.start, grid.end).score(taken_by(schedule, stands))
    assert sum(judged.values()) == pytest.approx(sum(night.values()), rel=3e-3)
    assert {key: value for key, value in judged.items() if value} == pytest.approx(
        {key: value for key, value in night.items() if value}, rel=0.02, abs=0.05
    )


@pytest.mark.slow
@pytest.mark.once
def test_what_a_group_is_owed_counts_as_the_manual_says() -> None:
    problem = draw(Random(2), 4)
    first, *others = problem.observatory.plans
    served = {each.name: problem.observatory.targets[each.name] for each in problem.observatory.plans}
    before = first.model_copy(update={"name": "before", "want": (_unserved(first),), "owner": "ana"})
    people = (Person.model_validate({"kind": "person", "name": "ana", "called": "Ana", "groups": ["school"]}),)
    shares = (Share.model_validate({"kind": "share", "name": "s", "group": "school", "time": "50 %", "over": "9 d"}),)
    other = before.model_copy(update={"name": "other", "owner": None})
    plans = (first.model_copy(update={"owner": "ana"}), *others, before, other)
    targets = {**served, "before": served[first.name], "other": served[first.name]}
    stands = replace(problem.observatory, plans=plans, targets=targets, people=people, shares=shares)
    planner = prepare(stands, problem.day)
    begin, grid = planner.night.start, planner.conditions.grid
    times = {"before": [grid.start - timedelta(days=n) for n in (2, 3, 30)], "other": [grid.start] * 7}
    times["gone"] = [grid.start] * 50  # whose it was nobody knows
    done = {
        (plan, "none"): Progress(len(at), len(at), 0, 1800.0 * len(at), tuple(sorted(at))) for plan, at in times.items()
    }
    had = [Had(plan, 0.5, when) for plan, at in times.items() for when in at]
    tally = Tally(progress=done)
    place = [Timeline(grid, planner.costs, grid.start)]
    schedule = planner.schedule(tally, begin)
    night = of_night(schedule.blocks, planner.asked(tally, begin), place, stands.value)
    judged = Judge(stands, problem.day, grid.start, grid.end, had).score(taken_by(schedule, stands))
    assert judged["share"] > 0.0
    assert judged["share"] == pytest.approx(night["share"], rel=1e-9)


def _unserved(plan: Plan) -> Goal:
    """A goal that no train can take."""
    return plan.want[0].model_copy(update={"filter": ("W",)})
