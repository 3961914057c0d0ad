from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from obsy.cli.status import page
from obsy.engine.fold import fold
from obsy.engine.progress import Progress
from obsy.engine.report.status import Status, plan_status, status_of
from obsy.engine.schedule.shares import Debt
from obsy.engine.signal import Signal
from obsy.schemas.people import Share
from obsy.schemas.plan import Plan

NIGHT = "2026-11-21"
STARTED = {"time": "2026-11-21T18:00:00.000Z", "night": NIGHT, "event": "night-started", "state": "calibrating"}
STOPPED = {
    "time": "2026-11-21T19:00:00.000Z",
    "night": NIGHT,
    "event": "night-interrupted",
    "reason": "told to stop",
    "roof_is": "closed",
    "mount_is": "parked",
}


def before_any(plan: Plan, done: dict[tuple[str, str], Progress] | None = None) -> Status:
    return status_of((plan_status(plan, (), done or {}),), None, fold([]), runs=False)


def after(entries: list[dict[str, Any]], runs: bool = True) -> dict[str, Any]:
    return status_of((), NIGHT, fold(entries), runs).as_json()


@pytest.fixture
def declared() -> Plan:
    """A plan with a total and a cadence."""
    want = [
        {"filter": ["L", "R"], "exposure": "180 s", "total": "1 h"},
        {"filter": "V", "exposure": "60 s", "count": 3, "every": "4 d"},
    ]
    return Plan.model_validate({"kind": "plan", "name": "m31", "target": "M31", "want": want, "pipeline": "deep-sky"})


def test_before_any_night_there_is_none(declared: Plan) -> None:
    found = before_any(declared).as_json()
    assert (found["night"], found["state"], found["verdict"]["safe"]) == (None, "none", None)


def test_how_each_share_stands_is_told(declared: Plan) -> None:
    school = Share.model_validate({"kind": "share", "name": "half", "group": "school", "time": "50 %"})
    found = replace(before_any(declared), shares=(Debt(school, 8.0, 5.5),))
    assert found.as_json()["shares"] == [
        {
            "share": "half",
            "group": "school",
            "time_percent": 50.0,
            "over_d": 30.0,
            "due_h": 8.0,
            "had_h": 5.5,
            "owed_h": 2.5,
        }
    ]
    told = page(found, "real", "UTC", several_trains=False).splitlines()
    assert "share half: school has had 5.5 h of 8.0 h (50 % of 30 d), and is owed 2.5 h" in told
    assert before_any(declared).as_json()["shares"] == []


def test_every_line_of_every_plan_is_told(declared: Plan) -> None:
    goals = before_any(declared).as_json()["plans"][0]["goals"]
    assert [goal["goal"] for goal in goals] == ["L-180s", "R-180s", "V-60s"]
    amounts = {"goal", "filter", "exposure_s", "wanted_s", "done_s", "frames", "accepted", "rejected", "count"}
    assert set(goals[0]) == {*amounts, "trains", "unstacked", "asked", "torn", "proof"}


def test_a_cadence_wants_no_total_and_says_what_it_wants(declared: Plan) -> None:
    found = before_any(declared, {("m31", "V-60s"): Progress(4, 4, 0, 240.0)})
    goals = found.plans[0].goals
    assert [goal.wanted_s for goal in goals] == [3600.0, 3600.0, None]
    assert [goal.asked for goal in goals] == ["1 h", "1 h", "3 frames every 4 d"]
    assert "4 accepted, 3 frames every 4 d wanted" in page(found, "real", "UTC", several_trains=False)


def test_accepted_frames_that_are_in_no_stack_are_told_with_the_reason(declared: Plan) -> None:
    reasons = ("not-in-the-stack: 5 stars are too few",) * 2
    found = before_any(declared, {("m31", "R-180s"): Progress(5, 3, 1, 540.0, unstacked=reasons)})
    assert found.as_json()["plans"][0]["goals"][1]["unstacked"] == reasons
    told = page(found, "real", "UTC", several_trains=False)
    assert "9 min of 1 h, 1 rejected; 2 accepted, not in the stack: 5 stars are too few" in told


def test_frames_of_torn_nights_are_told_and_why_they_do_not_count(declared: Plan) -> None:
    found = before_any(declared, {("m31", "R-180s"): Progress(5, 3, 1, 540.0, torn=2)})
    told = page(found, "real", "UTC", several_trains=False)
    assert "1 rejected; 2 more count for nothing: their night has too little of what it counts together with" in told


def test_what_is_done_stands_beside_its_line(declared: Plan) -> None:
    goals = before_any(declared, {("m31", "R-180s"): Progress(5, 3, 1, 540.0)}).plans[0].goals
    assert [(goal.done_s, goal.frames, goal.accepted, goal.rejected) for goal in goals] == [
        (0.0, 0, 0, 0),
        (540.0, 5, 3, 1),
        (0.0, 0, 0, 0),
    ]


def test_a_goal_that_counts_frames_says_how_many_and_who_took_them(declared: Plan) -> None:
    want = [{"filter": "L", "exposure": "180 s", "count": 6}, {"filter": "L", "exposure": "60 s", "total": "1 h"}]
    plan = Plan.model_validate(
        declared.model_dump(include={"kind", "name", "pipeline"}) | {"target": "M31", "want": want}
    )
    (found,) = before_any(plan, {("m31", "L-180s"): Progress(2, 2, 0, 360.0, trains={"newton": 2})}).plans
    assert [(goal.count, goal.trains) for goal in found.goals] == [(6, {"newton": 2}), (None, {})]


@pytest.mark.parametrize(
    ("signal", "about_s", "words"),
    [
        (Signal(3844.0, 100), 161 * 180.0, "█████████░░░░░░░░░░░░░░░ S/N 62 of 100, about 8.1 h more; 100 accepted"),
        (Signal(10400.0, 9), 0.0, "████████████████████████ S/N 102 of 100; 100 accepted"),
        (Signal(3.0, 10), None, "░░░░░░░░░░░░░░░░░░░░░░░░ S/N 1.73 of 100, nothing shows yet; 100 accepted"),
        (Signal(), None, "░░░░░░░░░░░░░░░░░░░░░░░░ S/N 100 asked, none measured yet; 100 accepted"),
    ],
)
def test_a_goal_in_signal_to_noise_says_how_far_it_is_and_about_how_long_it_takes(
    declared: Plan, signal: Signal, about_s: float | None, words: str
) -> None:
    want = [{"filter": "L", "exposure": "180 s", "until": {"snr": 100}}]
    plan = Plan.model_validate(
        declared.model_dump(include={"kind", "name", "pipeline"}) | {"target": "T CrB", "want": want}
    )
    found = before_any(plan, {("m31", "L-180s"): Progress(100, 100, 0, 18000.0, signal=signal)})
    (goal,) = found.plans[0].goals
    assert goal.proof is not None
    assert (goal.proof["snr"], goal.proof["about_s"]) == (
        signal.to_noise,
        pytest.approx(about_s) if about_s else about_s,
    )
    assert words in page(found, "real", "UTC", several_trains=False)


def test_the_last_word_of_the_journal_counts(night_entries: list[dict[str, Any]]) -> None:
    found = after(night_entries)
    assert (found["night"], found["state"], found["verdict"]["safe"]) == (NIGHT, "finished", True)
    assert (found["roof"], found["last"], found["enclosures"]) == ("closed", night_entries[-1]["time"], [])


def test_a_night_begins_where_its_table_does() -> None:
    assert after([STARTED])["state"] == "calibrating"


def test_a_night_that_was_told_to_stop_is_interrupted_and_its_roof_closed() -> None:
    found = after([STARTED, STOPPED])
    assert (found["state"], found["roof"], found["mount"]) == ("interrupted", "closed", "parked")


def test_a_night_that_nobody_runs_any_more_is_interrupted_and_nothing_is_said_of_its_roof() -> None:
    found = after([STARTED], runs=False)
    assert (found["state"], found["roof"], found["mount"]) == ("interrupted", "", "")


def test_a_night_that_goes_on_after_an_interruption_stands_where_it_stands() -> None:
    resumed = {**STARTED, "event": "night-resumed", "state": "waiting"}
    assert after([STARTED, STOPPED, resumed])["state"] == "waiting"


def test_every_enclosure_is_told_where_there_are_several() -> None:
    opened = {"time": "2026-11-21T19:00:00.000Z", "night": NIGHT, "event": "roof-opened"}
    told = after([STARTED, {**opened, "enclosure": "dome"}, {**opened, "event": "roof-closed", "enclosure": "shed"}])
    assert [(each["enclosure"], each["roof"]) for each in told["enclosures"]] == [("dome", "open"), ("shed", "closed")]


WELL: dict[str, Any] = {"roof": "closed", "mount": "parked", "safe": True}
WORSE: dict[str, Any] = {"roof": "open", "mount": "not parked", "safe": False}


def standing(name: str, minute: int, roof: str, mount: str, safe: bool) -> list[dict[str, Any]]:
    """What the journal says of one of several enclosures."""
    place = {"time": f"2026-11-21T19:{minute:02}:00.000Z", "night": NIGHT, "enclosure": name}
    moved = "mount-parked" if mount == "parked" else "mount-unparked"
    return [
        {**place, "event": "roof-opened" if roof == "open" else "roof-closed"},
        {**place, "event": moved, "mount": f"{name}-mount"},
        {**place, "event": "verdict", "safe": safe, "reason": "well" if safe else "rain", "input": ""},
        {**place, "event": "state", "from": "calibrating", "to": "finished" if roof == "closed" else "observing"},
    ]


@pytest.mark.parametrize("worse", WORSE)
@pytest.mark.parametrize("which", ["dome", "shed"])
def test_the_worst_of_several_enclosures_speaks_for_the_night(worse: str, which: str) -> None:
    ways = {name: WELL | ({worse: WORSE[worse]} if name == which else {}) for name in ("dome", "shed")}
    told = after([STARTED, *standing("dome", 1, **ways["dome"]), *standing("shed", 2, **ways["shed"])])
    assert {"roof": told["roof"], "mount": told["mount"], "safe": told["verdict"]["safe"]} == ways[which]
    assert told["state"] == ("observing" if worse == "roof" else "finished")


def test_a_dome_that_is_closed_does_not_speak_for_a_shed_that_is_open_or_silent() -> None:
    begin = {**STARTED, "states": {"dome": "calibrating", "shed": "waiting"}}
    closed = standing("dome", 1, **WELL)
    silent = after([begin, *closed])
    assert [silent[name] for name in ("state", "roof", "mount")] == ["waiting", "", ""]
    assert [each["enclosure"] for each in silent["enclosures"]] == ["dome", "shed"]
    assert after([begin, *closed, *standing("shed", 2, **WORSE)])["roof"] == "open"


def test_the_moment_of_the_last_word_is_told() -> None:
    found = status_of((), NIGHT, fold([STARTED]), runs=True)
    assert found.last == datetime(2026, 11, 21, 18, tzinfo=UTC)
