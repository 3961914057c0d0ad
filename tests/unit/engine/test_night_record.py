"""What a night's record answers: of several enclosures, the one that stands worst speaks for the night."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from obsy.engine.fold import fold
from obsy.engine.journal import stamp
from obsy.engine.night_record import Capture, EnclosureRecord, peril

MOMENT = datetime(2026, 11, 21, 19, tzinfo=UTC)
AT = stamp(MOMENT)
BEST_FIRST = [
    ("finished", "a roof that nobody knows", "not parked", False),
    ("waiting", "closed", "parked", True),
    ("waiting", "closed", "parked", None),
    ("waiting", "closed", "parked", False),
    ("waiting", "closed", "", True),
    ("waiting", "closed", "unknown", True),
    ("waiting", "closed", "not parked", True),
    ("waiting", "closed", "a word of another version", True),
    ("waiting", "", "parked", True),
    ("waiting", "closing", "parked", True),
    ("waiting", "unknown", "parked", True),
    ("waiting", "moving", "parked", True),
    ("waiting", "opening", "parked", True),
    ("waiting", "open", "parked", True),
    ("waiting", "a word of another version", "parked", True),
]
"""State, roof, mount and verdict, from the enclosure that stands best to the one that stands worst."""


def test_an_open_roof_is_worse_than_a_mount_and_a_mount_worse_than_the_weather() -> None:
    assert all(peril(*better) < peril(*worse) for better, worse in pairwise(BEST_FIRST))


def test_the_enclosure_that_stands_worst_speaks_for_the_night_and_each_for_itself() -> None:
    opened = [{"time": AT, "event": "roof-opened", "enclosure": name} for name in ("shed", "barn")]
    closed = [{"time": AT, "event": "roof-closed", "enclosure": name} for name in ("dome", "barn")]
    record = fold([*opened, *closed])
    assert record.worst.enclosure == "shed"
    assert [record.under(name).roof_is for name in ("shed", "barn", "dome")] == ["open", "closed", "closed"]
    assert record.under("tent") == EnclosureRecord("tent")


PLANNED = Capture(Path("/in/a/L.fits"), "newton", "light", "L", 60.0, MOMENT, "heart", "L-60s", block="heart-1")
CALIBRATION = Capture(Path("/in/dark.fits"), "newton", "dark", None, 60.0, MOMENT)


@pytest.mark.parametrize("capture", [PLANNED, CALIBRATION])
def test_a_capture_comes_back_from_the_event_that_tells_of_it(capture: Capture) -> None:
    told = capture.facts(Path("/in"))
    assert Capture.of({**told, "began": stamp(told["began"]), "time": AT}, Path("/in")) == capture
    assert Capture.of({**told, "train": None, "began": None, "time": AT}, Path("/in")) == replace(capture, train="")


def test_a_capture_counts_for_a_goal_only_if_its_plan_is_known_too() -> None:
    assert PLANNED.line == ("heart", "L-60s")
    assert [replace(PLANNED, **{unknown: None}).line for unknown in ("plan", "goal")] == [None, None]


def test_a_file_outside_the_folder_of_arrivals_goes_by_its_name() -> None:
    assert PLANNED.facts(Path("/in"))["frame"] == "a/L.fits"
    assert PLANNED.facts(Path("/elsewhere"))["frame"] == "L.fits"
