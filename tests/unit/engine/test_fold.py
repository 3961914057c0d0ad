"""A journal is read once, for resuming, report and status alike."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.events import ALARM, TROUBLE
from obsy.engine.events.night import NightLookedBack
from obsy.engine.fold import fold
from obsy.engine.journal import moment, stamp
from obsy.engine.night_record import INTERRUPTED, Span, joined

NIGHT = datetime(2026, 11, 21, 19, tzinfo=UTC)
TAKEN = {
    "kind": "light",
    "filter": "L",
    "exposure_s": 180.0,
    "plan": "m31",
    "goal": "L-180s",
    "began": "2026-11-21T20:00:00.000Z",
}


def entry(minute: float, event: str, **facts: Any) -> dict[str, Any]:
    """An entry so many minutes after seven in the evening."""
    return {"time": stamp(NIGHT + timedelta(minutes=minute)), "night": "2026-11-21", "event": event, **facts}


def moved(minute: float, source: str, dest: str, **facts: Any) -> dict[str, Any]:
    return entry(minute, "state", **{"from": source, "to": dest, **facts})


def minutes(spans: tuple[Span, ...]) -> list[tuple[str, float]]:
    return [(span.words, span.seconds / 60) for span in spans]


def test_no_journal_is_a_night_not_begun() -> None:
    record = fold([])
    assert (record.begun, record.ended, record.last, record.captures) == (False, "", None, ())
    assert (record.worst.safe, record.worst.roof_is, record.spans("roof")) == (None, "", ())


def test_a_frame_without_a_verdict_is_owed_one() -> None:
    found = fold(
        [
            entry(1, "frame-taken", **TAKEN, frame="a.fits"),
            entry(2, "frame-taken", **TAKEN, frame="b.fits"),
            entry(3, "frame-accepted", **TAKEN, frame="a.fits", reason="", measures={}),
        ],
        Path("incoming"),
    )
    assert [capture.path for capture in found.captures] == [Path("incoming/a.fits"), Path("incoming/b.fits")]
    assert [capture.path.name for capture in found.owed] == ["b.fits"]


def test_a_frame_told_of_twice_counts_once_and_its_later_verdict_holds() -> None:
    good = entry(3, "frame-accepted", **TAKEN, frame="a.fits", reason="", measures={"stars": 9.0})
    assert fold([good]).captures[0].measures == {"stars": 9.0}
    bad = entry(4, "frame-rejected", **TAKEN, frame="a.fits", reason="trail: a satellite", measures={})
    (capture,) = fold([good, entry(3, "frame-recovered", **TAKEN, frame="a.fits"), bad]).captures
    assert (capture.verdict, capture.reason) == ("rejected", "trail: a satellite")


def test_files_of_one_name_in_two_folders_are_two_captures() -> None:
    two = [entry(1 + n, "frame-taken", **TAKEN, frame=f"{folder}/a.fits") for n, folder in enumerate(("one", "two"))]
    judged = entry(3, "frame-rejected", **TAKEN, frame="two/a.fits", reason="no-stars", measures={})
    found = fold([*two, judged], Path("incoming")).captures
    assert {(each.path, each.verdict) for each in found} == {
        (Path("incoming/one/a.fits"), "waiting"),
        (Path("incoming/two/a.fits"), "rejected"),
    }


def test_a_calibration_frame_is_for_no_plan() -> None:
    bias = {"kind": "bias", "filter": None, "exposure_s": 0.0, "plan": None, "goal": None, "frame": "b.fits"}
    (capture,) = fold([entry(1, "frame-accepted", **bias)]).captures
    assert (capture.kind, capture.filter, capture.line, capture.verdict) == ("bias", None, None, "accepted")
    assert capture.began == NIGHT + timedelta(minutes=1)


def test_time_goes_on_from_the_last_entry_whatever_it_says() -> None:
    assert fold([entry(1, "night-started"), entry(7, "comet-discovered")]).last == NIGHT + timedelta(minutes=7)


@pytest.mark.parametrize("last", ["night-finished", "night-ended-early", "night-interrupted"])
def test_the_last_word_says_how_a_night_ended_until_it_is_taken_up_again(last: str) -> None:
    facts = {"reason": "told to stop", "roof_is": "closed", "mount_is": "parked"}
    over = [entry(0, "night-started"), entry(2, last, **facts)]
    assert fold(over).ended == last.removeprefix("night-")
    assert fold(over).finished == (last == "night-finished")
    assert fold([*over, entry(3, "night-resumed")]).ended == ""


def test_a_state_lasts_from_one_move_to_the_next() -> None:
    record = fold(
        [
            entry(0, "night-started"),
            moved(5, "calibrating", "waiting"),
            moved(20, "waiting", "opening", on="dusk"),
            entry(25, "night-finished"),
        ]
    )
    assert minutes(record.spans("states")) == [("calibrating", 5), ("waiting", 15), ("opening", 5)]
    assert [each.on for each in record.spans("states")] == ["", "", "dusk"]
    assert record.state == "opening"


def test_a_night_that_was_cut_off_is_interrupted_from_its_last_word_on() -> None:
    record = fold(
        [
            entry(0, "night-started", state="waiting"),
            moved(5, "waiting", "observing"),
            entry(10, "weather"),
            entry(30, "night-resumed", state="closing"),
            moved(40, "closing", "sheltering"),
            entry(45, "weather"),
        ]
    )
    assert minutes(record.spans("states")) == [
        ("waiting", 5),
        ("observing", 5),
        (INTERRUPTED, 20),
        ("closing", 10),
        ("sheltering", 5),
    ]


def test_a_finished_night_that_goes_on_was_not_interrupted() -> None:
    record = fold(
        [
            entry(0, "night-started", state="waiting"),
            moved(5, "waiting", "finished"),
            entry(5, "night-finished"),
            entry(30, "night-resumed", state="waiting"),
            entry(40, "weather"),
        ]
    )
    assert minutes(record.spans("states")) == [("waiting", 5), ("finished", 25), ("waiting", 10)]


def test_the_roof_is_open_between_its_end_switches() -> None:
    story = [entry(0, "roof-opening"), entry(1, "roof-opened"), entry(30, "roof-closing"), entry(31, "roof-closed")]
    assert [fold(story[:count]).worst.roof_is for count in range(1, 5)] == ["opening", "open", "closing", "closed"]
    assert minutes(fold(story).spans("roof")) == [("", 30)]


def test_a_roof_that_nothing_closed_is_open_to_the_last_word() -> None:
    assert minutes(fold([entry(1, "roof-opened"), entry(9, "weather")]).spans("roof")) == [("", 8)]


@pytest.mark.parametrize(("roof", "open_for"), [("closed", 4), ("unknown", 8)])
def test_only_a_roof_that_is_seen_closed_ends_its_open_time(roof: str, open_for: float) -> None:
    told = {"reason": "told to stop", "roof_is": roof, "mount_is": "parked"}
    record = fold([entry(1, "roof-opened"), entry(5, "night-interrupted", **told), entry(9, "weather")])
    assert minutes(record.spans("roof")) == [("", open_for)]
    assert (record.worst.roof_is, record.worst.mount_is) == (roof, "parked")


def test_the_reason_of_an_unsafe_time_is_kept() -> None:
    record = fold(
        [
            entry(0, "verdict", safe=False, reason="rain"),
            entry(7, "verdict", safe=True, reason="well"),
            entry(9, "weather"),
        ]
    )
    assert minutes(record.spans("unsafe")) == [("rain", 7)]
    assert (record.worst.safe, record.worst.reason) == (True, "well")


def test_every_enclosure_has_a_course_of_its_own() -> None:
    record = fold(
        [
            entry(0, "night-started", state="waiting"),
            entry(1, "roof-opened", enclosure="dome"),
            entry(2, "verdict", safe=False, reason="rain", enclosure="shed"),
            moved(3, "waiting", "closing", enclosure="shed"),
            entry(9, "weather", rain=0.0, enclosure="dome"),
        ]
    )
    dome, shed = record.enclosures
    assert (dome.enclosure, dome.state, dome.roof_is, dome.safe) == ("dome", "waiting", "open", None)
    assert (shed.enclosure, shed.state, shed.roof_is, shed.safe) == ("shed", "closing", "", False)
    assert [(span.enclosure, span.words) for span in record.spans("states")] == [
        ("dome", "waiting"),
        ("shed", "waiting"),
        ("shed", "closing"),
    ]
    assert (record.weather[0].values, record.weather[0].enclosure) == ({"rain": 0.0}, "dome")


def test_trouble_under_one_of_several_enclosures_says_which_one() -> None:
    begin = entry(0, "night-started", state="waiting", states={"dome": "waiting", "shed": "waiting"})
    failed = [
        entry(minute, "close-failed", attempt=1, reason="jam", enclosure=name)
        for minute, name in ((1, "dome"), (2, "shed"))
    ]
    assert [each.words.partition(":")[0] for each in fold([begin, *failed]).notices] == ["dome", "shed"]
    assert len(fold(failed).notices) == 1


STOP = {"reason": "told to stop", "roof_is": "closed", "mount_is": "parked"}


def test_a_word_without_an_enclosure_is_for_all_of_them() -> None:
    opened = [entry(1, "roof-opened", enclosure=name) for name in ("dome", "shed")]
    record = fold([entry(0, "night-started", state="waiting"), *opened, entry(5, "night-interrupted", **STOP)])
    assert [(night.enclosure, night.roof_is, night.mount_is) for night in record.enclosures] == [
        ("dome", "closed", "parked"),
        ("shed", "closed", "parked"),
    ]


def test_a_word_about_one_enclosure_leaves_the_others_alone() -> None:
    opened = [entry(1, "roof-opened", enclosure=name) for name in ("dome", "shed")]
    record = fold([*opened, entry(5, "night-interrupted", **STOP, enclosure="shed")])
    assert [(night.enclosure, night.roof_is) for night in record.enclosures] == [("dome", "open"), ("shed", "closed")]


def test_an_enclosure_of_which_nothing_more_is_told_is_known_from_the_start() -> None:
    states = {"dome": "waiting", "shed": "calibrating"}
    record = fold([entry(0, "night-started", state="waiting", states=states)])
    assert {night.enclosure: night.state for night in record.enclosures} == states


def test_an_interruption_ends_the_state_and_what_comes_after_it_is_no_state_of_the_table() -> None:
    told = [entry(0, "night-started", state="waiting"), moved(2, "waiting", "observing")]
    record = fold([*told, entry(5, "night-interrupted", **STOP), entry(9, "frame-quarantined", frame="a.fits")])
    assert minutes(record.spans("states")) == [("waiting", 2), ("observing", 3)]


def test_the_first_start_says_what_was_intended_and_the_last_where_it_stands() -> None:
    first = entry(0, "night-started", state="waiting", intent={"dusk": "early"})
    record = fold([first, entry(1, "roof-opened"), entry(5, "night-resumed", state="closing", intent={"dusk": "late"})])
    assert record.begin == first
    assert record.state == "closing"
    assert fold([first, moved(1, "waiting", "opening"), entry(5, "night-resumed")]).state == "opening"


def test_the_mount_is_as_it_was_seen_last() -> None:
    told = [entry(1, "mount-unparked"), entry(2, "mount-parked")]
    assert [fold(told[:count]).worst.mount_is for count in (1, 2)] == ["not parked", "parked"]


def test_a_roof_over_two_mounts_has_them_parked_only_when_both_are() -> None:
    told = [entry(1, f"mount-{word}", mount=name) for word in ("unparked", "parked") for name in ("east", "west")]
    assert [fold(told[:count]).worst.mount_is for count in (2, 3, 4)] == ["not parked", "not parked", "parked"]


def test_a_roof_that_is_seen_open_twice_has_been_open_all_the_time() -> None:
    record = fold([entry(1, "roof-opened"), entry(4, "roof-opened"), entry(9, "roof-closed")])
    assert minutes(record.spans("roof")) == [("", 8)]


@pytest.mark.parametrize(("start", "end", "meets"), [(0, 10, False), (0, 11, True), (19, 30, True), (20, 30, False)])
def test_spans_meet_if_they_have_time_in_common(start: int, end: int, meets: bool) -> None:
    at = [NIGHT + timedelta(minutes=minute) for minute in (10, 20, start, end)]
    assert Span(at[0], at[1]).meets(at[2], at[3]) is meets


def test_a_master_is_remembered_with_what_it_was_made_of() -> None:
    (master,) = fold(
        [entry(1, "master-built", kind="dark", filter=None, exposure_s=60.0, frames=9, sha256="f00", train="newton")]
    ).masters
    assert (master.at, master.kind, master.exposure_s, master.frames, master.sha256, master.train) == (
        NIGHT + timedelta(minutes=1),
        "dark",
        60.0,
        9,
        "f00",
        "newton",
    )


def test_trouble_is_told_once_counted_and_the_gravest_first() -> None:
    aside = {"code": "truncated", "reason": "half a file", "place": "quarantine/x"}
    record = fold(
        [
            entry(1, "frame-quarantined", frame="a.fits", **aside),
            entry(2, "frame-quarantined", frame="b.fits", **aside),
            entry(3, "alarm", reason="the roof does not close"),
        ]
    )
    assert [(each.severity, each.grave, each.count) for each in record.notices] == [
        (ALARM, True, 1),
        (TROUBLE, False, 2),
    ]
    assert "a.fits" in record.notices[1].words


def test_blocks_that_fail_one_after_the_other_are_remembered_by_plan() -> None:
    failed = [
        entry(m, "block-failed", plan=p, goal="g", reason="", in_a_row=1)
        for m, p in ((1, "m31"), (2, "m31"), (3, "veil"))
    ]
    done = entry(4, "block-done", plan="m31", goal="g", frames=2)
    empty = entry(5, "block-done", plan="veil", goal="g", frames=0)
    assert {plan: len(times) for plan, times in fold(failed).failed.items()} == {"m31": 2, "veil": 1}
    assert set(fold([*failed, done, empty]).failed) == {"veil"}


def test_a_block_is_remembered_with_what_was_expected_of_it_and_when_it_was_aimed_and_ended() -> None:
    begun = {"plan": "m31", "goal": "g", "exposure_s": 60.0, "count": 5, "start": stamp(NIGHT), "end": stamp(NIGHT)}
    told = [
        entry(1, "block-started", **begun, train="newton"),
        entry(2, "block-started", **begun, train="colour"),
        entry(3, "slewed", train="newton", object="M31", ra_deg=10.0, dec_deg=41.0),
        entry(4, "block-done", train="newton", plan="m31", goal="g", frames=0),
        entry(5, "block-failed", train="newton", plan="m31", goal="g", reason="", in_a_row=1),
        entry(6, "slewed", train="nobody", object="M31", ra_deg=10.0, dec_deg=41.0),
    ]
    newton, colour = fold(told).blocks
    assert (newton.began, newton.aimed, newton.ended) == tuple(NIGHT + timedelta(minutes=m) for m in (1, 3, 4))
    assert (newton.plan, newton.goal, newton.exposure_s, newton.count, newton.start) == ("m31", "g", 60.0, 5, NIGHT)
    assert (newton.ra_deg, colour.ra_deg, colour.ended, colour.train) == (10.0, None, None, "colour")
    assert (
        fold([*told[:3], entry(4, "block-done", train="newton", plan="m31", goal="g", frames=3)]).blocks[0].frames == 3
    )
    (failed,) = fold([told[0], told[4]]).blocks
    assert failed.ended == NIGHT + timedelta(minutes=5)


def test_focus_runs_and_waits_are_remembered() -> None:
    told = [
        entry(1, "focused", train="newton", filter="L", position=1.0, half_flux_px=2.0),
        entry(2, "focus-failed", train="newton", filter="L", position=1.0, reason=""),
        entry(3, "waiting", until=stamp(NIGHT + timedelta(minutes=9)), plan="veil", goal="g", mount="gem"),
    ]
    record = fold(told)
    assert [(run.train, run.found) for run in record.focus] == [("newton", True), ("newton", False)]
    (wait,) = record.waits
    assert (wait.until - wait.at, wait.plan, wait.mount) == (timedelta(minutes=6), "veil", "gem")


def test_what_gave_way_and_what_came_instead_are_remembered() -> None:
    later = NIGHT + timedelta(minutes=9)
    told = [
        entry(1, "goal-waits", until=stamp(later), plan="veil", goal=None),
        entry(2, "replanned", planned="veil Ha", instead=None, cause="weather", reason="clouds", mount="gem"),
        entry(3, "replanned", planned=None, instead="m31 L", cause="", reason="free time"),
    ]
    record = fold(told)
    (gave_way,) = record.gave_way
    assert (gave_way.at, gave_way.until, gave_way.plan, gave_way.goal) == (
        NIGHT + timedelta(minutes=1),
        later,
        "veil",
        None,
    )
    left = [(each.words, each.cause, each.planned, each.instead, each.mount) for each in record.changes]
    assert left == [("clouds", "weather", "veil Ha", "", "gem"), ("free time", "", "", "m31 L", "")]


@pytest.mark.parametrize("best", [0.5, 2.0])
def test_how_far_a_night_was_from_its_best_is_remembered_if_it_can_be_read(best: float) -> None:
    said = {"value": 0.25, "best": best, "share_percent": 50.0, "lost": {"idle": 0.25}}
    assert fold([entry(1, "hindsight", **said)]).hindsight == said
    for spoilt in ({"best": 0.0}, {"best": -best}, {"lost": {"idle": "much"}}):
        assert fold([entry(1, "hindsight", **said | spoilt)]).hindsight == {}


EVENTS = st.lists(
    st.sampled_from(
        [
            ("verdict", {"safe": True, "reason": "well"}),
            ("verdict", {"safe": False, "reason": "rain"}),
            ("state", {"from": "waiting", "to": "observing"}),
            ("state", {"from": "observing", "to": "closing"}),
            ("roof-opened", {}),
            ("roof-closed", {}),
            ("night-started", {"state": "waiting"}),
            ("night-resumed", {"state": "closing"}),
            ("night-interrupted", {"reason": "", "roof_is": "closed", "mount_is": "parked"}),
            ("night-finished", {}),
            ("weather", {"rain": 0.0}),
        ]
    ),
    max_size=25,
)


@given(EVENTS)
def test_spans_of_one_kind_never_overlap_and_lie_within_the_night(events: list[tuple[str, dict[str, Any]]]) -> None:
    entries = [entry(minute, name, **facts) for minute, (name, facts) in enumerate(events)]
    record = fold(entries)
    for what in ("states", "roof", "unsafe"):
        spans = record.spans(what)
        assert all(one.end <= other.start for one, other in zip(spans, spans[1:], strict=False))
        assert all(moment(entries[0]["time"]) <= s.start < s.end <= moment(entries[-1]["time"]) for s in spans)


@given(EVENTS)
def test_the_roof_is_open_at_the_end_only_if_the_last_word_on_it_was_not_that_it_is_closed(
    events: list[tuple[str, dict[str, Any]]],
) -> None:
    entries = [entry(minute, name, **facts) for minute, (name, facts) in enumerate([*events, ("roof-closed", {})])]
    record = fold([*entries, entry(len(entries), "weather")])
    assert record.worst.roof_is == "closed"
    assert all(span.end <= moment(entries[-1]["time"]) for span in record.spans("roof"))


def test_spans_near_each_other_are_joined() -> None:
    spans = [Span(NIGHT + timedelta(minutes=a), NIGHT + timedelta(minutes=b)) for a, b in ((10, 20), (0, 5), (22, 30))]
    assert [span.seconds / 60 for span in joined(spans, timedelta(minutes=2))] == [5, 20]
    within = Span(NIGHT + timedelta(minutes=12), NIGHT + timedelta(minutes=15))
    assert [span.seconds / 60 for span in joined([*spans, within], timedelta(minutes=2))] == [5, 20]


READERS = (
    "cli/screen.py",
    "engine/events/event.py",
    "engine/fold.py",
    "engine/journal.py",
    "engine/replay/audit.py",
    "engine/runtime/guard/remote.py",
    "engine/runtime/hearing.py",
    "engine/runtime/watching.py",
    "engine/schedule/timings.py",
)
"""Who may ask an entry which event it is. The screen hears of one at a time, as `engine/telling` does; `timings` looks
through many nights for nothing but how long each step took; `hearing` and `watching` ask what this night has told."""


def test_a_journal_is_read_in_one_place(root: Path) -> None:
    house = root / "obsy"
    asking = [path for path in house.rglob("*.py") if '["event"]' in path.read_text("utf-8")]
    asked = [path.relative_to(house).as_posix() for path in asking if path.parent.name != "telling"]
    assert set(asked) <= set(READERS)


def test_a_file_that_the_archive_takes_in_the_end_is_told_of_as_taken() -> None:
    full = {"reason": "no space"}
    refused = [entry(m, "archive-refused", frame=f, **full) for m, f in enumerate(("a.fits", "b.fits", None))]
    taken = [entry(minute, "archive-took", frame=f) for minute, f in ((5, "b.fits"), (6, None), (9, "a.fits"))]
    (told,) = fold(refused).notices
    assert (told.words, told.count) == ("the archive does not take a.fits yet: no space", 3)
    assert fold([*refused, *taken[:2]]).notices == (told,)
    (late,) = fold([*refused, *taken]).notices
    assert late.words == f"{told.words}; it has since, at 19:09 UTC"
    again = entry(20, "archive-refused", frame="c.fits", **full)
    assert [notice.words for notice in fold([*refused, *taken, again]).notices] == [told.words]


def test_what_blocks_cost_that_were_broken_off_is_not_laid_on_rejected_frames_alone() -> None:
    """What a plan gave way for is in the same sum: of a night without one rejected frame, too."""
    lost = {"rejected": 5.48, "idle": 0.0, "order": 0.0}
    said = NightLookedBack.words({"value": 0.0, "best": 5.48, "share_percent": 0.0, "lost": lost})
    assert "rejected frames and failed blocks cost most (5.48 of 5.48 points)" in said


def test_a_star_that_is_beyond_its_plans_limit_is_among_what_the_page_tells_first() -> None:
    facts = {"plan": "ss-cyg", "star": "SS Cyg", "side": "brighter", "limit": 10.5, "magnitude": 9.12, "filter": "V"}
    (told,) = fold([entry(1, "star-beyond", **facts, error=0.02)]).notices
    assert (told.words, told.severity < TROUBLE) == ("SS Cyg is brighter than 10.5 mag: 9.12 +- 0.02 in V", True)
    (told,) = fold([entry(1, "star-beyond", **facts | {"side": "fainter", "error": None})]).notices
    assert told.words == "SS Cyg is fainter than 10.5 mag: fainter than 9.12 in V"
