"""Why a plan gets no time: the limit, its margin, the rivals, and remedies that hold when they are carried out."""

import json
import os
from dataclasses import asdict, replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from obsy.engine.declare.survey import declare
from obsy.engine.night.tally import Tally
from obsy.engine.progress import Progress
from obsy.engine.runtime.planner import Planner, prepare
from obsy.engine.runtime.seeking import AtOnce
from obsy.engine.runtime.why import trials
from obsy.engine.runtime.why.answer import Why, _miss, _misses, why
from obsy.engine.runtime.why.beside import WorkBeside
from obsy.engine.runtime.why.changes import untried
from obsy.engine.runtime.why.wider import LOOSER, looser
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.policy import SunHeightLimit
from obsy.schemas.when import When

pytestmark = pytest.mark.slow(minutes=0.3)
ROOT = Path(__file__).resolve().parents[5]
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
    (change,) = (each for remedy in told("m67").remedies for each in remedy.changes)
    step = float(change.new.removesuffix(" deg"))
    assert (change.key, change.old) == ("moon: farther than", "40 deg")
    assert told("m67").remedies[0].smallest
    assert step < 40.0
    assert frames("m67") == frames("m67", when=away(step + 1.0)) == 0 < frames("m67", when=away(step))


def test_what_other_cores_plan_is_what_is_planned_here(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, copies, take_over = list[object](), list[int](), WorkBeside.__init__

    def noted(work: WorkBeside, process: int, told: int) -> None:
        copies.append(process)
        take_over(work, process, told)

    monkeypatch.setattr(WorkBeside, "__init__", noted)
    for cores in (0, 1, 3):
        monkeypatch.setattr(trials, "spare_cores", lambda cores=cores: cores)
        told.cache_clear()
        begun.append(told("m67"))
    assert begun[0] == begun[1] == begun[2]
    assert copies
    for each in copies:
        with pytest.raises(ChildProcessError):
            os.waitpid(each, os.WNOHANG)


def test_who_is_crowded_out_is_told_by_whom_and_which_priority_would_do() -> None:
    crowded = [goal for goal in told("ss-cyg").goals if goal.reason is not None]
    assert {goal.reason.code for goal in crowded if goal.reason} == {"no-time-left"}
    assert all(goal.rivals and "ss-cyg" not in goal.rivals and goal.misses == () for goal in crowded)
    (change,) = (each for remedy in told("ss-cyg").remedies for each in remedy.changes if each.key == "priority:")
    before = frames("ss-cyg")
    assert before == frames("ss-cyg", priority=int(change.new) - 1) < frames("ss-cyg", priority=int(change.new))


def test_a_remedy_gets_what_a_dry_run_of_the_changed_plan_gives() -> None:
    here = replace(prepare(declare(ROOT, ROOT / "plans"), date(2026, 12, 10)), seeking=AtOnce())
    (plan,) = (each for each in here.observatory.plans if each.name == "ceres")
    found = why(here, Tally(), here.night.start, plan)
    left = {goal.goal for goal in found.goals if goal.reason}

    def exposed_s(priority: int) -> float:
        changed = here.with_plan(plan.model_copy(update={"priority": priority}))
        blocks = [each for each in changed.schedule(Tally(), here.night.start).blocks if each.request.line.key in left]
        mine = [each for each in blocks if each.request.line.plan == plan.name]
        return sum(each.count * each.request.line.goal.exposure for each in mine)

    (remedy,) = (each for each in found.remedies if each.changes[0].key == "priority:")
    assert remedy.gained_s == exposed_s(int(remedy.changes[0].new)) > 0
    assert not any(exposed_s(each) for each in range(plan.priority, int(remedy.changes[0].new)))


def test_what_was_tried_is_told_and_so_is_each_limit_of_a_sort_that_is_not_loosened() -> None:
    (plan,) = (each for each in planner().observatory.plans if each.name == "m67")
    never = {"season": "after 06-01 and before 07-01", "sun": "below -18 deg", "altitude": "above 89 deg"}
    asked = plan.model_copy(update={"when": When.model_validate({**plan.when.said(), **never})})
    found = why(planner().with_plan(asked), Tally(), planner().night.start, asked)
    assert found.remedies == ()
    assert {(each.key, each.new) for each in found.tried} == {
        ("altitude: above", "0 deg"), ("airmass: below", "5"), ("moon: farther than", "0 deg"), ("priority:", "10"),
        ("season: after", "12-01"), ("season: before", "12-31"),
    }  # fmt: skip
    assert found.untried == untried(asked, ["B-60s"]) == ("sun",)
    assert untried(asked, []) == ()


def out_of(**limits: str) -> Why:
    """Why the heart nebula gets nothing, whose plan asks for this besides."""
    here = planner()
    (plan,) = (each for each in here.observatory.plans if each.name == "heart")
    asked = plan.model_copy(update={"when": When.model_validate({**plan.when.said(), **limits})})
    return why(here.with_plan(asked), Tally(), here.night.start, asked)


@pytest.mark.parametrize(
    ("limits", "key", "old", "new", "begins"),
    [
        ({"season": "after 12-01 and before 03-01"}, "season: after", "12-01", "11-26", "2026-12-01"),
        ({"season": "after 09-01 and before 11-20"}, "season: before", "11-20", "11-26", None),
        ({"dates": "after 2026-12-01"}, "dates: after", "2026-12-01", "2026-11-26", "2026-12-01"),
        ({"dates": "before 2026-11-20"}, "dates: before", "2026-11-20", "2026-11-26", None),
    ],
)
def test_the_first_night_of_a_season_or_a_date_that_would_do_is_told_and_what_one_may_wait_for(
    limits: dict[str, str], key: str, old: str, new: str, begins: str | None
) -> None:
    (remedy,) = out_of(**limits).remedies
    (change,) = remedy.changes
    assert (change.key, change.old, change.new, change.begins, remedy.smallest) == (key, old, new, begins, True)
    ((word, said),) = limits.items()
    for day, gets in ((new, True), (str(int(new[-2:]) + (1 if begins else -1)), False)):
        changed = said.replace(old, new[:-2] + day[-2:])
        assert (frames("heart", when=When.model_validate({**HEART, word: changed})) > 0) is gets


HEART = {"altitude": "above 35 deg"}


@pytest.mark.parametrize("said", ["after 2027-06-30", "after 2039-01-01", "before 2020-03-01"])
def test_the_nights_own_date_is_tried_however_far_it_lies(said: str) -> None:
    (remedy,) = out_of(dates=said).remedies
    (change,) = remedy.changes
    assert (change.new, remedy.smallest) == ("2026-11-26", True)
    assert change.begins == (said.removeprefix("after ") if said.startswith("after") else None)


def test_before_it_is_said_that_nothing_helps_the_widest_pair_is_planned_as_the_dry_run_does(here: Path) -> None:
    want = "want: [{filter: L, exposure: 120 s, count: 20}]\nwhen: {altitude: above 30 deg}\npipeline: deep-sky\n"
    (here / "plans" / "w.yaml").write_text(f"kind: plan\nname: w\ntarget: M 104\n{want}")
    planner = replace(prepare(declare(here, here / "plans"), date(2026, 11, 21)), seeking=AtOnce())
    (plan,) = (each for each in planner.observatory.plans if each.name == "w")
    (remedy,) = why(planner, Tally(), planner.night.start, plan).remedies
    lower, higher = remedy.changes
    assert (lower.key, higher.key) == ("altitude: above", "priority:")
    changed = {"when": When.model_validate({"altitude": f"above {lower.new}"}), "priority": int(higher.new)}
    blocks = planner.with_plan(plan.model_copy(update=changed)).schedule(Tally(), planner.night.start).blocks
    mine = [each.count * 120.0 for each in blocks if each.request.line.plan == "w"]
    assert remedy.gained_s == sum(mine) > 0


def test_half_an_hour_more_about_the_meridian_is_told() -> None:
    (remedy,) = out_of(meridian="within 0 h").remedies
    (change,) = remedy.changes
    assert (change.key, change.old, remedy.smallest) == ("meridian: within", "0 h", True)
    assert frames("heart", when=When.model_validate({**HEART, "meridian": f"within {change.new}"})) > 0


def test_a_visit_that_is_not_due_yet_is_told_how_often_it_would_have_to_come() -> None:
    here = planner()
    (plan,) = (each for each in here.observatory.plans if each.name == "ss-cyg")
    dusk = here.night.start
    seen = [dusk - timedelta(hours=30), dusk - timedelta(hours=30, minutes=-2), dusk - timedelta(hours=30, minutes=-4)]
    tally = Tally({("ss-cyg", key): Progress(accepted_at=tuple(seen), accepted=3) for key in ("B-60s", "V-60s")})
    found = why(here, tally, dusk, plan)
    assert {each.reason.code for each in found.goals if each.reason} == {"not-due"}
    (change,) = (each for one in found.remedies for each in one.changes if each.key == "every:")
    assert (change.old, change.goals) == ("2 d", ())
    hours = int(change.new.removesuffix(" h"))
    assert 24 < hours < 48

    def gets(every_h: int) -> int:
        want = tuple(goal.model_copy(update={"every": every_h / 24}) for goal in plan.want)
        blocks = here.with_plan(plan.model_copy(update={"want": want})).schedule(tally, dusk).blocks
        return sum(each.count for each in blocks if each.request.line.plan == "ss-cyg")

    assert gets(hours) > 0 == gets(hours + 1)


def test_where_a_plans_own_goals_have_the_time_they_are_told() -> None:
    here = planner()
    (plan,) = (each for each in here.observatory.plans if each.name == "m31")
    alone = replace(here, observatory=replace(here.observatory, plans=(plan,)))
    crowded = [goal for goal in why(alone, Tally(), here.night.start, plan).goals if goal.reason]
    assert crowded
    assert all(goal.rivals and all(each.startswith("its own ") for each in goal.rivals) for goal in crowded)


def test_each_goal_with_limits_of_its_own_has_its_remedy() -> None:
    here = planner()
    (plan,) = (each for each in here.observatory.plans if each.name == "m67")
    (goal,) = plan.want
    own = [goal.model_copy(update={"filter": (of,), "when": away(60.0 + ord(of) % 9)}) for of in goal.filter]
    changed = plan.model_copy(update={"want": tuple(own)})
    found = why(here.with_plan(changed), Tally(), here.night.start, changed).remedies
    assert {each.goals for one in found for each in one.changes} == {(each.goal,) for each in told("m67").goals}


def test_the_moons_share_is_missed_in_percent_and_no_change_goes_past_what_the_schema_takes() -> None:
    here = planner()
    (plan,) = (each for each in here.observatory.plans if each.name == "m67")
    new = plan.model_copy(update={"when": When.model_validate({**plan.when.said(), "moon": "fainter than 1 %"})})
    found = why(here.with_plan(new), Tally(), here.night.start, new)
    assert {(miss.limit, miss.unit) for goal in found.goals for miss in goal.misses} == {("moon", "%")}
    (remedy,) = found.remedies
    assert When.model_validate({"moon": f"fainter than {remedy.changes[0].new}"}).moon is not None


@pytest.mark.parametrize(("key", "part"), LOOSER)
@given(old=st.floats(-3.0, 90.0))
def test_tries_are_ever_looser_round_and_end_at_the_most_that_the_schema_takes(key: str, part: str, old: float) -> None:
    step, most, sign = LOOSER[key, part]
    assume(key not in {"hour_angle", "meridian"} or abs(old) <= 12.0)
    tries = looser(old, step, most)
    assert all((later - before) * step > 0 for before, later in pairwise([old, *tries]))
    assert all(When.model_validate({key: {part: f"{each}{sign}"}}) for each in tries if each > 1 or key == "hour_angle")
    assert tries[-1:] == [most] * ((most - old) * step > 0)


def test_a_limit_that_is_kept_is_not_told_where_a_cadence_keeps_the_goal_off() -> None:
    (asked, *_) = (
        each for each in planner().asked(Tally(), planner().night.start) if each.request.line.plan == "heart"
    )
    assert not [*_misses(replace(asked, free=np.zeros_like(asked.free)), planner(), np.ones_like(asked.free))]


def test_the_best_that_is_told_lies_ahead() -> None:
    here = planner()
    (plan,) = (each for each in here.observatory.plans if each.name == "m67")
    best = max(miss.at for goal in told("m67").goals for miss in goal.misses)
    now = best + timedelta(hours=1)
    later = [miss for goal in why(here, Tally(), now, plan).goals for miss in goal.misses]
    assert later
    assert all(miss.at >= now for miss in later)


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
    (remedy,) = json.loads(json.dumps(asdict(told), default=str, allow_nan=False))["remedies"]
    assert [each["new"] for each in remedy["changes"]] == [str(NIGHT)]


def test_what_knows_no_nearer_is_missed_by_nothing() -> None:
    track = planner().conditions.tracks["heart"]
    season = When.model_validate({"season": "after 06-01 and before 07-01"}).season
    assert season is not None
    assert _miss(season, track, 0, "plan").margin is None


def test_where_no_limit_alone_does_the_smallest_two_are_told_and_each_is_needed() -> None:
    here = planner()
    (plan,) = (each for each in here.observatory.plans if each.name == "m67")
    height = max(here.conditions.tracks["m67"].altitude_deg)
    high = {**plan.when.said(), "moon": "farther than 50 deg", "altitude": f"above {height + 2:.0f} deg"}
    asked = plan.model_copy(update={"when": When.model_validate(high)})
    (remedy,) = why(here.with_plan(asked), Tally(), here.night.start, asked).remedies
    assert {each.key for each in remedy.changes} == {"altitude: above", "moon: farther than"}
    said = {each.key.split(":")[0]: each.key.split(": ")[1] + " " + each.new for each in remedy.changes}
    for key, new in said.items():
        assert frames("m67", when=When.model_validate({**high, key: new})) == 0
    assert frames("m67", when=When.model_validate(high | said)) > 0
    assert remedy.gained_s > 0
    assert remedy.smallest


def test_what_the_mount_forbids_is_named_as_the_mounts() -> None:
    here = planner()
    (plan,) = (each for each in here.observatory.plans if each.name == "m67")
    reach = Altitude.model_validate("above 89 deg")
    low = tuple(
        replace(each, mount=each.mount.model_copy(update={"altitude": reach})) for each in here.observatory.instruments
    )
    found = why(replace(here, observatory=replace(here.observatory, instruments=low)), Tally(), here.night.start, plan)
    assert {each.forbidden for each in found.goals} == {("the mount",)}
    assert found.remedies == ()
    easy = plan.model_copy(update={"when": When.model_validate({"altitude": "above 5 deg"})})
    stands = replace(here, observatory=replace(here.observatory, instruments=low)).with_plan(easy)
    assert {m.whose for each in why(stands, Tally(), here.night.start, easy).goals for m in each.misses} == {"mount"}


def test_of_a_dark_that_only_the_plan_asks_for_it_is_not_said_that_the_plan_cannot_change_it() -> None:
    here = planner()
    (plan,) = (each for each in here.observatory.plans if each.name == "bubble")
    asked = plan.model_copy(update={"when": When.model_validate({"sun": "below -85 deg"})})
    found = why(here.with_plan(asked), Tally(), here.night.start, asked)
    assert {(each.reason and each.reason.code, each.forbidden) for each in found.goals} == {("never-dark", ())}
    light = replace(here, conditions=replace(here.conditions, roof=SunHeightLimit.model_construct(below=-85.0)))
    assert {each.forbidden for each in why(light, Tally(), here.night.start, plan).goals} == {("the dark",)}


def test_where_site_and_dark_leave_nothing_it_is_said_so() -> None:
    here = planner()
    track = here.conditions.tracks["bubble"]
    (plan,) = (each for each in here.observatory.plans if each.name == "bubble")
    below = replace(track, altitude_deg=np.full_like(track.altitude_deg, -5.0))
    sunk = replace(here, conditions=replace(here.conditions, tracks=here.conditions.tracks | {"bubble": below}))
    found = why(sunk, Tally(), here.night.start, plan)
    assert {each.forbidden for each in found.goals} == {("the site",)}
