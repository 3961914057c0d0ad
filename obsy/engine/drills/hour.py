"""One hour of a night in a process of its own, which may be killed: the shipped night on the simulated observatory."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from obsy.engine.declare.equipment import SafetyEquipment
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.survey import declare
from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.devices.simulated.mischief import Mischief
from obsy.engine.devices.simulated.world import World
from obsy.engine.drills.taker import Approving, Taker
from obsy.engine.drills.work import Work
from obsy.engine.events.night import NightLookedBack
from obsy.engine.fold import fold
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.journal import Journal, read
from obsy.engine.night.tally import Tally
from obsy.engine.runtime import simulated
from obsy.engine.runtime.guard.reached import Reached
from obsy.engine.runtime.guard.rehearsal import rehearsal_first
from obsy.engine.runtime.look_back import answered
from obsy.engine.runtime.planner import prepare
from obsy.engine.runtime.setup import ApplyOptions, NightSetup, Notices, Tickets
from obsy.engine.schedule.conditions import observing_night
from obsy.engine.sky.grid import Window
from obsy.engine.sky.twilight import Night

BEFORE, LASTS, AFTER = timedelta(minutes=10), timedelta(minutes=80), timedelta(minutes=40)
"""A drill begins a dwell and so long before dusk; then comes its night, and time to tidy up."""
TRACE = "truth.jsonl"


def hour(observatory: Observatory, day: date) -> Night:
    """Return what a drill plays of a night: from dusk on."""
    night = observing_night(observatory, day)
    if not night.dark:
        return night
    dusk = night.dusk or night.dark[0].start
    dawn, start = dusk + LASTS, dusk - BEFORE - timedelta(seconds=observatory.safety.dwell)
    return replace(night, start=start, dusk=dusk, dawn=dawn, end=dawn + AFTER, dark=(Window(dusk, dawn),))


class Setup(NightSetup):
    """A night's setup without a store."""

    def tally(self) -> Tally:
        """Nothing is done."""
        return Tally()

    def looked_back(self) -> "Future[NightLookedBack | None]":
        """Tell nothing: a drill is no night that could have been better."""
        return answered(None)

    def archived(self) -> tuple[Any, ...]:
        """Nothing is in the archive."""
        return ()


@dataclass(frozen=True)
class Reaching:
    """How the first look at a start of a drill reaches the roofs: at its moment, in its weather."""

    observatory: Observatory
    scenario: str
    night: Night
    begin: datetime

    @asynccontextmanager
    async def reach(self, equipment: SafetyEquipment, folder: Path) -> AsyncIterator[Mapping[str, Reached]]:
        """Yield the simulated roofs."""
        data_root, loop = DataRoot(folder), asyncio.get_running_loop()
        parts = simulated.bare(equipment, data_root, self.observatory.scenario(self.scenario), self.night.date)
        clock = VirtualClock(self.begin, cast(VirtualLoop, loop))
        with ThreadPoolExecutor(1) as pool:
            bare = replace(parts, dusk=self.night.dusk, trace=folder / TRACE, interlock=False)
            yield simulated.reached(equipment, World(bare, clock, pool), clock, clock.now() + timedelta(hours=1))


def play(root: Path, site: str, scenario: str, day: date, begin: datetime | None) -> None:
    """Play a drill from `begin` on; without it, from its beginning."""
    observatory = replace(declare(root, site=site), plans=())
    night = hour(observatory, day)
    start = begin or night.start
    with rehearsal_first(root, site, Reaching(observatory, scenario, night, start)) as begun:
        asked = ApplyOptions(root, day, scenario, start=begun)
        data_root = DataRoot.of(root, observatory.site, simulated=True)
        with Journal(data_root.journal(day), day.isoformat()) as journal, ThreadPoolExecutor(1) as pool:
            _perform(_setup(observatory, asked, data_root, journal, pool), start)


def _setup(observatory: Observatory, asked: ApplyOptions, data_root: DataRoot, journal: Journal, pool: Any) -> Setup:
    planner = prepare(observatory, asked.day)
    work = Work(observatory, hour(observatory, asked.day), planner.conditions, planner.costs)
    before = fold(read(data_root.journal(asked.day)), data_root.incoming)
    tickets = Tickets(data_root.incoming, data_root.journal(asked.day).parent)
    store: Any = SimpleNamespace()
    room: Any = Approving()
    return Setup(observatory, asked, data_root, work, before, store, room, pool, Notices(), journal, None, tickets, [])


def _perform(setup: Setup, start: datetime) -> None:
    loop = VirtualLoop()
    clock, scenario = VirtualClock(start, loop), setup.observatory.scenario(setup.asked.scenario or "")

    world = simulated.world(setup, scenario, clock, setup.data_root.folder / TRACE)
    guard = simulated.Guarding.of(setup, world, clock)
    devices = {
        roof: replace(ports, executors={name: Taker(clock, mount) for name, mount in ports.mounts.items()})
        for roof, ports in simulated.ports(setup, world, clock, guard.line).items()
    }
    over_s = (setup.planner.night.end - start).total_seconds()
    loop.call_later(over_s, os._exit, 0)  # whatever hangs then: only what the hardware did counts
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(simulated.perform(setup, world, devices, guard, Mischief(world, clock, loop, setup.journal)))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever the shell of the drills ignores
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    folder, where, name, evening, *at = sys.argv[1:]
    try:
        play(Path(folder), where, name, date.fromisoformat(evening), datetime.fromisoformat(at[0]) if at else None)
    except asyncio.CancelledError:  # it was told to end, and nobody begins it again
        raise SystemExit(130) from None
