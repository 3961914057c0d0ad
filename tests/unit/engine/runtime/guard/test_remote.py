"""What a guard says of a roof is what the night hears of it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from obsy.engine.devices.clock import WallClock
from obsy.engine.events import Event
from obsy.engine.events.night import StateChanged
from obsy.engine.events.observing import WaitingBegun
from obsy.engine.events.roof import AlarmRaised, WeatherNoted
from obsy.engine.journal import Journal, read
from obsy.engine.runtime.guard.line import GuardLine
from obsy.engine.runtime.guard.remote import RemoteKeeper
from obsy.engine.runtime.guard.wire import understood, written

AT = datetime(2026, 11, 21, 19, 30, 0, 250000, tzinfo=UTC)


async def no_guard() -> None:
    raise AssertionError("nobody is asked")


async def park() -> None:
    raise AssertionError("nothing is parked")


def over_the_wire(event: Event) -> Event:
    """What a night hears of an event that a guard says."""
    heard = list[Event]()
    keeper = RemoteKeeper(GuardLine(no_guard), "dome", WallClock(), park)  # type: ignore[arg-type]
    keeper.overhear(heard.append)
    keeper.take(understood(written({"roof": "dome", "event": event.name, "facts": event.facts()})))
    (found,) = heard
    return found


EVENTS: list[Event] = [
    WaitingBegun(train="newton", until=AT, plan="m31", goal="L"),
    StateChanged(from_="idle", to="open", on="dusk", facts_={"is_dark": True}, detail="ünruhig"),
    AlarmRaised(reason="stuck", enclosure="dome"),
    WeatherNoted(wind=3.5),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_an_event_passes_the_wire_unchanged(event: Event) -> None:
    assert over_the_wire(event) == event


def test_words_that_no_utf_8_holds_pass_the_wire_as_they_pass_the_journal(tmp_path: Path) -> None:
    event = AlarmRaised(reason=b"im\xffage.jpg".decode(errors="surrogateescape"))
    with Journal(tmp_path / "j.jsonl", "n") as journal:
        journal.write(AT, event)
    (entry,) = read(tmp_path / "j.jsonl")
    assert over_the_wire(event) == AlarmRaised(reason=entry["reason"])
    assert json.loads(written({"verdict": {"reason": event.reason}})) == {"verdict": {"reason": entry["reason"]}}
