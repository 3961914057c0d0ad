"""What several telescopes take in several nights: what each night allows, nothing twice, and each plan by one train."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.survey import declare
from obsy.engine.declare.target import FixedTarget
from obsy.engine.progress import Progress
from obsy.engine.schedule.candidates import DoneSoFar, candidates
from obsy.engine.schedule.conditions import observing_conditions, observing_night
from obsy.engine.schedule.network import Allocation, Allotment, allocation
from obsy.engine.schedule.network_offers import STEP_S, NetworkSite
from obsy.engine.solver.problem import Answer, Problem
from obsy.engine.solver.solve import solve
from obsy.schemas.plan import Plan
from obsy.schemas.together import Together
from obsy.schemas.when import When

CLUB = Path(__file__).parents[4] / "docs" / "club"
DAYS = [date(2026, 12, 10), date(2026, 12, 11)]
BEGIN = datetime(2026, 12, 10, 12, tzinfo=UTC)


@cache
def club() -> Observatory:
    return declare(CLUB, CLUB / "plans")


def elsewhere() -> Observatory:
    """The same club a third of the way round the Earth."""
    here = club()
    return replace(here, site=here.site.model_copy(update={"name": "far", "longitude": here.site.longitude - 120.0}))


def asked(here: Observatory, done: DoneSoFar = DoneSoFar()) -> NetworkSite:  # noqa: B008
    return NetworkSite(here, done, BEGIN)


@cache
def of_club() -> Allocation:
    return allocation([asked(club())], DAYS)


def mount_of(each: Allotment) -> tuple[str, str]:
    return each.site, next(one.mount.name for one in club().instruments if one.name == each.train)


def test_everything_is_taken_when_and_with_what_its_own_night_would_allow_it() -> None:
    assert of_club().allotted
    for day in DAYS:
        conditions = observing_conditions(club(), observing_night(club(), day), STEP_S)
        able = candidates(club().plans, club().instruments, conditions, DoneSoFar(), conditions.grid.start)
        for each in (one for one in of_club().allotted if one.night == day):
            (mine,) = [
                one
                for one in able
                if (one.request.line.plan, one.request.line.key, one.request.train)
                == (each.plan, each.goal, each.train)
            ]
            first, last = conditions.grid.index(each.start), conditions.grid.index(each.end - timedelta(seconds=1))
            assert mine.free[first : last + 1].all(), each


def test_no_mount_does_two_things_at_once_and_no_goal_gets_more_than_it_wants() -> None:
    taken: Counter[tuple[str, str]] = Counter()
    by_mount: dict[tuple[str, str], list[Allotment]] = {}
    for each in of_club().allotted:
        taken[each.plan, each.goal] += each.frames
        by_mount.setdefault(mount_of(each), []).append(each)
    for mine in by_mount.values():
        assert all(a.end <= b.start for a, b in pairwise(sorted(mine, key=lambda each: each.start)))
    wanted = {(each.plan, each.goal): each.frames for each in of_club().left}
    conditions = observing_conditions(club(), observing_night(club(), DAYS[0]), STEP_S)
    for each in candidates(club().plans, club().instruments, conditions, DoneSoFar(), conditions.grid.start):
        key = each.request.line.plan, each.request.line.key
        if each.refused is None and not each.request.line.goal.cover:
            assert taken[key] + wanted.get(key, 0) == each.request.count


def test_its_worth_is_no_more_than_what_is_proven() -> None:
    assert 0 < of_club().value <= of_club().at_most


def test_two_sites_share_the_plans_and_one_train_takes_each() -> None:
    found = allocation([asked(club()), asked(elsewhere())], DAYS)
    trains = {(each.plan, each.site, each.train) for each in found.allotted}
    assert len({plan for plan, _, _ in trains}) == len(trains)
    assert found.value >= 0.99 * of_club().value  # the first answer alone, without search


def test_a_plan_stays_with_the_train_that_has_begun_it() -> None:
    plan, other = "andromeda", "colour"
    done = DoneSoFar({(plan, "OSC-120s"): Progress(1, 1, 0, 120.0, trains={other: 1})}, {plan: other})
    found = allocation([asked(club(), done)], DAYS)
    assert {each.train for each in found.allotted if each.plan == plan} == {other}


def test_what_no_night_allows_is_told_with_its_reason() -> None:
    summer = [date(2026, 6, 10)]
    found = allocation([asked(club())], summer)
    told = {each.plan: each.reason for each in found.left}
    taken = {each.plan for each in found.allotted}
    assert told.keys() | taken == {each.name for each in club().plans}
    assert all(told.values())


def test_the_same_question_has_the_same_answer() -> None:
    assert allocation([asked(club())], DAYS) == of_club()


def test_of_what_no_nights_could_hold_no_more_is_asked_than_they_could(monkeypatch: pytest.MonkeyPatch) -> None:
    goal = {"filter": "L", "exposure": "60 s", "count": 100_000}
    said = {"kind": "plan", "name": "long", "target": {"ra": "5h", "dec": "60 deg"}, "pipeline": "deep-sky"}
    plan, problems = Plan.model_validate({**said, "want": [goal]}), list[Problem]()

    def noted(problem: Problem, effort: float) -> Answer:
        problems.append(problem)
        return solve(problem, effort)

    monkeypatch.setattr("obsy.engine.schedule.network.solve", noted)
    site = asked(replace(club(), plans=(plan,), targets={"long": FixedTarget(75.0, 60.0)}))
    found = allocation([site], DAYS)
    assert len(problems[0].tasks) < 3 * len(DAYS) * 24, "two nights have no more hours on each of three trains"
    taken = sum(each.frames for each in found.allotted)
    assert taken > 500
    assert [each.frames for each in found.left] == [100_000 - taken]


@pytest.mark.parametrize("days", [[], [date(2026, 12, 10)]])
def test_fewer_nights_are_worth_no_more(days: list[date]) -> None:
    assert allocation([asked(club())], days).value <= of_club().value + 1e-6


def test_a_plan_whose_goals_are_for_different_sites_stays_with_one_though_another_plan_stands_between() -> None:
    """The first goal has its hours in the night of one site, the second, first had a night later, in the other's."""
    asks = {"filter": "L", "exposure": "60 s", "count": 20}
    here = {**asks, "name": "here", "when": {"dates": "after 2026-12-10 19:00 UTC and before 2026-12-10 23:00 UTC"}}
    there = {**asks, "name": "there", "when": {"dates": "after 2026-12-12 08:00 UTC and before 2026-12-12 12:00 UTC"}}
    there_is = {"ra": "5h", "dec": "60 deg"}
    plans = tuple(
        Plan.model_validate({"kind": "plan", "name": name, "target": there_is, "want": want, "pipeline": "deep-sky"})
        for name, want in (("torn", [here, there]), ("between", [asks]))
    )
    there_are = {each.name: FixedTarget(75.0, 60.0) for each in plans}
    sites = [replace(each, plans=plans, targets=there_are) for each in (club(), elsewhere())]
    found = allocation([asked(each) for each in sites], DAYS)
    assert Counter(each.plan for each in found.allotted) == {"torn": 1, "between": 1}
    assert [(each.plan, each.frames) for each in found.left] == [("torn", 20)]
    takes = next(each for each in found.allotted if each.plan == "torn")
    assert found.left[0].reason == (
        f"its plan goes to {takes.train} at {takes.site}, which cannot have this goal in these nights"
    )


def together(of: str | None, *names: str) -> Observatory:
    """The club, some of whose plans count only as a whole: of `of`, or each alone."""
    bond = Together(within="one night", of=of)
    plans = (
        each.model_copy(update={"together": bond}) if each.name in names else each
        for each in club().plans
        if all(goal.cover is None for goal in each.want)
    )
    return replace(club(), plans=tuple(plans))


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize("of", [None, "all"])
def test_what_counts_together_is_had_in_one_night_or_not_at_all(of: str | None) -> None:
    here = together(of, *(each.name for each in club().plans))
    found = allocation([asked(here)], DAYS)
    bonds = {plan.name: str(plan.bond) for plan in here.plans}
    nights: dict[str, set[date]] = {}
    for each in found.allotted:
        nights.setdefault(bonds[each.plan], set()).add(each.night)
    assert all(len(of_bond) == 1 for of_bond in nights.values())
    lacking = {bonds[each.plan] for each in found.left}
    assert not lacking & set(nights)
    assert nights or of is not None


def test_a_whole_that_lacks_one_goal_is_taken_nowhere_and_says_so() -> None:
    alone = {plan.name for plan in together(None).plans}
    had, never, *_ = dict.fromkeys(each.plan for each in of_club().allotted if each.plan in alone)
    high = When.model_validate({"altitude": "above 89.9 deg"})
    pair = together("pair", had, never)
    plans = (plan.model_copy(update={"when": high}) if plan.name == never else plan for plan in pair.plans)
    both = allocation([asked(replace(pair, plans=tuple(plans)))], DAYS)
    assert {had, never}.isdisjoint(each.plan for each in both.allotted)
    (why, *_) = (each.reason for each in both.left if each.plan == had)
    assert "counts only together" in why


def test_a_whole_may_be_had_of_two_sites_in_one_night() -> None:
    ask = {"filter": "L", "exposure": "60 s", "count": 20}
    hours = {"here": ("2026-12-10 19:00", "2026-12-10 23:00"), "there": ("2026-12-11 08:00", "2026-12-11 12:00")}
    said = {"kind": "plan", "target": {"ra": "5h", "dec": "60 deg"}, "pipeline": "deep-sky", "want": [ask]}
    plans = tuple(
        Plan.model_validate(
            {
                **said,
                "name": name,
                "together": "one night of pair",
                "when": {"dates": f"after {a} UTC and before {b} UTC"},
            }
        )
        for name, (a, b) in hours.items()
    )
    there_are = {each.name: FixedTarget(75.0, 60.0) for each in plans}
    sites = [asked(replace(each, plans=plans, targets=there_are)) for each in (club(), elsewhere())]
    assert {each.plan: each.frames for each in allocation(sites, DAYS).allotted} == {"here": 20, "there": 20}
    assert not allocation(sites[:1], DAYS).allotted
