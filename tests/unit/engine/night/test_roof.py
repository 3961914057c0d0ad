"""What the night does with its roof: nothing by day, nothing unwritten, and nothing it has not seen."""

import asyncio
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event as Flag
from time import monotonic
from typing import Any

import pytest

from obsy.engine import journal as journals
from obsy.engine.devices.ports import Roof
from obsy.engine.devices.simulated.ephemeris import sun
from obsy.engine.journal import Journal
from obsy.engine.library.master import CalibrationSet
from obsy.engine.night.tally import Tally
from obsy.engine.sky.grid import Window
from obsy.errors import DeviceError
from tests.support.lying import LIES
from tests.support.stage import DAWN, DUSK, LATER, NIGHT, Stage

MIDDAY = datetime(2026, 11, 21, 11, tzinfo=UTC)
BY_DAY = replace(
    NIGHT,
    start=MIDDAY,
    dusk=MIDDAY + timedelta(minutes=5),
    dawn=MIDDAY + timedelta(minutes=25),
    dark=(Window(MIDDAY + timedelta(minutes=5), MIDDAY + timedelta(minutes=25)),),
    end=MIDDAY + timedelta(minutes=35),
)
"""A night as a planner gone wrong would have it: around noon."""


EARLY = DUSK + timedelta(minutes=8)
BRIEF = replace(NIGHT, dawn=EARLY, sunrise=EARLY, dark=(Window(DUSK, EARLY),))
"""Long enough for lies of six minutes: each of its seconds is played."""


@pytest.fixture
def stages() -> Iterator[Callable[..., Stage]]:
    made: list[Stage] = []

    def make(**what: Any) -> Stage:
        made.append(Stage(**what))
        return made[-1]

    yield make
    for stage in made:
        stage.close()


@pytest.fixture
def stage(stages: Callable[..., Stage]) -> Stage:
    return stages()


@pytest.fixture
def by_day(stages: Callable[..., Stage]) -> Stage:
    """A night at noon, whose target is the Sun."""
    light = sun((MIDDAY + timedelta(minutes=5)).timestamp())
    return stages(night=BY_DAY, start=MIDDAY, pointing=(light.ra_deg, light.dec_deg))


def test_a_night_that_was_planned_for_noon_opens_no_roof(by_day: Stage) -> None:
    by_day.play()
    assert by_day.roof.moved == []
    assert by_day.executor.slews == 0
    assert "the Sun stands at" in next(e["reason"] for e in by_day.journal.entries if e["event"] == "device-failed")


def test_under_a_roof_that_is_open_at_noon_no_mount_is_sent_to_the_sun_and_the_roof_is_closed(by_day: Stage) -> None:
    by_day.roof.at, by_day.mount.home = 1.0, False
    went = []
    by_day.mount.slew = went.append  # type: ignore[assignment, method-assign]
    by_day.begin("observing")
    by_day.go_on(900.0)
    assert by_day.executor.slews > 0
    assert went == []
    assert by_day.roof.at == 0.0
    assert by_day.roof.struck == []


def test_a_clear_night_opens_once_observes_and_closes(stage: Stage) -> None:
    assert stage.play() is None
    assert [told for _, told, _ in stage.roof.moved] == ["open", "close"]
    assert stage.events().count("block-started") >= 2
    assert stage.roof.struck == []
    assert stage.events()[-1] != "alarm"


def test_rain_breaks_a_running_block_off_and_closes_the_roof(stage: Stage) -> None:
    stage.begin()
    stage.go_on((LATER - stage.now()).total_seconds())
    assert stage.executor.busy
    stage.rain = 3.0
    stage.go_on(31.0)
    assert not stage.executor.busy
    stage.go_on(80.0)
    assert stage.roof.at == 0.0


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("call", ["park", "stop"])
def test_whatever_the_mount_does_wrong_in_the_rain_the_roof_does_not_strike_it_and_closes_once_it_can(
    stage: Stage, call: str, lie: str
) -> None:
    stage.mount.lies.tell(call, lie, LATER, LATER + timedelta(minutes=7))
    stage.begin()
    stage.go_on((LATER - stage.now()).total_seconds())
    stage.rain = 3.0
    stage.go_on(30.0)
    stage.go_on_until_closed(3000.0)
    assert stage.roof.struck == []
    assert stage.roof.at == 0.0


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("call", ["open", "state"])
def test_whatever_the_roof_does_wrong_in_opening_it_is_closed_afterwards(
    stages: Callable[..., Stage], call: str, lie: str
) -> None:
    stage = stages(night=BRIEF)
    stage.roof.lies.tell(call, lie, DUSK, DUSK + timedelta(minutes=6))
    stage.begin()
    stage.go_on((EARLY - stage.now()).total_seconds() + 30.0)
    stage.go_on_until_closed(3000.0)
    assert stage.roof.struck == []
    assert stage.roof.at == 0.0


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("call", ["unpark", "slew"])
def test_whatever_the_mount_does_wrong_in_observing_the_roof_is_closed_in_the_morning(
    stages: Callable[..., Stage], call: str, lie: str
) -> None:
    stage = stages(night=BRIEF)
    stage.mount.lies.tell(call, lie)
    stage.begin()
    stage.go_on((EARLY - stage.now()).total_seconds() + 30.0)
    stage.go_on_until_closed(3000.0)
    assert stage.roof.struck == []
    assert stage.roof.at == 0.0
    assert "fault" not in stage.events()
    if lie not in ("nothing", "stutters"):
        assert "block-failed" in stage.events() or "device-failed" in stage.events()


@pytest.mark.parametrize("lie", sorted(set(LIES) - {"stutters"}))
def test_under_a_roof_that_is_not_seen_closed_no_dark_is_taken(stage: Stage, lie: str) -> None:
    dark = CalibrationSet(train="newton", kind="dark", filter=None, exposure_s=60.0, count=9)
    stage.context.lacking = lambda tally, now: (dark,)
    stage.context.ports.devices["newton"] = None  # type: ignore[index]
    stage.roof.lies.tell("state", lie)
    stage.begin()
    stage.go_on((DUSK - stage.now()).total_seconds() - 1.0)
    assert "fault" not in stage.events()
    assert "no calibration under a roof whose switches say 'unknown'" in next(
        e["reason"] for e in stage.journal.entries if e["event"] == "device-failed"
    )


def test_a_mount_in_the_way_keeps_the_roof_closed(stage: Stage) -> None:
    stage.mount.home = False
    stage.play()
    assert stage.roof.moved == []
    assert "the roof stays closed: the mount 'gem' is not parked" in next(
        e["reason"] for e in stage.journal.entries if e["event"] == "device-failed"
    )


def test_a_roof_that_never_closes_ends_the_night_with_a_device_error_and_is_never_called_closed(stage: Stage) -> None:
    stage.roof.lies.tell("close", "nothing")
    assert isinstance(stage.play(), DeviceError)
    assert "roof-closed" not in stage.events()
    assert "alarm" in stage.events()


def test_work_that_does_not_let_go_of_a_mount_moves_it_no_more_once_the_roof_closes(stage: Stage) -> None:
    stage.begin()
    stage.go_on((LATER - stage.now()).total_seconds())
    slewed, keep = [], stage.executor.run

    async def deaf(job: Any) -> Any:
        for _ in range(400):
            with suppress(asyncio.CancelledError, DeviceError):
                await stage.executor.mount.slew(job.pointing)
                slewed.append(stage.now())
            with suppress(asyncio.CancelledError):
                await stage.clock.sleep(1.0)
        async for path in keep(job):
            yield path

    stage.executor.run = deaf  # type: ignore[method-assign, assignment]
    stage.go_on(620.0)
    assert slewed, "it is at work"
    stage.rain, begun = 3.0, stage.now()
    stage.go_on(250.0)
    assert stage.roof.at == 0.0
    assert stage.roof.struck == []
    assert slewed[-1] <= begun + timedelta(seconds=40)


# What stands in the journal before a deed is done.


def lines(path: Path) -> list[dict[str, Any]]:
    """What somebody else can read on the disk at this moment."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def written(stages: Callable[..., Stage], tmp_path: Path) -> Iterator[tuple[Stage, Path]]:
    path = tmp_path / "night.jsonl"
    with Journal(path, "2026-11-21") as journal:
        yield stages(journal=journal), path


def test_the_journal_says_so_on_the_disk_before_a_roof_opens_or_a_mount_slews(written: tuple[Stage, Path]) -> None:
    stage, path = written
    before: dict[str, list[str]] = {}

    def reading(name: str, deed: Callable[..., Any]) -> Callable[..., Any]:
        async def act(*arguments: Any) -> Any:
            before.setdefault(name, [e["event"] for e in lines(path) if e["event"] != "weather"])
            return await deed(*arguments)

        return act

    stage.roof.open = reading("open", stage.roof.open)  # type: ignore[method-assign]
    for name in ("unpark", "slew"):
        setattr(stage.mount, name, reading(name, getattr(stage.mount, name)))
    stage.begin()
    stage.go_on((LATER - stage.now()).total_seconds())
    assert before["open"][-2:] == ["state", "roof-opening"]
    assert before["unpark"][-2:] == ["roof-opened", "mount-unparked"]
    assert before["slew"][-2:] == ["state", "block-started"]


def test_every_state_is_on_the_disk_before_its_activity_begins(
    written: tuple[Stage, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from obsy.engine.night.activities import ACTIVITIES  # noqa: PLC0415

    stage, path = written
    begun = []

    def noting(activity: str, run: Callable[..., Any]) -> Callable[..., Any]:
        async def act(context: Any) -> None:
            moves = [entry for entry in lines(path) if entry["event"] == "state"] if path.exists() else []
            begun.append((activity, moves[-1]["to"] if moves else "calibrating"))
            await run(context)

        return act

    for activity, run in list(ACTIVITIES.items()):
        monkeypatch.setitem(ACTIVITIES, activity, noting(activity, run))
    stage.play()
    doing = {"calibrating": "calibrate", "opening": "open", "observing": "observe", "closing": "close"}
    doing |= {"waiting": "wait", "sheltering": "wait", "catching-up": "calibrate", "finishing": "finish"}
    doing |= {"finished": "rest"}
    assert {"open", "observe", "close"} <= {activity for activity, _ in begun}
    # Closing alone is written down while it is done, since nothing may keep it waiting.
    assert [pair for pair in begun if doing[pair[1]] != pair[0] and pair[0] != "close"] == []


def test_a_disk_that_hangs_keeps_no_roof_open_for_a_second(
    stages: Callable[..., Stage], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs, sync = Flag(), os.fsync
    with Journal(tmp_path / "night.jsonl", "2026-11-21") as journal:
        stage = stages(journal=journal)
        stage.begin()
        stage.go_on((LATER - stage.now()).total_seconds() + 20.0)  # no frame is due for a while
        monkeypatch.setattr(journals.os, "fsync", lambda handle: hangs.wait(30.0))
        stage.rain, begun = 3.0, monotonic()
        while stage.roof.at != 0.0 and stage.now() < LATER + timedelta(minutes=3):
            stage.go_on(0.5)
        assert monotonic() - begun < 5.0, "of the wall: the disk may cost it 10 s a line"
        assert stage.roof.at == 0.0
        assert stage.roof.struck == []
        hangs.set()
        monkeypatch.setattr(journals.os, "fsync", sync)
        stage.go_on(5.0)
    assert "roof-closed" in [entry["event"] for entry in lines(tmp_path / "night.jsonl")]


def test_a_disk_that_hangs_is_met_like_one_that_is_full(
    stages: Callable[..., Stage], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journals, "DISK_S", 0.2)
    hangs, sync = Flag(), os.fsync
    with Journal(tmp_path / "night.jsonl", "2026-11-21") as journal:
        stage = stages(journal=journal)
        stage.begin()
        stage.go_on((LATER - stage.now()).total_seconds())
        monkeypatch.setattr(journals.os, "fsync", lambda handle: hangs.wait(30.0))
        stage.go_on(1200.0)
        assert stage.roof.at == 0.0
        assert stage.roof.struck == []
        hangs.set()
        monkeypatch.setattr(journals.os, "fsync", sync)


# What is, and not what was commanded.


def at_work(stage: Stage) -> Stage:
    """Some time after dusk, observing under the open roof."""
    stage.begin()
    stage.go_on((LATER - stage.now()).total_seconds())
    assert stage.roof.at == 1.0
    return stage


def alarms(stage: Stage) -> list[str]:
    return [entry["reason"] for entry in stage.journal.entries if entry["event"] == "alarm"]


def test_a_roof_that_opens_by_itself_in_the_rain_is_closed_and_people_are_called(stage: Stage) -> None:
    stage.rain = 3.0
    stage.begin()
    stage.go_on(600.0)
    stage.roof.at = 1.0
    stage.go_on(60.0)
    assert stage.roof.at == 0.0
    assert alarms(stage) == ["the roof is meant to be closed, and its switches say 'open'"]


def test_a_roof_that_is_shut_by_hand_over_a_slewing_telescope_stops_it_and_ends_the_observing(stage: Stage) -> None:
    at_work(stage)
    stopped, keep = [], stage.mount.stop

    async def stop() -> None:
        stopped.append(stage.now())
        await keep()

    stage.mount.stop = stop  # type: ignore[method-assign]
    stage.roof.at, begun = 0.0, stage.now()
    stage.go_on(3.0)
    assert (stopped[0] - begun).total_seconds() <= 2.0
    assert not stage.executor.busy
    stage.go_on(120.0)
    assert stage.mount.parked
    assert stage.roof.at == 0.0
    assert "the roof is meant to be open, and its switches say 'closed'" in alarms(stage)


def test_after_another_hand_has_moved_it_the_roof_stays_closed_for_the_night(stage: Stage) -> None:
    at_work(stage)
    stage.roof.at = 0.0
    stage.go_on(360.0)
    assert stage.keeper.verdict.safe
    assert stage.roof.at == 0.0
    refused = [entry["reason"] for entry in stage.journal.entries if entry["event"] == "device-failed"]
    why = "the roof stays closed: the roof is meant to be open, and its switches say 'closed'"
    assert {reason.partition(";")[0] for reason in refused} == {why}


def test_switches_that_fall_silent_over_an_open_roof_close_it(stage: Stage) -> None:
    at_work(stage)
    stage.roof.lies.tell("state", "refuses", stage.now(), stage.now() + timedelta(seconds=30))
    stage.go_on(15.0)
    assert "have said nothing that can be understood" in alarms(stage)[0]
    stage.go_on(120.0)
    assert stage.roof.at == 0.0


def test_a_table_that_does_not_answer_does_not_keep_a_roof_open_in_the_rain(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work(stage)
    monkeypatch.setattr("obsy.engine.night.loop.Loop._answer", lambda *_: asyncio.sleep(1e5))
    stage.rain = 3.0
    stage.go_on(31.0 + 80.0)
    assert stage.roof.at == 0.0


def test_a_table_that_hangs_loses_its_roof_after_half_a_minute(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    at_work(stage)
    monkeypatch.setattr("obsy.engine.night.loop.Loop._take", lambda *_: asyncio.sleep(1e5))
    stage.go_on(42.0)
    assert alarms(stage) == ["the roof is open, and for 30 s nobody has asked that it stays so"]
    assert not stage.executor.busy or stage.mount.moving, "it is on its way home, whatever takes its blocks"
    stage.go_on(80.0)
    assert stage.roof.at == 0.0
    assert stage.roof.struck == []


def test_under_a_sun_that_is_too_high_an_open_roof_is_closed_wherever_the_mount_points(by_day: Stage) -> None:
    by_day.begin()
    by_day.go_on(120.0)
    by_day.roof.at, by_day.mount.home = 1.0, False
    by_day.shelter.stance.meant = Roof.OPEN
    by_day.shelter.stance.exposed = True
    by_day.go_on(150.0)
    assert by_day.roof.at == 0.0
    assert "the Sun stands at" in alarms(by_day)[0]


def test_a_mount_that_leaves_its_park_while_the_roof_opens_stops_it_and_once_it_is_home_the_roof_closes(
    stage: Stage,
) -> None:
    keep = stage.roof.open

    async def opens() -> None:
        stage.loop.call_later(10.0, lambda: setattr(stage.mount, "home", False))
        await keep()

    stage.roof.open = opens  # type: ignore[method-assign]
    stage.begin()
    stage.go_on((DUSK - stage.now()).total_seconds() + 120.0)
    assert len(stage.roof.struck) <= 2
    assert "was stopped: the mount 'gem' is not parked" in next(
        e["reason"] for e in stage.journal.entries if e["event"] == "device-failed"
    )
    assert "the roof does not close: it needs hands, now" in alarms(stage)
    assert 0.0 < stage.roof.at < 1.0
    stage.mount.home = True
    stage.go_on(120.0)
    assert stage.roof.at == 0.0
    assert len(stage.roof.struck) <= 2


def test_a_clock_that_is_set_back_in_a_hold_closes_no_later(stages: Callable[..., Stage]) -> None:
    stage = at_work(stages())
    walls, offset = stage.clock.now, timedelta()
    monkey = lambda: walls() + offset  # noqa: E731
    stage.clock.now = monkey  # type: ignore[method-assign]
    offset = timedelta(minutes=-20)
    stage.go_on(31.0 + 80.0)
    assert stage.roof.at == 0.0
    assert any("clock was set by -1200 s" in e["reason"] for e in stage.journal.entries if e["event"] == "verdict")


def test_a_clock_that_is_corrected_forward_past_dawn_closes_within_half_a_minute(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work(stage).go_on(5.0)  # no reading is under way
    monkeypatch.setattr("obsy.engine.safety.steady.SET_S", 1e9)  # dawn alone is to close it
    monkeypatch.setattr(stage.context, "plan", lambda *_: stage.plan(Tally(), LATER))
    walls = stage.clock.now
    offset = DAWN - walls() + timedelta(minutes=5)
    stage.clock.now = lambda: walls() + offset  # type: ignore[method-assign]
    stage.go_on(31.0)
    moves = [(e["on"], e["to"]) for e in stage.journal.entries if e["event"] == "state"]
    assert moves[-1] == ("dawn", "closing")
    stage.go_on(80.0)
    assert stage.roof.at == 0.0


def test_a_night_that_begins_by_closing_before_dusk_observes_all_the_same(stage: Stage) -> None:
    stage.roof.at = 0.5
    stage.begin("closing")
    stage.go_on((LATER - stage.now()).total_seconds())
    moves = [(e["from"], e["to"]) for e in stage.journal.entries if e["event"] == "state"]
    assert moves[0] == ("closing", "waiting")
    assert ("opening", "observing") in moves
    assert stage.roof.at == 1.0


def test_a_table_that_has_ended_does_not_overlook_a_roof_that_was_opened_since(stage: Stage) -> None:
    stage.begin()
    stage.go_on((DAWN - stage.now()).total_seconds() + 300.0)
    assert stage.roof.at == 0.0
    stage.roof.at = 1.0
    assert stage.play() is None
    assert stage.roof.at == 0.0
