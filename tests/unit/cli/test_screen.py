"""An event of the journal in a sentence for people."""

import io
from typing import Any

import pytest
from rich.console import Console

from obsy.cli.screen import LiveScreen, LogLines, showing, told

NIGHT = {"time": "2026-11-21T19:30:05.000Z", "night": "2026-11-21"}


def said(event: str, **facts: Any) -> str:
    return told({**NIGHT, "event": event, **facts}, "Europe/Madrid").partition("  ")[2]


@pytest.mark.parametrize(
    ("event", "facts", "sentence"),
    [
        ("night-started", {"state": "waiting"}, "The night of 2026-11-21 begins."),
        ("night-finished", {}, "The night of 2026-11-21 is finished."),
        ("night-ended-early", {"reason": "disk full"}, "The night of 2026-11-21 ended early: disk full"),
        ("roof-opened", {}, "the roof is open"),
        ("alarm", {"reason": "the roof is open and it rains"}, "ALARM: the roof is open and it rains"),
        ("close-failed", {"attempt": 2, "reason": "jam"}, "ALARM: the roof does not close (attempt 2): jam"),
        ("block-started", {"plan": "m31", "count": 10, "exposure_s": 240.0, "filter": "L"}, "m31: 10 × 240 s in L"),
        ("block-started", {"plan": "sky", "count": 3, "exposure_s": 0.5, "filter": "R"}, "sky: 3 × 0.5 s in R"),
        ("frame-rejected", {"frame": "a.fits", "reason": "stars: 2, below 8"}, "rejected a.fits: stars: 2, below 8"),
        (
            "block-failed",
            {"plan": "m31", "goal": "L-240s", "reason": "no guide"},
            "m31 L-240s was broken off: no guide",
        ),
        ("activity-stuck", {"after_s": 60.0}, "what was being done has not let go after 60 s"),
        ("fault", {"activity": "observe", "reason": "KeyError"}, "a fault of obsy in 'observe': KeyError"),
        ("stack-built", {"picture": "m31", "filter": "L", "frames": 9}, "stack of m31 in L from 9 frames"),
    ],
)
def test_an_event_is_told_in_a_sentence(event: str, facts: dict[str, Any], sentence: str) -> None:
    assert said(event, **facts) == sentence


def test_times_in_a_line_of_the_night_are_local_and_what_must_stay_safe_is_not_called_unsafe() -> None:
    words = said("verdict", safe=False, reason="not yet: it must stay safe until 20:07:06 UTC", input="")
    assert words == "not yet: it must stay safe until 21:07:06 UTC+1"
    assert said("verdict", safe=False, reason="rain 1 mm/h", input="rain") == "unsafe: rain 1 mm/h"


@pytest.mark.parametrize("event", ["weather", "slewed", "exposure-started", "frame-taken", "frame-accepted", "waiting"])
def test_what_only_the_journal_needs_is_not_told(event: str) -> None:
    assert said(event) == ""


def test_an_event_nobody_knows_is_not_told() -> None:
    assert said("comet-discovered") == ""


def test_a_new_state_is_told_by_its_name() -> None:
    assert said("state", **{"from": "waiting", "to": "opening"}) == "opening"


def test_a_state_that_stays_is_not_told() -> None:
    assert said("state", **{"from": "observing", "to": "observing"}) == ""


@pytest.mark.parametrize(("safe", "word"), [(True, "safe"), (False, "unsafe")])
def test_a_verdict_is_told_in_a_word_with_its_reason(safe: bool, word: str) -> None:
    assert said("verdict", safe=safe, reason="rain 0 mm/h") == f"{word}: rain 0 mm/h"


def test_a_master_without_a_filter_leaves_no_gap() -> None:
    master = {"kind": "dark", "filter": None, "exposure_s": 240.0, "frames": 20}
    assert said("master-built", **master) == "master dark 240 s from 20 frames"


def test_a_master_with_a_filter_names_it() -> None:
    master = {"kind": "flat", "filter": "Ha", "exposure_s": 2.5, "frames": 15}
    assert said("master-built", **master) == "master flat Ha 2.5 s from 15 frames"


def test_of_several_mounts_and_trains_it_is_said_which_one() -> None:
    master = {"kind": "bias", "filter": None, "exposure_s": 0.0, "frames": 9, "train": "left"}
    assert said("master-built", **master) == "master bias 0 s from 9 frames by left"
    assert said("mount-parked", mount="gem") == "the mount gem is parked"


def test_braces_in_a_reason_are_only_braces() -> None:
    assert said("alarm", reason="{night} and {}") == "ALARM: {night} and {}"


def test_a_line_begins_with_the_time_of_day() -> None:
    page = io.StringIO()
    with LogLines(Console(file=page, width=100), "Europe/Madrid") as lines:
        lines.tell({**NIGHT, "event": "roof-opened"})
        lines.tell({**NIGHT, "event": "weather"})
    assert page.getvalue() == "20:30:05 UTC+1  the roof is open\n"


def test_a_line_that_is_longer_than_the_console_is_one_line_all_the_same() -> None:
    page, reason = io.StringIO(), "a long story " * 20 + "ends"
    LogLines(Console(file=page, width=80), "UTC").tell({**NIGHT, "event": "alarm", "reason": reason})
    assert page.getvalue() == f"19:30:05 UTC  ALARM: {reason}\n"


def test_brackets_in_a_reason_are_printed_as_they_are() -> None:
    page = io.StringIO()
    LogLines(Console(file=page, width=100), "Europe/Madrid").tell({**NIGHT, "event": "alarm", "reason": "[bold] roof"})
    assert page.getvalue() == "20:30:05 UTC+1  ALARM: [bold] roof\n"


def test_a_pipe_gets_lines() -> None:
    assert isinstance(showing(Console(file=io.StringIO()), [], "UTC"), LogLines)


def test_the_clocks_of_the_site_are_marked_before_and_after_they_change() -> None:
    opened = {"night": "2026-10-24", "event": "roof-opened"}
    times = [told({**opened, "time": f"2026-10-25T0{hour}:30:00.000Z"}, "Europe/Madrid") for hour in (0, 1)]
    assert times == ["02:30:00 UTC+2  the roof is open", "02:30:00 UTC+1  the roof is open"]


def test_after_an_interruption_the_screen_keeps_its_last_word() -> None:
    page = io.StringIO()
    console = Console(file=page, width=100, force_terminal=True)
    stop = {"event": "night-interrupted", "reason": "told to stop", "roof_is": "closed", "mount_is": "parked"}

    def play() -> None:
        with LiveScreen(console, [], "Europe/Madrid") as screen:
            screen.tell({**NIGHT, "event": "state", "from": "opening", "to": "observing"})
            screen.tell({**NIGHT, **stop})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        play()
    last = page.getvalue().splitlines()[-1]
    assert "20:30:05 UTC+1  Interrupted (told to stop): the mount is parked, the roof closed." in last


def test_the_screen_shows_state_verdict_and_what_each_train_exposes() -> None:
    page = io.StringIO()
    with LiveScreen(Console(file=page, width=200, force_terminal=True), [], "Europe/Madrid") as screen:
        for facts in (
            {"event": "night-started", "states": {"dome": "waiting", "shed": "waiting"}},
            {"event": "state", "from": "opening", "to": "observing", "enclosure": "dome"},
            {"event": "verdict", "safe": True, "reason": "all is well", "input": "", "enclosure": "dome"},
            {"event": "exposure-started", "object": "m31", "filter": "L", "exposure_s": 180.0, "train": "wide"},
            {"event": "exposure-started", "object": "m33", "filter": None, "exposure_s": 60.0, "train": "long"},
        ):
            screen.tell({**NIGHT, **facts})
        shown = Console(width=200, file=io.StringIO(), record=True)
        shown.print(screen._draw())
    text = shown.export_text()
    assert "2026-11-21 20:30:05 UTC+1   dome observing   m31 L 180 s, m33 60 s" in text
    assert "dome all is well" in text


def test_with_several_enclosures_a_line_says_which_one() -> None:
    page, opened = io.StringIO(), {**NIGHT, "event": "roof-opened", "enclosure": "dome"}
    lines = LogLines(Console(file=page, width=100), "UTC")
    lines.tell(opened)
    lines.tell({**NIGHT, "event": "night-started", "states": {"dome": "waiting", "shed": "waiting"}})
    lines.tell(opened)
    assert page.getvalue().splitlines()[::2] == [
        "19:30:05 UTC  the roof is open",
        "19:30:05 UTC  dome: the roof is open",
    ]
