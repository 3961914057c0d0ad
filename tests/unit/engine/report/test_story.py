from dataclasses import replace
from typing import Any

import pytest

from obsy.engine.events import ALARM, TROUBLE
from obsy.engine.fold import fold
from obsy.engine.report.as_json import as_json
from obsy.engine.report.curves import Curves
from obsy.engine.report.inputs import ReportInputs
from obsy.engine.report.page import html
from obsy.engine.report.plans import PlanStory
from obsy.engine.report.story import NO_CURVES, Story, story_of
from obsy.engine.report.terminal import terminal

Entries = list[dict[str, Any]]


def tell_of(entries: Entries, inputs: ReportInputs, curves: Curves = NO_CURVES) -> Story:
    """The story that a journal tells."""
    return story_of("2026-11-21", fold(entries), inputs, curves)


def plan(story: Story, name: str) -> PlanStory:
    return next(each for each in story.plans if each.plan == name)


def test_an_empty_journal_has_no_story(night_inputs: ReportInputs) -> None:
    with pytest.raises(ValueError, match="empty journal"):
        tell_of([], night_inputs)


def test_the_same_journal_tells_the_same_story(told: Story, night_entries: Entries, night_inputs: ReportInputs) -> None:
    assert tell_of(night_entries, night_inputs, told.curves) == told


def test_every_delivered_frame_is_told_once(told: Story, night_entries: Entries) -> None:
    taken = [entry["frame"] for entry in night_entries if entry["event"] == "frame-taken"]
    assert sorted(capture.path.name for capture in told.record.captures) == sorted(taken)


def test_a_frame_told_of_twice_counts_once(night_entries: Entries, night_inputs: ReportInputs, told: Story) -> None:
    taken = next(entry for entry in night_entries if entry["event"] == "frame-taken")
    again = tell_of([*night_entries, {**taken, "event": "frame-recovered"}], night_inputs)
    assert len(again.record.captures) == len(told.record.captures)


def test_a_later_verdict_replaces_the_earlier(night_entries: Entries, night_inputs: ReportInputs, told: Story) -> None:
    good = next(e for e in night_entries if e["event"] == "frame-accepted" and e["plan"] == "m31")
    again = tell_of([*night_entries, {**good, "event": "frame-rejected", "reason": "trail: a satellite"}], night_inputs)
    assert (plan(again, "m31").accepted, plan(again, "m31").rejected) == (
        plan(told, "m31").accepted - 1,
        plan(told, "m31").rejected + 1,
    )


def test_a_night_that_goes_on_for_new_work_is_not_finished(night_entries: Entries, night_inputs: ReportInputs) -> None:
    more = {**night_entries[-1], "event": "night-resumed"}
    assert not tell_of([*night_entries, {**more, "event": "night-finished"}, more], night_inputs).finished


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
    assert [notice.event for notice in told.record.notices] == ["close-failed", "focus-failed"]
    assert [notice.severity for notice in told.record.notices] == [ALARM, TROUBLE]


def test_the_same_trouble_is_told_once_and_counted(night_entries: Entries, night_inputs: ReportInputs) -> None:
    failed = next(entry for entry in night_entries if entry["event"] == "focus-failed")
    story = tell_of([*night_entries, failed, failed], night_inputs)
    assert [notice.count for notice in story.record.notices] == [1, 3]


def test_a_goal_that_is_no_longer_declared_keeps_its_frames(night_entries: Entries, night_inputs: ReportInputs) -> None:
    story = tell_of(night_entries, replace(night_inputs, goals=()))
    assert plan(story, "m31").goals[0].asked == "no longer declared"


def test_a_plan_that_was_not_given_may_be_declared_all_the_same(
    night_entries: Entries, night_inputs: ReportInputs
) -> None:
    story = tell_of(night_entries, replace(night_inputs, goals=(), all_plans=False))
    assert plan(story, "m31").goals[0].asked == "not among the plans that were given"


def test_the_headline_counts_what_the_night_gave(told: Story) -> None:
    accepted = [capture for capture in told.lights if capture.verdict == "accepted"]
    hours = sum(capture.exposure_s for capture in accepted) / 3600
    assert told.headline == (
        f"9.5 h of open roof, {len(told.lights)} lights, {len(accepted)} accepted: "
        f"{hours:.1f} h on m31, veil and v1159-ori."
    )


def test_a_night_under_a_closed_roof_says_why(night_inputs: ReportInputs) -> None:
    raining = {"event": "verdict", "safe": False, "reason": "rain 2 mm/h"}
    entries = [
        {"time": "2026-11-21T18:00:00.000Z", "night": "2026-11-21", **raining},
        {"time": "2026-11-22T06:00:00.000Z", "night": "2026-11-21", "event": "night-finished"},
    ]
    story = tell_of(entries, night_inputs)
    assert story.headline == "The roof stayed closed: rain 2 mm/h."
    assert story.finished


def test_every_beginning_of_a_journal_tells_a_story(night_entries: Entries, night_inputs: ReportInputs) -> None:
    for count in range(1, len(night_entries), 37):
        assert not tell_of(night_entries[:count], night_inputs).finished


def test_frames_without_a_verdict_wait(night_entries: Entries, night_inputs: ReportInputs) -> None:
    unjudged = [e for e in night_entries if e["event"] not in {"frame-accepted", "frame-rejected"}]
    goal = plan(tell_of(unjudged, night_inputs), "veil").goals[0]
    assert (goal.accepted, goal.rejected, goal.waiting) == (0, 0, 21)


def test_times_in_notices_are_by_the_clocks_of_the_site() -> None:
    words = "the roof is open since 23:50 UTC"
    record = fold([{"time": "2026-11-21T23:54:00.000Z", "night": "2026-11-21", "event": "alarm", "reason": words}])
    told = story_of("2026-11-21", record, ReportInputs(timezone="Europe/Madrid"))
    assert "the roof is open since 00:50 UTC+1" in terminal(told)
    assert "the roof is open since 00:50 UTC+1" in html(told)
    assert as_json(told)["notices"][0]["words"] == words


def test_what_is_planned_next_is_the_rest_of_a_night_that_runs_or_the_night_after_it(
    night_entries: Entries, told: Story
) -> None:
    assert told.ahead.blocks == ()
    early = [entry for entry in night_entries if entry["time"] < "2026-11-22T02"]
    rest = story_of("2026-11-21", fold(early), ReportInputs()).ahead
    assert (rest.night, [block["plan"] for block in rest.blocks]) == ("2026-11-21", ["v1159-ori", "m31"])
    begin = night_entries[0]["intent"]["blocks"]
    tomorrow = {"night": "2026-11-22", "blocks": [{**begin[0], "start": "2026-11-22T18:00:00.000Z"}]}
    after = story_of("2026-11-21", fold(night_entries), ReportInputs(following=tomorrow))
    assert (after.ahead.night, len(after.ahead.blocks)) == ("2026-11-22", 1)
    assert "The night of Sunday, 22 November 2026, as all stands now" in html(after)


def test_each_enclosure_that_moved_says_how_long_each_state_lasted(told: Story) -> None:
    (states,) = told.states.values()
    spans = told.record.worst.states
    assert sum(states.values()) == pytest.approx((spans[-1].end - spans[0].start).total_seconds())
    assert set(states) == {span.words for span in spans}
    assert replace(told, record=fold([])).states == {}
