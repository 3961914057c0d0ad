"""An interrupted night's journal says what it still owes."""

from pathlib import Path

from obsy.engine.journal import moment
from obsy.engine.night.resume import NightSoFar, night_so_far

TAKEN = {
    "event": "frame-taken",
    "kind": "light",
    "filter": "L",
    "exposure_s": 180.0,
    "plan": "m31",
    "goal": "L-180s",
    "began": "2026-11-21T20:00:00.000Z",
}


def entry(second: int, event: str = "x", **facts: object) -> dict[str, object]:
    return {"time": f"2026-11-21T20:00:{second:02d}.000Z", "night": "2026-11-21", "event": event, **facts}


def past_of(entries: list[dict[str, object]]) -> NightSoFar:
    return night_so_far(entries, Path("incoming"))


def test_no_journal_is_a_night_not_begun() -> None:
    assert not past_of([]).begun


def test_a_frame_without_a_verdict_is_owed_one() -> None:
    found = past_of(
        [
            entry(1, **{**TAKEN, "frame": "a.fits"}),
            entry(2, **{**TAKEN, "frame": "b.fits"}),
            entry(3, **{**TAKEN, "event": "frame-accepted", "frame": "a.fits"}),
        ]
    )
    assert [capture.path.name for capture in found.owed] == ["b.fits"]
    assert [capture.path for capture in found.captures] == [Path("incoming/a.fits"), Path("incoming/b.fits")]


def test_time_goes_on_from_the_last_entry() -> None:
    assert past_of([entry(1), entry(7)]).last == moment("2026-11-21T20:00:07.000Z")


def test_a_finished_night_says_so() -> None:
    assert past_of([entry(1, "night-started"), entry(2, "night-finished")]).finished


def test_a_finished_night_that_goes_on_is_finished_no_more() -> None:
    assert not past_of([entry(1, "night-finished"), entry(2, "night-resumed")]).finished


def test_accepted_frames_are_remembered_with_what_they_were_taken_for() -> None:
    bias = {
        "kind": "bias",
        "filter": None,
        "exposure_s": 0.0,
        "plan": None,
        "goal": None,
        "began": "2026-11-21T16:00:00.000Z",
    }
    (capture,) = past_of([entry(1, "frame-accepted", frame="b.fits", **bias)]).accepted
    assert (capture.kind, capture.filter, capture.line) == ("bias", None, None)
