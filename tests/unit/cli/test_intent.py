from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from obsy.cli.intent import page
from obsy.engine.intent import Intent
from obsy.engine.schedule.at_most import Worth
from obsy.engine.schedule.request import Block, Reason, Unplaced
from obsy.engine.schedule.shares import Debt
from obsy.schemas.people import Share
from tests.support.requests import request

DUSK = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)


def intent(dusk: datetime | None, dawn: datetime | None, *unplaced: Unplaced) -> Intent:
    return Intent(date(2026, 11, 21), "hill", dusk, dawn, (), unplaced, ())


def left(plan: str, goal: str, train: str, code: str = "moon") -> Unplaced:
    return Unplaced(request(plan, goal, train, 3), Reason(code, "the Moon is up" if code == "moon" else "it is low"))


def test_a_dry_run_marks_its_times_as_the_live_night_does() -> None:
    head = page(intent(DUSK, DUSK + timedelta(hours=11)), "Europe/Madrid").splitlines()[0]
    assert head == "The night of 2026-11-21 at hill: dark from 19:30 to 06:30 (UTC+1)"


def test_the_times_of_a_dry_runs_blocks_are_local_too() -> None:
    block = Block(request("m31", "L-60s", "newton", 3), 3, DUSK, DUSK + timedelta(minutes=3), 10.0, 41.0, 1.0)
    (line,) = (
        each for each in page(replace(intent(DUSK, DUSK), blocks=(block,)), "Europe/Madrid").splitlines() if "–" in each
    )
    assert line.split()[0] == "19:30–19:33"


def test_a_night_in_which_the_clocks_change_has_both_marks() -> None:
    dusk = datetime(2026, 10, 24, 18, tzinfo=UTC)  # clocks go back at 01:00 UTC on 2026-10-25
    head = page(intent(dusk, dusk + timedelta(hours=11)), "Europe/Madrid").splitlines()[0]
    assert head.endswith("dark from 20:00 to 06:00 (UTC+2, later UTC+1)")


def test_without_darkness_there_is_nothing_to_do_and_no_time() -> None:
    lines = page(intent(None, None), "Arctic/Longyearbyen").splitlines()
    assert lines[0].endswith("hill: it is never dark enough to open a roof and observe")
    assert lines[-1] == "  nothing to do"


def test_the_value_of_a_night_stands_beside_the_most_that_it_could_be() -> None:
    lines = page(replace(intent(DUSK, DUSK), worth=Worth(92.47, 104.5)), "UTC").splitlines()
    assert "Value 92.5, at most 104.5 (gap 12 %)" in lines


def test_who_is_owed_how_much_stands_below_it() -> None:
    school = Share.model_validate({"kind": "share", "name": "half", "group": "school", "time": "50 %"})
    lines = page(replace(intent(DUSK, DUSK), debts=(Debt(school, 8.0, 5.5),)), "UTC").splitlines()
    assert "Share half: school has had 5.5 h of 8.0 h (50 % of 30 d), and is owed 2.5 h" in lines


def test_goals_that_wait_for_the_same_reason_stand_in_one_line() -> None:
    waiting = (left("m31", "L-60s", "newton"), left("m31", "R-60s", "newton"), left("m31", "B-60s", "newton", "low"))
    lines = page(intent(DUSK, DUSK, *waiting), "UTC").splitlines()
    assert lines[-2:] == ["  m31 L-60s, R-60s: the Moon is up (moon)", "  m31 B-60s: it is low (low)"]


def test_what_waits_says_its_train_where_there_are_several() -> None:
    waiting = (left("m31", "L-60s", "newton"), left("m31", "L-60s", "quad"), left("m33", "L-60s", "", "no-train"))
    lines = page(intent(DUSK, DUSK, *waiting), "UTC").splitlines()
    assert lines[-3:] == [
        "  m31 L-60s with newton: the Moon is up (moon)",
        "  m31 L-60s with quad: the Moon is up (moon)",
        "  m33 L-60s: it is low (no-train)",
    ]


def test_the_times_in_the_reasons_of_a_dry_run_are_local() -> None:
    late = Unplaced(request("m31", "L-60s", "newton", 3), Reason("not-due", "due on 2026-11-22 at 23:05 UTC"))
    lines = page(intent(DUSK, DUSK, late), "Europe/Madrid").splitlines()
    assert lines[-1] == "  m31 L-60s: due on 2026-11-23 at 00:05 UTC+1 (not-due)"


def test_a_night_of_some_seconds_is_worth_more_than_nothing() -> None:
    told = page(replace(intent(DUSK, DUSK), worth=Worth(0.0123, 0.0234)), "UTC")
    assert "Value 0.01, at most 0.02 (gap 47 %)" in told.splitlines()
    assert "Value 0.0, at most 0.0 (gap 0 %)" in page(replace(intent(DUSK, DUSK), worth=Worth(0.0, 0.0)), "UTC")
