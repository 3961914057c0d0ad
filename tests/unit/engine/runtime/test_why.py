"""Why a plan gets no time: the limit, its margin, the rivals, and remedies that hold when they are carried out."""

import json
from dataclasses import asdict
from datetime import date
from functools import cache
from math import inf
from pathlib import Path

import pytest

from obsy.engine.declare.survey import declare
from obsy.engine.night.tally import Tally
from obsy.engine.runtime.planner import Planner, prepare
from obsy.engine.runtime.why import Why, _miss, why
from obsy.schemas.when import When

pytestmark = pytest.mark.slow(minutes=0.3)
ROOT = Path(__file__).resolve().parents[4]
NIGHT = date(2026, 11, 26)
"""Two days after full Moon, which stands near M 67 and lights up the rest."""


@cache
def planner() -> Planner:
    return prepare(declare(ROOT, ROOT / "plans"), NIGHT)


@cache
def told(name: str) -> Why:
    here = planner()
    (plan,) = (each for each in here.observatory.plans if each.name == name)
    return why(here, Tally(), here.night.start, plan)


def frames(name: str, **changed: object) -> int:
    """How many frames a plan is given, if it says this instead."""
    here = planner()
    (plan,) = (each for each in here.observatory.plans if each.name == name)
    blocks = here.with_plan(plan.model_copy(update=changed)).schedule(Tally(), here.night.start).blocks
    return sum(each.count for each in blocks if each.request.line.plan == name)


def away(farther_than: float) -> When:
    """What M 67's plan asks for, with another distance from the Moon."""
    (plan,) = (each for each in planner().observatory.plans if each.name == "m67")
    return When.model_validate({**plan.when.said(), "moon": {"farther_than": f"{farther_than} deg"}})


def test_the_limit_in_the_way_is_told_with_what_it_misses_by() -> None:
    for goal in told("m67").goals:
        (miss,) = goal.misses
        assert (goal.placed, miss.limit, miss.unit) == (0, "moon", "deg")
        assert miss.margin is not None
        assert -10.0 < miss.margin < 0.0
        assert goal.rivals == {}


def test_the_smallest_looser_limit_gets_time_and_a_step_less_gets_none() -> None:
    (remedy,) = (each for each in told("m67").remedies if each.key == "moon: farther than")
    step = float(remedy.new.removesuffix(" deg"))
    assert remedy.old == "40 deg"
    assert step < 40.0
    assert frames("m67") == frames("m67", when=away(step + 5.0)) == 0 < frames("m67", when=away(step))


def test_who_is_crowded_out_is_told_by_whom_and_which_priority_would_do() -> None:
    crowded = [goal for goal in told("m31").goals if goal.reason is not None]
    assert {goal.reason.code for goal in crowded if goal.reason} == {"no-time-left"}
    assert all(goal.rivals and "m31" not in goal.rivals and goal.misses == () for goal in crowded)
    (remedy,) = (each for each in told("m31").remedies if each.key == "priority:")
    assert remedy.gained_s > 0
    assert frames("m31") == 0 < frames("m31", priority=int(remedy.new))
    assert frames("m31", priority=int(remedy.new) - 1) == 0


def test_what_gets_all_that_it_wants_needs_no_remedy() -> None:
    assert told("heart").remedies == ()
    assert all(goal.reason is None and 0 < goal.placed <= goal.wanted for goal in told("heart").goals)


def test_a_date_that_is_past_is_missed_by_days_and_what_knows_no_nearer_by_nothing_that_json_cannot_say() -> None:
    here = planner()
    (plan,) = (each for each in here.observatory.plans if each.name == "heart")
    past = plan.model_copy(update={"when": When.model_validate({**plan.when.said(), "dates": "before 2026-10-01"})})
    told = why(here.with_plan(past), Tally(), here.night.start, past)
    misses = [miss for goal in told.goals for miss in goal.misses]
    assert {(miss.limit, miss.unit) for miss in misses} == {("dates", "d")}
    assert all(miss.margin is not None and miss.margin < -50.0 for miss in misses)
    assert past.when.dates is not None
    assert _miss(past.when.dates, -inf, here.night.start).margin is None
    assert json.loads(json.dumps(asdict(told), default=str, allow_nan=False))["remedies"] == []
