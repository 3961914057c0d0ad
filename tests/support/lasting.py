"""Hardware that outlives whoever moves it, in a file; and programs that guard it, or have it open, until they die.

python -m tests.support.lasting guard|night FOLDER
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from obsy.engine.declare.equipment import SafetyEquipment
from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.mount_reckoning import Reckoning
from obsy.engine.devices.ports import Clock, MountState, Pier, Pointing, Reading, Roof
from obsy.engine.runtime.guard.line import GuardLine
from obsy.engine.runtime.guard.reached import Reached
from obsy.engine.safety import keeper, monitor, sightings, watching

MOVES_S = 0.1


@dataclass
class Lasting:
    """A roof, a mount and a rain sensor, whose truth is a file."""

    folder: Path
    clock: Clock = WallClock()

    @property
    def path(self) -> Path:
        return self.folder / "hardware.json"

    def truth(self) -> dict[str, float]:
        found: dict[str, float] = {"roof": 1.0, "home": 0.0, "rain": 0.0, "struck": 0.0}
        return {**found, **json.loads(self.path.read_text())} if self.path.exists() else found

    def set(self, **facts: float) -> None:
        part = self.path.with_name(f"{os.getpid()}.part")
        part.write_text(json.dumps(self.truth() | facts))
        os.replace(part, self.path)

    @asynccontextmanager
    async def reach(self, equipment: SafetyEquipment, folder: Path) -> AsyncIterator[Mapping[str, Reached]]:
        inputs = {each.name: LastingRain(self) for each in equipment.weather}
        mounts = {each.name: LastingMount(self) for each in equipment.mounts}
        reached = Reached(self.clock, LastingRoof(self), mounts, inputs, server=("localhost", 7624))
        yield dict.fromkeys((each.name for each in equipment.enclosures), reached)


@dataclass
class LastingRoof:
    its: Lasting

    async def _move(self, to: float) -> None:
        await asyncio.sleep(MOVES_S)
        self.its.set(roof=to, struck=self.its.truth()["struck"] + (1.0 - self.its.truth()["home"]))

    async def open(self) -> None:
        await self._move(1.0)

    async def close(self) -> None:
        if self.its.truth()["roof"] != 0.0:
            await self._move(0.0)

    async def stop(self) -> None: ...

    async def state(self) -> Roof:
        return {0.0: Roof.CLOSED, 1.0: Roof.OPEN}.get(self.its.truth()["roof"], Roof.UNKNOWN)


@dataclass
class LastingMount:
    its: Lasting

    async def park(self) -> None:
        await asyncio.sleep(MOVES_S)
        self.its.set(home=1.0)

    async def unpark(self) -> None:
        self.its.set(home=0.0)

    async def slew(self, pointing: Pointing) -> None: ...

    async def reckoning(self) -> Reckoning:
        return Reckoning(0.0, 0.0, 0.0)

    async def tell(self) -> None: ...

    async def side_for(self, pointing: Pointing) -> Pier:
        return Pier.UNKNOWN

    async def stop(self) -> None: ...

    async def state(self) -> MountState:
        home = self.its.truth()["home"] == 1.0
        return MountState(home, not home, 0.0 if home else 60.0, 0.0)


@dataclass
class LastingRain:
    its: Lasting

    async def read(self) -> Reading:
        dry = {"cloud": 0.0, "wind": 5.0, "humidity": 50.0, "temperature": 10.0}
        return Reading({"rain": self.its.truth()["rain"], **dry}, self.its.clock.now())


def hasten() -> None:
    """Let a lease, a look, a reading and a move take a moment, under a Sun that is always low."""
    keeper.LOOK_S, keeper.LEASE_S, sightings.HASTY = 0.05, 3.0, 0.0
    watching.RoofWatch.why_too_light = lambda _: ""  # type: ignore[method-assign]
    read = monitor.WeatherMonitor._read

    async def soon(self: monitor.WeatherMonitor, each: object) -> None:
        await read(self, each)  # type: ignore[arg-type]
        self._due_s = {name: due_s if due_s == float("inf") else 0.0 for name, due_s in self._due_s.items()}

    monitor.WeatherMonitor._read = soon  # type: ignore[method-assign, assignment]


def keep(folder: Path) -> None:
    """Guard the hardware of a folder."""
    from obsy.engine.runtime.guard.process import run_guard  # noqa: PLC0415

    run_guard(folder, None, while_needed=False, runner=Lasting(folder))


async def renew(folder: Path) -> None:
    """Have the roof open for ever."""
    from obsy.engine.runtime.guard.wire import dial, guard_of  # noqa: PLC0415

    async def nothing() -> None: ...

    line = GuardLine(partial(dial, guard_of(folder, sys.argv[3])))
    roof = line.keeper("roll-off", WallClock(), nothing)
    running = asyncio.ensure_future(line.run())
    while not running.done():
        roof.renew()
        if line.up.is_set():
            print("renewed", flush=True)
        await asyncio.sleep(0.1)


if __name__ == "__main__":
    hasten()
    if sys.argv[1] == "guard":
        keep(Path(sys.argv[2]))
    else:
        asyncio.run(renew(Path(sys.argv[2])))
