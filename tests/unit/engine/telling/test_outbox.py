"""What one recipient gets: nothing lost, nothing twice, nothing in bursts."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obsy.engine.events import ALARM, NOTICE, TROUBLE
from obsy.engine.telling.note import Note
from obsy.engine.telling.outbox import APART_S, GATHER_S, MOST, TRIES_S, Outbox
from obsy.schemas.recipient import Recipient
from tests.support.effort import examples

AT = datetime(2026, 11, 21, 19, 30, tzinfo=UTC)
ANA = Recipient.model_validate({"kind": "recipient", "name": "ana", "address": "json://x/y", "pause": "10 min"})


def note(words: str, urgent: bool = False) -> Note:
    return Note(AT, ALARM if urgent else NOTICE, words, urgent=urgent)


def said(notes: tuple[Note, ...]) -> list[str]:
    return [each.words for each in notes]


def test_what_is_not_urgent_waits_for_what_belongs_to_it() -> None:
    box = Outbox(ANA)
    box.hear(note("rain"), 0.0)
    box.hear(note("closing"), 20.0)
    assert box.due(GATHER_S - 1) == ()
    assert said(box.due(GATHER_S)) == ["rain", "closing"]


def test_an_alarm_waits_for_nothing_and_takes_the_others_with_it() -> None:
    box = Outbox(ANA)
    box.hear(note("rain"), 0.0)
    box.hear(note("stuck", urgent=True), 1.0)
    assert said(box.due(1.0)) == ["rain", "stuck"]


def test_the_same_with_other_numbers_is_counted_and_not_told_again() -> None:
    box = Outbox(ANA)
    for minute in range(9):
        box.hear(note(f"wind {minute} km/h"), 60.0 * minute)
    first = box.due(GATHER_S)
    box.sent(first, GATHER_S)
    box.hear(note("wind 9 km/h"), 600.0)
    assert (said(first), [each.count for each in first]) == (["wind 0 km/h"], [1])
    assert [(each.words, each.count) for each in box.due(700.0)] == [("wind 9 km/h", 9)]


def test_the_same_trouble_is_told_again_after_twice_as_long_each_time_and_counted() -> None:
    box, counts = Outbox(ANA), []
    for minute in range(5, 12 * 60, 5):
        box.hear(replace(note(f"ss-cyg V-30s gives way for {minute} min"), severity=TROUBLE), 60.0 * minute)
        if notes := box.due(60.0 * minute, last=True):
            counts += [each.count for each in notes]
            box.sent(notes, 60.0 * minute)
    assert counts == [1, 2, 4, 8, 16, 32, 64]


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("m31 L-120s gives way for 9 min", "m31 L-120s gives way for 19.5 min", True),
        ("the mount stands at -10.2 deg at 19:30Z", "the mount stands at 5 deg at 2026-11-22T03:01:20Z", True),
        ("azimuth 1.2e-05 deg", "azimuth 0 deg", True),
        ("m31 gives way", "m33 gives way", False),
        ("ss-cyg V-30s gives way", "ss-cyg V-60s gives way", False),
        ("ngc-7000 gives way", "ngc-7023 gives way", False),
    ],
)
def test_numbers_in_names_are_no_numbers(one: str, other: str, is_same: bool) -> None:
    assert (note(one).sort == note(other).sort) is is_same


def test_after_each_failure_it_waits_longer_and_then_tells_all() -> None:
    box, now_s = Outbox(ANA), 0.0
    box.hear(note("a", urgent=True), now_s)
    for pause_s in (*TRIES_S, TRIES_S[-1]):
        assert box.due(now_s)
        box.failed(now_s)
        assert box.due(now_s + pause_s - 0.1) == box.due(now_s + pause_s - 0.1, last=True) == ()
        now_s += pause_s
    box.hear(note("b", urgent=True), now_s)
    assert said(box.due(now_s)) == ["a", "b"]
    box.sent(box.due(now_s), now_s)
    assert box.due(now_s + 1e6) == ()


def test_of_too_many_the_oldest_that_is_not_urgent_is_left_out_and_counted() -> None:
    box = Outbox(ANA)
    box.hear(note("first alarm", urgent=True), 0.0)
    for number in range(MOST):
        box.hear(note("x" * (number + 1)), 0.0)
    told = said(box.due(GATHER_S))
    assert (len(told), told[0], "x" in told, box.left_out) == (MOST, "first alarm", False, 1)


HEARD = st.lists(st.tuples(st.floats(0.0, 400.0), st.sampled_from("abcd"), st.booleans(), st.booleans()), max_size=40)


@given(HEARD)
@settings(max_examples=examples(100), deadline=None)
def test_whatever_is_heard_and_however_often_it_fails_nothing_is_lost_twice_or_too_early(
    heard: list[tuple[float, str, bool, bool]],
) -> None:
    box, now_s, sent = Outbox(ANA), 0.0, list[tuple[float, tuple[Note, ...]]]()

    def look(fails: bool, last: bool = False) -> None:
        if notes := box.due(now_s, last=last):
            if fails:
                box.failed(now_s)
            else:
                sent.append((now_s, notes))
                box.sent(notes, now_s)

    urgent = 0
    for pause_s, words, is_urgent, fails in heard:
        now_s += pause_s
        look(fails)
        box.hear(note(words, is_urgent), now_s)
        urgent += is_urgent
    now_s += TRIES_S[-1]
    look(False, last=True)
    every = [each for _, notes in sent for each in notes]
    assert sum(each.urgent for each in every) == urgent
    assert {each.words for each in every} == {words for _, words, _, _ in heard}
    for (earlier_s, _), (later_s, notes) in zip(sent[:-1], sent[1:-1], strict=False):
        assert later_s - earlier_s >= (APART_S if any(each.urgent for each in notes) else ANA.pause)
    assert box.pending == ()
