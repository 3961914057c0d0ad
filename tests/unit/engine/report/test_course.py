from collections.abc import Callable
from typing import Any

import pytest

from obsy.engine.report import course

Line = Callable[..., dict[str, Any]]


@pytest.fixture
def line() -> Line:
    """An entry so many minutes after seven in the evening."""

    def make(minute: int, event: str, **facts: Any) -> dict[str, Any]:
        return {"time": f"2026-11-21T19:{minute:02}:00.000Z", "night": "2026-11-21", "event": event, **facts}

    return make


def moved(line: Line, minute: int, source: str, dest: str) -> dict[str, Any]:
    return line(minute, "state", **{"from": source, "to": dest})


def test_a_state_lasts_from_one_move_to_the_next(line: Line) -> None:
    entries = [
        line(0, "night-started"),
        moved(line, 5, "calibrating", "waiting"),
        moved(line, 20, "waiting", "opening"),
        line(25, "night-finished"),
    ]
    assert [(span.words, span.seconds / 60) for span in course.states(entries)] == [
        ("calibrating", 5),
        ("waiting", 15),
        ("opening", 5),
    ]


def test_an_interruption_is_a_state_of_its_own(line: Line) -> None:
    entries = [
        line(0, "night-started"),
        moved(line, 5, "waiting", "observing"),
        line(10, "weather"),
        line(30, "night-resumed"),
        moved(line, 40, "closing", "sheltering"),
        line(45, "weather"),
    ]
    assert [(span.words, span.seconds / 60) for span in course.states(entries)] == [
        ("waiting", 5),
        ("observing", 5),
        ("interrupted", 20),
        ("closing", 10),
        ("sheltering", 5),
    ]


def test_the_roof_is_open_between_its_end_switches(line: Line) -> None:
    entries = [line(0, "roof-opening"), line(1, "roof-opened"), line(30, "roof-closing"), line(31, "roof-closed")]
    (span,) = course.roof(entries)
    assert span.seconds == 30 * 60


def test_a_roof_that_nothing_closed_is_open_to_the_last_word(line: Line) -> None:
    (span,) = course.roof([line(1, "roof-opened"), line(9, "weather")])
    assert span.seconds == 8 * 60


def test_the_reason_of_an_unsafe_time_is_kept(line: Line) -> None:
    entries = [line(0, "verdict", safe=False, reason="rain"), line(7, "verdict", safe=True, reason="well")]
    assert [(span.words, span.seconds) for span in course.unsafe(entries)] == [("rain", 420.0)]


def test_no_entries_are_no_course() -> None:
    assert (course.states([]), course.roof([]), course.unsafe([])) == ((), (), ())
