"""When the next transit can be had, of a plan that covers one and gets nothing."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from obsy.engine.declare.survey import declare
from obsy.engine.night.tally import Tally
from obsy.engine.runtime.planner import Planner, prepare
from obsy.engine.runtime.why.answer import why
from obsy.engine.runtime.why.next_event import next_events
from obsy.schemas.plan import Plan
from obsy.schemas.when import When

ROOT = Path(__file__).resolve().parents[5]


def on(day: date, **when: str) -> tuple[Planner, Plan]:
    """The night with the example's transit alone, where its plan says this instead."""
    here = prepare(declare(ROOT, ROOT / "plans" / "xo-6-b.yaml"), day)
    (plan,) = here.observatory.plans
    changed = plan.model_copy(update={"when": When.model_validate(when)}) if when else plan
    return here.with_plan(changed), changed


def test_where_no_transit_falls_in_the_night_the_next_is_told_and_no_limit_is_tried() -> None:
    here, plan = on(date(2026, 11, 29))
    told = why(here, Tally(), here.night.start, plan)
    (goal,) = told.goals
    assert goal.reason is not None
    assert goal.following is not None
    assert (goal.reason.code, told.remedies, told.tried) == ("no-transit-tonight", (), ())
    start, end = goal.following.start, goal.following.end
    assert start is not None
    assert end is not None
    then, plan = on(date(2026, 12, 6))
    blocks = then.schedule(Tally(), then.night.start).blocks
    assert blocks[0].start == start
    assert timedelta(0) <= end - blocks[-1].end < timedelta(minutes=2), "the last frame that fits"
    assert goal.following.how == "whole"


@pytest.mark.long
def test_where_a_limit_cuts_it_off_the_limit_is_tried_and_the_next_told_that_it_lets_be_had() -> None:
    here, plan = on(date(2026, 12, 6), altitude="above 53 deg")
    told = why(here, Tally(), here.night.start, plan)
    (goal,) = told.goals
    assert goal.reason is not None
    assert goal.reason.code == "cut-off"
    assert [each.key for remedy in told.remedies for each in remedy.changes] == ["altitude: above"]
    assert goal.following is None or goal.following.start is None or goal.following.start > here.night.end


def test_a_plan_that_covers_nothing_has_no_next_one() -> None:
    here = prepare(declare(ROOT, ROOT / "plans" / "m67.yaml"), date(2026, 11, 29))
    assert next_events(here, here.observatory.plans[0]) == {}


@pytest.mark.long
@pytest.mark.once
@pytest.mark.parametrize("goals", [1, 2])
def test_where_none_can_be_had_for_months_that_is_said_of_each_goal(goals: int) -> None:
    here, plan = on(date(2026, 11, 29), altitude="above 89 deg")
    several = plan.model_copy(update={"want": plan.want[:1] * goals})
    found = next_events(replace(here), several)
    assert {each.start for each in found.values()} == {None}
    assert {each.name for each in found.values()} == {"transit"}
