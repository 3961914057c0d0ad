from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.fold import fold
from obsy.engine.night_record import Capture
from obsy.engine.report.as_json import as_json
from obsy.engine.report.curves import Curve
from obsy.engine.report.inputs import GoalInput, ReportInputs
from obsy.engine.report.page import html
from obsy.engine.report.plans import grouped, left, plans, unasked
from obsy.engine.report.story import story_of
from obsy.engine.report.terminal import WIDTH, terminal

BEGAN = datetime(2026, 11, 21, 20, tzinfo=UTC)
ENDED = datetime(2026, 11, 22, 4, tzinfo=UTC)


def capture(reason: str, verdict: str = "rejected") -> Capture:
    return Capture(Path("a.fits"), "newton", "light", "L", 180.0, BEGAN, "m31", "L-180s", verdict, reason)


def test_measured_reasons_become_a_range() -> None:
    (group,) = grouped([capture("fwhm: 8.2 arcsec, above 6"), capture("fwhm: 10.1 arcsec, above 6")], "rejected")
    assert (group.code, group.count, group.words) == ("fwhm", 2, "8.2 to 10.1 arcsec, above 6")


def test_a_single_measure_is_no_range() -> None:
    assert grouped([capture("fwhm: 8.2 arcsec, above 6")], "rejected")[0].words == "8.2 arcsec, above 6"


def test_reasons_in_words_are_told_by_the_first() -> None:
    (group,) = grouped([capture("no-stars: cloud or no focus"), capture("no-stars: the cap is on")], "rejected")
    assert (group.count, group.words) == (2, "cloud or no focus")


def test_a_bare_code_stands_for_itself() -> None:
    assert grouped([capture("no-plan")], "rejected")[0].words == "no-plan"


def test_the_commonest_reason_comes_first() -> None:
    groups = grouped([capture("stars: 3, below 20"), capture("fwhm: 9 arcsec"), capture("fwhm: 8 arcsec")], "rejected")
    assert [group.code for group in groups] == ["fwhm", "stars"]


def test_accepted_frames_that_are_in_no_stack_say_why() -> None:
    words = "not-in-the-stack: its plan has no grid"
    (group,) = grouped([capture(words, "accepted"), capture("", "accepted"), capture("no-plan")], "accepted")
    assert (group.count, group.words) == (1, "its plan has no grid")


def test_accepted_frames_have_no_reason() -> None:
    assert grouped([capture("", "accepted"), capture("", "waiting")], "rejected") == ()


SIX = GoalInput("m31", "L-180s", "L", 180.0, 1080.0, "6 frames", before=3, before_s=180.0, count=6)


@pytest.mark.parametrize(
    ("more", "words", "missing_s", "shares"),
    [(1, "4 of 6 frames", 360.0, (0.5, 1 / 6)), (9, "12 of 6 frames", 0, (0.5, 0.5))],
)
def test_frames_that_were_asked_for_are_counted_whatever_their_exposure(
    more: int, words: str, missing_s: float, shares: tuple[float, float]
) -> None:
    (plan,) = plans([capture("", "accepted")] * more, ReportInputs(goals=(SIX,)), {}, ())
    (goal,) = plan.goals
    assert (goal.so_far, goal.missing_s) == (words, missing_s)
    assert goal.shares == pytest.approx(shares)


def test_a_time_that_was_asked_for_is_told_as_a_time() -> None:
    hour = replace(SIX, count=None, wanted_s=3600.0, before_s=540.0)
    (plan,) = plans([capture("", "accepted")], ReportInputs(goals=(hour,)), {}, ())
    assert plan.goals[0].so_far == "12 min of 1 h"
    assert plan.goals[0].shares == pytest.approx((0.15, 0.05))


def test_frames_are_told_in_the_summary_and_on_the_page(night_entries: list[dict[str, Any]]) -> None:
    story = story_of("2026-11-21", fold(night_entries), ReportInputs(goals=(replace(SIX, count=999),)))
    accepted = story.plans[0].goals[0].accepted
    assert f"{3 + accepted} of 999 frames" in terminal(story)
    assert f"+{accepted}, {3 + accepted} of 999 frames" in html(story)


def test_where_there_are_several_trains_each_plan_says_its_own(night_entries: list[dict[str, Any]]) -> None:
    goals = (SIX, replace(SIX, plan="later", before=0))
    able = {"m31": ("main", "quad"), "later": ("main", "quad")}
    alone = ReportInputs(goals=goals, trains=able)
    several = story_of("2026-11-21", fold(night_entries), replace(alone, several_trains=True))
    assert "m31 with main:" in terminal(several)
    assert "tonight with main" in html(several)
    assert [each.with_trains for each in left(several.plans) if each.plan == "later"] == [" with main or quad"]
    assert "later L-180s with main or quad:" in terminal(several)
    assert [plan["trains"] for plan in as_json(several)["plans"][:1]] == [["main"]]
    assert "with main" not in terminal(story_of("2026-11-21", fold(night_entries), alone))


def test_a_reason_that_is_longer_than_a_line_is_told_to_its_end(night_entries: list[dict[str, Any]]) -> None:
    story = story_of("2026-11-21", fold(night_entries), ReportInputs(goals=(SIX, replace(SIX, plan="later"))))
    (later,) = (plan for plan in story.plans if plan.plan == "later")
    words = f"its transit {'of the star ' * 12}is over by then"
    later = replace(later, goals=tuple(replace(goal, unplaced=words) for goal in later.goals))
    told = terminal(replace(story, plans=(later,)))
    assert words in " ".join(told.split())
    assert max(map(len, told.splitlines())) <= WIDTH


def test_of_frames_that_two_trains_took_each_goal_says_whose(night_entries: list[dict[str, Any]]) -> None:
    of_two = [entry | ({"train": "quad"} if entry.get("filter") == "R" else {}) for entry in night_entries]
    told = terminal(story_of("2026-11-21", fold(of_two), ReportInputs(several_trains=True))).splitlines()
    assert any(line.startswith("m31 with main and quad:") for line in told)
    assert [line.split(" by ")[1] for line in told if line.startswith("  R-180s")] == ["quad"]


def test_plans_that_nobody_asked_for_are_one_line_and_no_curve(night_entries: list[dict[str, Any]]) -> None:
    others = tuple(replace(SIX, plan=name, before=0) for name in ("one", "two", "three"))
    story = story_of("2026-11-21", fold(night_entries), ReportInputs(goals=(SIX, *others)))
    told = [(each.plan, each.words) for each in left(story.plans) if each.plan != "m31"]
    assert told == [("3 plans", "they were not asked for tonight")]
    assert "  3 plans: they were not asked for tonight" in terminal(story)
    assert unasked(story.plans) == {"one", "two", "three"}
    drawn = replace(story.curves, plans=tuple(Curve(name, (BEGAN, ENDED), (40.0, 50.0)) for name in ("m31", "two")))
    assert ">m31</text>" in (page := html(replace(story, curves=drawn)))
    assert ">two</text>" not in page
