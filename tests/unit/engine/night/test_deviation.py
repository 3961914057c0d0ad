"""Where a night leaves its plan: the gravest cause is told, and nothing while it goes as planned."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from obsy.engine.events import Event
from obsy.engine.events.frames import FrameRejected
from obsy.engine.events.observing import BlockFailed, GoalWaits
from obsy.engine.events.roof import VerdictTurned
from obsy.engine.night.deviation import NEAR, Expected, Moment, deviation
from obsy.engine.schedule.request import Block
from tests.support.requests import request

NOW = datetime(2026, 11, 21, 22, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def block(plan: str, start: float, minutes: float) -> Block:
    at = NOW + start * MINUTE
    return Block(request(plan), 10, at, at + minutes * MINUTE, 10.0, 41.0, -1.0)


PLANNED = (block("m31", -60, 60), block("heart", 2, 60), block("m33", 65, 60))
CLOUD = VerdictTurned(safe=False, reason="cloud 80 %", input="sky")
CLEAR = VerdictTurned(safe=True, reason="well", input="")
WAITS = GoalWaits(plan="heart", goal="V-60s", until=NOW, pause_s=600.0, in_a_row=8, reason="stars: 2")
FAILED = BlockFailed(plan="heart", goal="V-60s", reason="no star to guide on", in_a_row=1)
REJECTED = FrameRejected(
    frame="a.fits",
    kind="light",
    filter="V",
    exposure_s=60.0,
    plan="heart",
    goal="V-60s",
    began=NOW,
    reason="fwhm: 9",
    measures={},
)


def told(comes: Block | None, *happened: Event, now: datetime = NOW, **said: Any) -> Any:
    return deviation(Expected(PLANNED, 0, frozenset()), Moment(now, comes, happened, **said))


@pytest.mark.parametrize("comes", [PLANNED[0], PLANNED[1]])
def test_what_was_planned_about_now_comes_as_planned(comes: Block) -> None:
    assert told(comes, CLOUD, REJECTED) is None


def test_what_comes_sooner_than_planned_is_told_unless_it_was_next_anyway() -> None:
    assert told(PLANNED[2], FAILED).cause == "failed"
    soon = PLANNED[2].start - NEAR + MINUTE
    assert told(PLANNED[2], FAILED, now=soon) is None
    later = (PLANNED[0], block("m33", 30, 60))
    assert deviation(Expected(later, 0, frozenset()), Moment(NOW, PLANNED[2], (FAILED,))) is None


def test_a_block_is_cut_after_an_hour_and_so_ends_as_planned() -> None:
    long = replace(block("m31", -60, 120), count=120)
    found = deviation(Expected((long, PLANNED[2]), 0, frozenset()), Moment(NOW, block("other", 0, 60), ()))
    assert found is not None
    assert found.cause == "anew"


@pytest.mark.parametrize(
    ("happened", "cause", "reason"),
    [
        ((REJECTED, FAILED, WAITS, CLOUD, CLEAR), "weather", "it was not safe: cloud 80 %"),
        ((REJECTED, WAITS, FAILED), "failed", "heart V-60s was broken off: no star to guide on"),
        ((REJECTED, WAITS), "waits", "heart V-60s gives way for 10 min: in vain 8 times, stars: 2"),
        ((REJECTED, REJECTED), "rejected", "2 frames were rejected, the last for fwhm: 9"),
        ((CLEAR,), "anew", "planned anew from here, another order is worth more"),
    ],
)
def test_the_gravest_cause_is_told(happened: tuple[Event, ...], cause: str, reason: str) -> None:
    found = told(block("other", 0, 60), *happened)
    assert (found.planned, found.instead) == ("heart V-60s", "other V-60s")
    assert (found.cause, found.reason) == (cause, reason)


@pytest.mark.parametrize(("minutes", "cause"), [(5, "late"), (-5, "early"), (1, "anew")])
def test_a_block_that_ends_at_another_time_than_planned_may_be_the_cause(minutes: int, cause: str) -> None:
    assert told(block("other", 0, 60), now=NOW + minutes * MINUTE).cause == cause


def test_an_archive_that_refuses_outranks_all_else() -> None:
    assert told(None, CLOUD, refused="the disk is full").reason == "the disk is full"


def test_a_night_that_has_no_work_left_sooner_than_planned_says_so() -> None:
    assert told(None, REJECTED).instead is None
    assert told(None, REJECTED, now=PLANNED[-1].end - NEAR) is None
    assert deviation(Expected((), 0, frozenset()), Moment(NOW, None, ())) is None


def test_work_where_none_was_planned_is_told() -> None:
    found = deviation(Expected((), 0, frozenset()), Moment(NOW, PLANNED[0], ()))
    assert found is not None
    assert (found.planned, found.instead, found.cause) == (None, "m31 V-60s", "anew")
    assert found.words(found.facts()).startswith("nothing was planned next, m31 V-60s comes: ")


def test_another_roof_that_turned_is_a_cause() -> None:
    found = deviation(Expected(PLANNED, 0, frozenset({"east"})), Moment(NOW, block("other", 0, 60), ()))
    assert found is not None
    assert found.cause == "weather"
