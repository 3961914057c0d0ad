"""Schedules of nights drawn by lot, verified by astropy and by what is declared alone: never by obsy's own windows."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.target import FixedTarget
from obsy.engine.night.tally import Tally
from obsy.engine.progress import Progress
from obsy.engine.runtime.planner import prepare
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.value import of_night
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.people import Person, Share
from obsy.schemas.plan import Goal, Plan
from tests.support.almanac import Almanac, dark_deg, margins
from tests.support.effort import costly
from tests.support.judge import Had, Judge, Taken, taken_by, total_frames
from tests.support.problems import Problem, draw

EDGE_DEG = 0.02
"""An edge is good to some seconds, in which the sky turns by so much."""


def planned(problem: Problem) -> list[Taken]:
    """What obsy plans for a night, in order of time."""
    planner = prepare(problem.observatory, problem.day)
    if planner.night.dusk is None:
        return []
    return sorted(taken_by(planner.schedule(Tally(), planner.night.start), problem.observatory), key=lambda t: t.start)


def violations(stands: Observatory, schedule: Sequence[Taken]) -> list[str]:
    """What a schedule breaks of what is declared, in words."""
    return [*_overfilled(stands, schedule), *_outside(stands, schedule), *_too_hasty(stands, schedule)]


def _overfilled(stands: Observatory, schedule: Sequence[Taken]) -> list[str]:
    plans = {each.name: each for each in stands.plans}
    counts = Counter[tuple[str, int, str]]()
    trains = defaultdict[str, set[str]](set)
    for each in schedule:
        counts[each.plan, each.goal, each.filter] += each.count
        trains[each.plan].add(each.train)
    most = {key: total_frames(plans[key[0]].want[key[1]]) for key in counts}
    found = [f"{key} has {counts[key]} of {most[key]} frames" for key in counts if counts[key] > most[key]]
    return found + [f"{plan} goes to {sorted(names)}" for plan, names in trains.items() if len(names) > 1]


def _outside(stands: Observatory, schedule: Sequence[Taken]) -> list[str]:
    """What is taken when something that is declared forbids it: at the beginning, in the middle or at the end."""
    plans, found = {each.name: each for each in stands.plans}, []
    reach = {each.name: each.mount.altitude for each in stands.instruments}
    spans = [(each, *_span(each)) for each in schedule]
    moments = [(each, start + part * (end - start)) for each, start, end in spans for part in (0.0, 0.5, 1.0)]
    if not moments:
        return []
    sky = Almanac(stands.site.location, [when for _, when in moments])
    targets = [stands.targets[each.plan] for each, _ in moments]
    assert all(isinstance(target, FixedTarget) for target in targets)
    seen = sky.seen(np.array([t.ra_deg for t in targets]), np.array([t.dec_deg for t in targets]))  # type: ignore[union-attr]
    for n, (each, when) in enumerate(moments):
        plan = plans[each.plan]
        goal = plan.want[each.goal]
        if sky.sun_deg[n] > dark_deg(plan, goal, stands.safety.sun.roof.below) + EDGE_DEG:
            found.append(f"{each.plan} at {when}: the Sun stands at {sky.sun_deg[n]:.3f} deg")
        for word, margin in margins(plan, goal, reach[each.train], sky, seen):
            if margin[n] < -(1.0 if word == "dates" else 0.15 if word in {"airmass", "moon"} else EDGE_DEG):
                found.append(f"{each.plan} at {when}: {word} is broken by {-margin[n]:.3f}")
        german = next(i.mount.meridian for i in stands.instruments if i.name == each.train)
        start, end = (seen.hour_angle_h[n - n % 3 + k] for k in (0, 2))
        if german is not None and start < 0 < end and end > german.past / 3600 + 1e-3:
            found.append(f"{each.plan} at {when}: tracked {end:.3f} h past the meridian")
    return found


def _span(each: Taken) -> tuple[datetime, datetime]:
    return each.start, each.start + timedelta(seconds=each.count * each.each_s)


def _too_hasty(stands: Observatory, schedule: Sequence[Taken]) -> list[str]:
    """What begins before the mount can be there, the filter in its place, and the last file on the disk."""
    trains, found = {each.name: each for each in stands.instruments}, []
    for each in schedule:
        train = trains[each.train].train
        exposure = next(p for p in stands.plans if p.name == each.plan).want[each.goal].exposure
        if each.each_s < exposure + train.camera.download - 1e-6:
            found.append(f"{each.plan}: frames follow within {each.each_s} s")
    for mount in {each.mount for each in schedule}:
        mine = [each for each in schedule if each.mount == mount]
        for before, after in zip(mine, mine[1:], strict=False):
            gap = (after.start - _span(before)[1]).total_seconds()
            if gap < (needed := _needed_s(stands, before, after)) - 0.01 * max(1.0, needed):
                found.append(f"{after.plan} begins {gap:.1f} s after {before.plan}, which takes {needed:.1f} s")
    return found


def _needed_s(stands: Observatory, before: Taken, after: Taken) -> float:
    """The least that lies between two: a filter's change, and a slew with its settling."""
    of = next(each for each in stands.instruments if each.name == after.train)
    changed = (before.train, before.filter) != (after.train, after.filter)
    needed = of.train.filters.change if changed and of.train.filters is not None else 0.0
    if before.plan != after.plan:
        one, other = (stands.targets[each.plan] for each in (before, after))
        assert isinstance(one, FixedTarget)
        assert isinstance(other, FixedTarget)
        d1, d2 = np.radians([one.dec_deg, other.dec_deg])
        turn = np.radians(one.ra_deg - other.ra_deg)
        way = np.degrees(np.arccos(np.clip(np.sin(d1) * np.sin(d2) + np.cos(d1) * np.cos(d2) * np.cos(turn), -1, 1)))
        flips = of.mount.meridian.flip if of.mount.meridian is not None else np.inf
        needed += min(float(way) / of.mount.slew, flips) + of.mount.settle
    return needed


@settings(max_examples=costly(40), deadline=None)
@given(chance=st.randoms(use_true_random=False), goals=st.integers(1, 8), many=st.booleans())
def test_no_schedule_breaks_what_is_declared(chance: Random, goals: int, many: bool) -> None:
    problem = draw(chance, goals, many=many)
    assert violations(problem.observatory, planned(problem)) == []


@pytest.mark.slow(minutes=6)
@pytest.mark.once
@pytest.mark.timeout(1200)
def test_none_of_five_hundred_does() -> None:
    found = {}
    for seed in range(500):
        chance = Random(seed)
        problem = draw(chance, chance.randint(1, 16), many=chance.random() < 0.5)
        if told := violations(problem.observatory, planned(problem)):
            found[seed] = told
    assert not found


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


@pytest.mark.once
def test_what_a_group_is_owed_counts_as_the_manual_says() -> None:
    problem = draw(Random(2), 4)
    first, *others = problem.observatory.plans
    served = {each.name: problem.observatory.targets[each.name] for each in problem.observatory.plans}
    before = first.model_copy(update={"name": "before", "want": (_unserved(first),), "owner": "ana"})
    people = (Person.model_validate({"kind": "person", "name": "ana", "called": "Ana", "groups": ["school"]}),)
    shares = (Share.model_validate({"kind": "share", "name": "s", "group": "school", "time": "50 %", "over": "9 d"}),)
    plans = (first.model_copy(update={"owner": "ana"}), *others, before)
    targets = {**served, "before": served[first.name]}
    stands = replace(problem.observatory, plans=plans, targets=targets, people=people, shares=shares)
    planner = prepare(stands, problem.day)
    begin, grid = planner.night.start, planner.conditions.grid
    times = {"before": [grid.start - timedelta(days=n) for n in (2, 3, 30)], "gone": [grid.start] * 7}
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
