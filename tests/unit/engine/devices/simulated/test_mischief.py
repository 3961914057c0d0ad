"""What befalls the computer happens once, at its time, and the world goes on in its own."""

import asyncio
import errno
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.devices.simulated import mischief
from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.devices.simulated.mischief import Mischief
from obsy.engine.devices.simulated.parts import Parts
from obsy.engine.devices.simulated.world import World
from obsy.engine.journal import Journal
from obsy.schemas.scenario import Scenario

EVENING = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)


class Rehearsed:
    """A world in which mischief is done, on virtual time."""

    def __init__(self, parts: Parts, folder: Path, *faults: dict[str, Any]) -> None:
        scenario = Scenario.model_validate({"kind": "scenario", "name": "s", "faults": faults})
        self.loop = VirtualLoop()
        self.clock = VirtualClock(EVENING, self.loop)
        self.world = World(replace(parts, scenario=scenario, dusk=EVENING), self.clock, None)  # type: ignore[arg-type]
        self.journal = Journal(folder / "journal.jsonl", "2026-11-21")
        self.mischief = Mischief(self.world, self.clock, self.loop, self.journal)

    def go_on(self, seconds: float) -> None:
        async def told() -> None:
            task = asyncio.create_task(self.mischief.go_on())
            await self.clock.sleep(seconds)
            task.cancel()

        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(told())


def test_a_clock_that_is_set_leaves_the_world_in_its_own_time(parts: Parts, tmp_path: Path) -> None:
    told = Rehearsed(parts, tmp_path, {"when": "dusk", "device": "clock", "fault": "clock-step", "by": "20 min"})
    told.go_on(60.0)
    assert told.clock.now() == EVENING + timedelta(minutes=21)
    assert told.world.state.now_s == EVENING.timestamp() + 60.0


def test_a_stopped_process_finds_that_time_has_passed(parts: Parts, tmp_path: Path) -> None:
    fault = {"when": "dusk", "device": "obsy", "fault": "freeze", "lasts": "5 min"}
    told = Rehearsed(parts, tmp_path, fault)
    told.go_on(1.0)
    assert (told.clock.now() - EVENING).total_seconds() >= 300.0


def test_a_full_disk_takes_no_line_until_it_is_over(parts: Parts, tmp_path: Path) -> None:
    fault = {"when": "dusk", "after": "10 s", "device": "disk", "fault": "disk-full", "lasts": "20 s"}
    told = Rehearsed(parts, tmp_path, fault)
    told.mischief.do_what_is_due()
    assert told.journal.refuses is None
    told.go_on(15.0)
    assert told.journal.refuses is not None
    assert told.journal.refuses.errno == errno.ENOSPC


def test_what_befell_does_not_befall_again_after_a_restart(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed: list[int] = []
    monkeypatch.setattr(mischief.os, "kill", lambda _, number: killed.append(number))
    fault = {"when": "dusk", "device": "obsy", "fault": "kill"}
    Rehearsed(parts, tmp_path, fault).go_on(5.0)
    Rehearsed(parts, tmp_path, fault).go_on(5.0)
    assert len(killed) == 1


def test_a_power_cut_stops_every_motor(parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mischief.os, "kill", lambda *_: None)
    fault = {"when": "roof-opens", "after": "10 s", "device": "power", "fault": "power-cut"}
    told = Rehearsed(parts, tmp_path, fault)
    (roof,) = told.world.enclosures.values()

    async def opening() -> None:
        tasks = [asyncio.ensure_future(roof.open()), asyncio.ensure_future(told.mischief.go_on())]
        await told.clock.sleep(20.0)
        for task in tasks:
            task.cancel()

    with asyncio.Runner(loop_factory=lambda: told.loop) as runner:
        runner.run(opening())
    (motion,) = told.world.state.hardware.roofs.values()
    assert 0.2 < motion.value(told.world.state.now_s) < 0.3  # 10 s and a look, of 40 s


def test_another_hand_moves_roof_and_mount(parts: Parts, tmp_path: Path) -> None:
    faults = [{"when": "dusk", "device": each, "fault": "moved"} for each in ("roof", "mount")]
    told = Rehearsed(parts, tmp_path, *faults)
    told.go_on(60.0)
    hardware = told.world.state.hardware
    assert [each.goal for each in hardware.roofs.values()] == [1.0]
    assert not any(each.parked for each in hardware.mounts.values())


def test_another_hand_waits_for_what_happens_in_the_night(parts: Parts, tmp_path: Path) -> None:
    told = Rehearsed(parts, tmp_path, {"when": "roof-opens", "device": "mount", "fault": "moved"})

    async def opened() -> None:
        task = asyncio.create_task(told.mischief.go_on())
        await told.clock.sleep(60.0)
        await next(iter(told.world.enclosures.values())).open()
        await told.clock.sleep(60.0)
        task.cancel()

    with asyncio.Runner(loop_factory=lambda: told.loop) as runner:
        runner.run(opened())
    assert not any(each.parked for each in told.world.state.hardware.mounts.values())


def test_another_hand_moves_a_roof_once(parts: Parts, tmp_path: Path) -> None:
    told = Rehearsed(parts, tmp_path, {"when": "dusk", "device": "roof", "fault": "moved"})

    async def moved_and_closed() -> None:
        task = asyncio.create_task(told.mischief.go_on())
        await told.clock.sleep(60.0)
        await next(iter(told.world.enclosures.values())).close()
        await told.clock.sleep(60.0)
        task.cancel()

    with asyncio.Runner(loop_factory=lambda: told.loop) as runner:
        runner.run(moved_and_closed())
    assert [each.goal for each in told.world.state.hardware.roofs.values()] == [0.0]
