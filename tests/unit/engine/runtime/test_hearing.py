"""What a night does about alerts while it runs: each is told once, and what has a time of its own gives way to none."""

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from obsy.engine.alerts.record import AlertRecord, keep
from obsy.engine.declare.observatory import Wanted
from obsy.engine.events import Event
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.night.tally import Tally
from obsy.engine.runtime.hearing import Hearing

NOW = datetime(2026, 11, 21, 20, tzinfo=UTC)
NIGHT = date(2026, 11, 21)
GEM = SimpleNamespace(name="gem")
UNTIL = NOW + timedelta(hours=1)


class Night:
    """A night with one mount, which takes a block of 'long' when an alert wants 'burst'."""

    def __init__(self, folder: Path) -> None:
        self.told: list[Event] = []
        self.data_root = DataRoot(folder)
        self.burst = SimpleNamespace(request=SimpleNamespace(line=SimpleNamespace(plan="burst")), begin=NOW)
        plans = [SimpleNamespace(name="long", priority=4), SimpleNamespace(name="burst", priority=5)]
        self.observatory = SimpleNamespace(wanted={"burst": Wanted(UNTIL, 5, "a")}, plans=plans, rules={})
        self.context: Any = SimpleNamespace(
            log=self.told.append,
            now=lambda: NOW,
            mount_of=lambda block: GEM,
            blocks=lambda now, tally: (self.burst,),
            tally=Tally(),
        )
        setup: Any = SimpleNamespace(
            data_root=self.data_root,
            asked=SimpleNamespace(day=NIGHT),
            observatory=self.observatory,
            planner=SimpleNamespace(night=SimpleNamespace(start=NOW - timedelta(hours=8))),
        )
        self.setup = setup

    def hearing(self) -> Hearing:
        return Hearing(self.setup, [self.context])

    def block(self, plan: str, fixed: bool = False) -> Any:
        return SimpleNamespace(fixed=fixed, request=SimpleNamespace(line=SimpleNamespace(plan=plan)))


@pytest.fixture
def night(tmp_path: Path) -> Night:
    return Night(tmp_path)


def test_a_running_block_gives_way_to_what_comes_now_unless_its_time_is_its_own(night: Night) -> None:
    night.hearing()
    gives_way = night.context.gives_way
    assert gives_way(night.block("long"))
    assert not gives_way(night.block("long", fixed=True)), "a block with a time of its own is never broken off"
    assert not gives_way(night.block("burst"))


@pytest.mark.parametrize("change", ["below", "over", "later", "other"])
def test_it_goes_on_where_the_alert_asks_for_nothing_here_and_now(night: Night, change: str) -> None:
    night.hearing()
    match change:
        case "below":
            night.observatory.wanted = {"burst": Wanted(UNTIL, 4, "a")}
        case "over":
            night.observatory.wanted = {"burst": Wanted(NOW, 5, "a")}
        case "later":
            night.burst.begin = NOW + timedelta(minutes=1)
        case "other":
            night.burst.request.line.plan = "third"
    assert not night.context.gives_way(night.block("long"))


def test_what_an_earlier_run_of_the_night_has_told_is_not_told_again(night: Night) -> None:
    record = AlertRecord("b", "gcn/swift", "test", "B", NOW, NOW, 1.0, 2.0, refused="it is no observation")
    keep(night.data_root.alerts, record)
    hearing = night.hearing()
    hearing.hear(NOW - timedelta(seconds=1))
    assert night.told == [], "it has not come yet"
    hearing.hear(NOW)
    hearing.hear(NOW + timedelta(seconds=10))
    assert [each.name for each in night.told] == ["alert-came", "alert-refused"]
    journal = night.data_root.journal(NIGHT)
    journal.parent.mkdir(parents=True)
    entry = {"time": "2026-11-21T20:00:00.000Z", "night": "2026-11-21", "event": "alert-refused"}
    journal.write_text(json.dumps({**entry, "alert": "b", "reason": "it is no observation"}) + "\n")
    night.told.clear()
    night.hearing().hear(NOW + timedelta(seconds=20))
    assert night.told == []


def test_an_alert_over_which_the_night_trips_is_told_at_its_end_and_those_after_it_are_heard(night: Night) -> None:
    for minute, called in enumerate(("first", "second")):
        came = NOW + timedelta(minutes=minute)
        keep(
            night.data_root.alerts,
            AlertRecord(called, "gcn/swift", "test", called, came, came, 1.0, 2.0, refused="a test"),
        )
    night.context.faults, moments = [], [NOW]

    def log(event: Event) -> None:
        if event.facts().get("alert") == "first":
            raise ZeroDivisionError("a fault of ours")
        night.told.append(event)

    async def sleep(_: float) -> None:
        moments.append(moments[-1] + timedelta(minutes=2))
        if len(moments) > 2:
            raise asyncio.CancelledError

    clock = SimpleNamespace(now=lambda: moments[-1], sleep=sleep)
    night.context.log, night.context.ports = log, SimpleNamespace(clock=clock)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(night.hearing()._keep_hearing())
    assert [each.name for each in night.told] == ["alert-came", "alert-refused"]
    assert [repr(fault) for fault in night.context.faults] == ["ZeroDivisionError('a fault of ours')"]


def test_a_folder_that_cannot_be_looked_at_is_taken_as_it_was(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(night.data_root.alerts, AlertRecord("b", "gcn/swift", "test", "B", NOW, NOW, 1.0, 2.0, refused="a test"))
    hearing = night.hearing()
    before = hearing._records()
    monkeypatch.setattr(Path, "glob", lambda *_: iter([Path("gone.json")]))
    assert before == hearing._records() != []
