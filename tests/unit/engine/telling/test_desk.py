"""Who is told what, and when; the words are golden files."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from obsy.engine.events import Severity
from obsy.engine.events.telling import AlarmsAcknowledged, NightSummed, ObsyDied, ObsyFailed
from obsy.engine.journal import Entry, stamp
from obsy.engine.telling.desk import CARED_FOR_S, Desk, rehearsed
from obsy.engine.telling.note import Sender
from obsy.schemas.recipient import Hears, Recipient
from tests.support.effort import examples
from tests.support.golden import assert_golden

HERE = Path(__file__).parent
AT = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)
SENDER = Sender("hill", "Europe/Madrid")


def recipient(name: str, hears: list[str], **said: str) -> Recipient:
    return Recipient.model_validate(
        {"kind": "recipient", "name": name, "address": "json://x/y", "hears": hears, **said}
    )


ANA = recipient("ana", ["alarm", "trouble", "notice", "summary"])
BOB = recipient("bob", ["alarm"], after="10 min")


def at(minutes: float, event: str, **facts: Any) -> Entry:
    return {"time": stamp(AT + timedelta(minutes=minutes)), "night": "2026-11-21", "event": event, **facts}


def roof(minutes: float, event: str, **facts: Any) -> Entry:
    return at(minutes, event, enclosure="dome", **facts)


BEGINNING = (
    at(0, "night-started", state="waiting"),
    roof(20, "state", **{"from": "waiting", "to": "opening"}),
    roof(21, "roof-opened"),
    roof(21, "state", **{"from": "opening", "to": "observing"}),
    roof(22, "mount-unparked", mount="gem"),
)
RAIN = (
    roof(60, "verdict", safe=False, reason="rain 2.6 mm/h, above 0", input="rain-sensor"),
    roof(60, "state", **{"from": "observing", "to": "closing"}),
    roof(60.4, "mount-parked", mount="gem"),
    roof(60.4, "roof-closing"),
)
STUCK = (
    roof(62, "close-failed", attempt=1, reason="no end switch within 90 s"),
    roof(65, "close-failed", attempt=3, reason="no end switch within 90 s"),
    roof(65, "alarm", reason="the roof does not close: it needs hands, now"),
)
END = (
    roof(101, "roof-closed"),
    roof(101, "state", **{"from": "closing", "to": "finished"}),
    at(110, "night-finished"),
    at(111, NightSummed.name, headline="1 h of open roof, 12 lights.", text="hill, Saturday\n1 h of open roof"),
)


def ticks(first: float, last: float) -> Iterator[Entry]:
    """What lets time pass."""
    yield from (roof(minute, "weather") for minute in range(round(first), round(last)))


def told(entries: list[Entry], *recipients: Recipient) -> list[tuple[float, str, str]]:
    """Minute, recipient and title of each message."""
    made = rehearsed(sorted(entries, key=lambda each: each["time"]), SENDER, recipients)
    return [((when - AT).total_seconds() / 60, to, each.title) for when, to, each in made]


def test_a_night_reads_as_written() -> None:
    entries = sorted([*BEGINNING, *RAIN, *STUCK, *END, *ticks(0, 115)], key=lambda each: each["time"])
    made = rehearsed(entries, SENDER, [ANA, BOB])
    page = "".join(f"=== {when:%H:%M} {to}\n{each.title}\n---\n{each.body}\n" for when, to, each in made)
    assert_golden(page, HERE / "a-night-with-a-stuck-roof.txt")


def test_in_a_rehearsal_the_title_says_so_before_all_else() -> None:
    ((_, _, each),) = rehearsed([*BEGINNING[:1], STUCK[2]], Sender("hill", "UTC", rehearsal=True), [BOB_AT_ONCE])
    assert each.title == "rehearsal: ALARM hill: the roof does not close: it needs hands, now"


BOB_AT_ONCE = recipient("bob", ["alarm"])


def test_who_comes_later_is_not_called_for_what_somebody_takes_care_of() -> None:
    ack = at(70, AlarmsAcknowledged.name, by="ana")
    called = told([*BEGINNING, *STUCK, ack, *ticks(0, 115)], recipient("ana", ["alarm"]), BOB)
    assert called == [
        (62, "ana", "ALARM hill: the roof does not close (attempt 1): no end switch within 90 s"),
        (65, "ana", "ALARM hill: the roof does not close: it needs hands, now"),
        (70, "ana", "hill: ana takes care of it"),
    ]


def test_who_was_called_hears_who_takes_care_of_it_and_that_it_is_over() -> None:
    ack = at(76, AlarmsAcknowledged.name, by="ana")
    called = told([*BEGINNING, *STUCK, ack, *END[:1], *ticks(0, 115)], BOB)
    assert [title for _, _, title in called] == [
        "ALARM hill: the roof does not close: it needs hands, now (+1)",
        "hill: ana takes care of it",
    ]
    called = told([*BEGINNING, *STUCK, *END[:1], *ticks(0, 115)], BOB)
    assert [title for _, _, title in called][-1] == "hill: it is over: the roof is closed"


def test_the_same_alarm_calls_again_an_hour_after_it_was_acknowledged_another_at_once() -> None:
    ack = at(63, AlarmsAcknowledged.name, by="ana")
    later = 63 + CARED_FOR_S / 60
    again = roof(later + 1, "alarm", reason="the roof does not close: it needs hands, now")
    same = roof(later - 1, "alarm", reason="the roof does not close: it needs hands, now")
    other = roof(80, "alarm", reason="the mount moves")
    first = roof(62, "alarm", reason="the roof does not close: it needs hands, now")
    called = told([first, ack, same, again, other, *ticks(0, later + 3)], recipient("bob", ["alarm"], again="3 h"))
    minutes = [minute for minute, _, title in called if "ALARM" in title]
    assert minutes == [62, 80, later + 1]


def test_what_is_cared_for_is_trouble_until_its_roof_closes_and_calls_again_after_that() -> None:
    hands = "the roof does not close: it needs hands, now"
    first, ack = roof(62, "alarm", reason=hands), at(63, AlarmsAcknowledged.name, by="ana")
    meanwhile, shed = roof(66, "alarm", reason=hands), at(67, "roof-closed", enclosure="shed")
    still, closed = roof(68, "alarm", reason=hands), roof(70, "roof-closed")
    story = [*BEGINNING, first, ack, meanwhile, shed, still, closed, roof(100, "alarm", reason=hands), *ticks(0, 110)]
    assert [minute for minute, _, title in told(story, BOB_AT_ONCE) if "ALARM" in title] == [62, 100]
    dora = recipient("dora", ["trouble"], pause="1 min")
    assert told(story, dora) == [(67, "dora", f"hill: {hands}"), (69, "dora", f"hill: {hands}")]


def test_another_night_cares_for_nothing() -> None:
    hands = "the roof does not close: it needs hands, now"
    first, ack = roof(62, "alarm", reason=hands), at(63, AlarmsAcknowledged.name, by="ana")
    resumed = at(64, "night-resumed", state="closing", after="cut off")
    called = told([first, ack, resumed, roof(65, "alarm", reason=hands), *ticks(61, 70)], BOB_AT_ONCE)
    assert [minute for minute, _, title in called if "ALARM" in title] == [62, 65]


def test_each_alarm_is_repeated_for_its_own_twelve_hours_and_once_more_when_it_is_raised_again() -> None:
    first, late = roof(0, "alarm", reason="the mount does not answer"), roof(725, "alarm", reason="it needs hands")
    called = told([first, late, *ticks(0, 725 + 121)], recipient("bob", ["alarm"], again="60 min"))
    later = [(minute, title) for minute, _, title in called if minute >= 720]
    assert later == [
        (725, "ALARM hill: it needs hands"),
        (785, "ALARM hill: again: it needs hands"),
        (845, "ALARM hill: again: it needs hands"),
    ]
    anew = roof(725, "alarm", reason="the mount does not answer")
    called = told([first, anew, *ticks(0, 725 + 61)], recipient("bob", ["alarm"], again="60 min"))
    assert [minute for minute, _, _ in called if minute >= 720] == [725, 785]


def test_an_alarm_that_nobody_acknowledges_comes_again_but_not_for_ever() -> None:
    called = told([STUCK[2], *ticks(0, 24 * 60)], recipient("bob", ["alarm"], again="60 min"))
    assert len(called) == 12
    assert all("again: the roof does not close" in title for _, _, title in called[1:])


def test_that_obsy_died_is_an_alarm() -> None:
    ((_, _, title),) = told([*BEGINNING, at(30, ObsyDied.name)], BOB_AT_ONCE)
    assert title == "ALARM hill: obsy died, and nobody watches the roof: give 'obsy apply' again"


def test_of_several_enclosures_each_is_named_and_only_its_own_closing_ends_its_alarm() -> None:
    begin = at(0, "night-started", state="waiting", states={"dome": "waiting", "shed": "waiting"})
    stuck = roof(1, "alarm", reason="it needs hands")
    shed = at(2, "roof-closed", enclosure="shed")
    called = told([begin, stuck, shed, roof(3, "roof-closed"), *ticks(4, 9)], BOB_AT_ONCE)
    assert [(minute, title) for minute, _, title in called] == [
        (2, "ALARM hill: dome: it needs hands"),
        (4, "hill: it is over: dome: the roof is closed"),
    ]


def test_nobody_hears_what_he_does_not_ask_for() -> None:
    everything = [*BEGINNING, *RAIN, *STUCK, *END, *ticks(0, 115)]
    summary = told(everything, recipient("carla", ["summary"]))
    assert [title for _, _, title in summary] == ["hill: 1 h of open roof, 12 lights."]
    assert told([*BEGINNING, *RAIN, *ticks(0, 99)], recipient("dora", ["trouble"])) == []


def test_a_night_that_does_not_begin_is_told_instead_of_the_report() -> None:
    failed = at(0, ObsyFailed.name, reason="plans/m31.yaml:3:1: unknown-key")
    ((_, _, title),) = told([failed], recipient("carla", ["summary"]))
    assert title == "hill: obsy ended before its time: plans/m31.yaml:3:1: unknown-key"


def test_whatever_people_may_hear_of_is_a_severity_of_events_or_the_report() -> None:
    assert {each.name.lower() for each in Severity} - {"info"} | {"summary"} == set(get_args(Hears))


ODD = st.fixed_dictionaries(
    {"event": st.sampled_from(["alarm", "close-failed", "roof-closed", "verdict", "state", "weather", "acknowledged"])},
    optional={"reason": st.sampled_from(["a", "b {c}", None]), "enclosure": st.sampled_from(["dome", "shed", None])},
)


@given(st.lists(st.tuples(ODD, st.floats(0, 90)), max_size=30))
@settings(max_examples=examples(60), deadline=None)
def test_every_alarm_reaches_whoever_hears_of_alarms_unless_it_was_over_or_acknowledged(
    heard: list[tuple[Entry, float]],
) -> None:
    desk, minute, got = Desk(SENDER, [BOB_AT_ONCE]), 0.0, ""
    for entry, pause in heard:
        minute += pause
        full = {"time": stamp(AT + timedelta(minutes=minute)), "by": "ana", "to": "x", **entry}
        desk.hear(full, minute * 60)
        for box, notes in desk.due(minute * 60, last=True):
            got += desk.message(box, notes, AT).body
            box.sent(notes, minute * 60)
    for entry, _ in heard:
        if entry["event"] == "alarm" and entry.get("reason"):
            assert entry["reason"] in got
