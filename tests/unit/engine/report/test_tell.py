from dataclasses import replace
from typing import Any

import pytest

from obsy.engine.report.inputs import ReportInputs
from obsy.engine.report.story import Curves, PlanStory, Story
from obsy.engine.report.tell import tell

Entries = list[dict[str, Any]]


@pytest.fixture
def told(night_entries: Entries, night_shelf: ReportInputs, night_curves: Curves) -> Story:
    """The made-up night's story."""
    return tell(night_entries, night_shelf, night_curves)


def plan(story: Story, name: str) -> PlanStory:
    return next(each for each in story.plans if each.plan == name)


def test_an_empty_journal_has_no_story(night_shelf: ReportInputs) -> None:
    with pytest.raises(ValueError, match="empty journal"):
        tell([], night_shelf)


def test_the_same_journal_tells_the_same_story(told: Story, night_entries: Entries, night_shelf: ReportInputs) -> None:
    assert tell(night_entries, night_shelf, told.curves) == told


def test_every_delivered_frame_is_told_once(told: Story, night_entries: Entries) -> None:
    taken = [entry["frame"] for entry in night_entries if entry["event"] == "frame-taken"]
    assert sorted(shot.frame for shot in told.shots) == sorted(taken)


def test_a_frame_told_of_twice_counts_once(night_entries: Entries, night_shelf: ReportInputs, told: Story) -> None:
    taken = next(entry for entry in night_entries if entry["event"] == "frame-taken")
    again = tell([*night_entries, {**taken, "event": "frame-recovered"}], night_shelf)
    assert len(again.shots) == len(told.shots)


def test_a_later_verdict_replaces_the_earlier(night_entries: Entries, night_shelf: ReportInputs, told: Story) -> None:
    good = next(e for e in night_entries if e["event"] == "frame-accepted" and e["plan"] == "m31")
    again = tell([*night_entries, {**good, "event": "frame-rejected", "reason": "trail: a satellite"}], night_shelf)
    assert (plan(again, "m31").accepted, plan(again, "m31").rejected) == (
        plan(told, "m31").accepted - 1,
        plan(told, "m31").rejected + 1,
    )


def test_a_night_that_goes_on_for_new_work_is_not_finished(night_entries: Entries, night_shelf: ReportInputs) -> None:
    more = {**night_entries[-1], "event": "night-resumed"}
    assert not tell([*night_entries, {**more, "event": "night-finished"}, more], night_shelf).finished


def test_frames_add_up_to_their_goal(told: Story) -> None:
    goal = plan(told, "veil").goals[0]
    assert (goal.before_s, goal.tonight_s, goal.missing_s) == (9000.0, goal.accepted * 300.0, 0.0)
    assert goal.rejected == 1


def test_what_was_intended_but_clouded_out_says_so(told: Story) -> None:
    assert plan(told, "ngc7331").goals[0].unplaced == (
        "intended for 00:36 to 02:00, but it was not safe: cloud 78.0 %, above 40"
    )


def test_what_had_no_place_gives_its_reason(told: Story) -> None:
    assert plan(told, "comet").goals[0].unplaced == "it stays below 25 deg while it is dark"


def test_plans_come_in_the_order_of_the_night(told: Story) -> None:
    assert [each.plan for each in told.plans] == ["m31", "veil", "v1159-ori", "ngc7331", "comet"]


def test_the_dwell_before_dusk_is_no_unsafe_time(told: Story) -> None:
    assert [span.words for span in told.unsafe] == ["cloud 78.0 %, above 40"]


def test_the_grave_comes_before_the_rest(told: Story) -> None:
    assert [notice.event for notice in told.notices] == ["close-failed", "focus-failed"]
    assert [notice.grave for notice in told.notices] == [True, False]


def test_the_same_trouble_is_told_once_and_counted(night_entries: Entries, night_shelf: ReportInputs) -> None:
    failed = next(entry for entry in night_entries if entry["event"] == "focus-failed")
    story = tell([*night_entries, failed, failed], night_shelf)
    assert [notice.count for notice in story.notices] == [1, 3]


def test_a_goal_that_is_no_longer_declared_keeps_its_frames(night_entries: Entries, night_shelf: ReportInputs) -> None:
    story = tell(night_entries, replace(night_shelf, goals=()))
    assert plan(story, "m31").goals[0].asked == "no longer declared"


def test_the_headline_counts_what_the_night_gave(told: Story) -> None:
    accepted = [shot for shot in told.lights if shot.verdict == "accepted"]
    hours = sum(shot.exposure_s for shot in accepted) / 3600
    assert told.headline == (
        f"9.5 h of open roof, {len(told.lights)} lights, {len(accepted)} accepted: "
        f"{hours:.1f} h on m31, veil and v1159-ori."
    )


def test_a_night_under_a_closed_roof_says_why(night_shelf: ReportInputs) -> None:
    raining = {"event": "verdict", "safe": False, "reason": "rain 2 mm/h"}
    entries = [
        {"time": "2026-11-21T18:00:00.000Z", "night": "2026-11-21", **raining},
        {"time": "2026-11-22T06:00:00.000Z", "night": "2026-11-21", "event": "night-finished"},
    ]
    story = tell(entries, night_shelf)
    assert story.headline == "The roof stayed closed: rain 2 mm/h."
    assert story.finished


def test_every_beginning_of_a_journal_tells_a_story(night_entries: Entries, night_shelf: ReportInputs) -> None:
    for count in range(1, len(night_entries), 37):
        assert not tell(night_entries[:count], night_shelf).finished


def test_frames_without_a_verdict_wait(night_entries: Entries, night_shelf: ReportInputs) -> None:
    unjudged = [e for e in night_entries if e["event"] not in {"frame-accepted", "frame-rejected"}]
    goal = plan(tell(unjudged, night_shelf), "veil").goals[0]
    assert (goal.accepted, goal.rejected, goal.waiting) == (0, 0, 21)
