"""A night in touch with the guard of its roof, in memory and on virtual time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from obsy.engine.declare.equipment import SafetyEquipment, read_equipment
from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.runtime.guard.guard import Guard
from obsy.engine.runtime.guard.line import GuardLine
from obsy.engine.runtime.guard.reached import Reached
from tests.support import fakes
from tests.support.lying import LyingMount, LyingRoof

DECLARED = read_equipment(Path(__file__).parents[2])
EQUIPMENT = replace(DECLARED, safety=DECLARED.safety.model_copy(update={"dwell": 60.0}))
ROOF = "roll-off"
AT = datetime(2026, 11, 21, 22, tzinfo=UTC)
FAIR = {"rain": 0.0, "cloud": 0.0, "wind": 5.0, "humidity": 50.0, "temperature": 10.0}
OPENS_AFTER_S = 120.0
"""The dwell of a fair night is over by then."""


class Guarded:
    """A fair night on virtual time, a guard of a roof that it has begun anew, and a night in touch with it."""

    def __init__(self, loop: VirtualLoop) -> None:
        self.clock = VirtualClock(AT, loop)
        self.mount = LyingMount(self.clock, moves_s=10.0)
        self.roof = LyingRoof(self.clock, (self.mount,))
        self.guard = Guard(EQUIPMENT, Path("nowhere"), self, setting_up=True)

        async def dial() -> object:
            return self.guard.connect()

        self.line = GuardLine(dial)  # type: ignore[arg-type]
        self.keeper = self.line.keeper(ROOF, self.clock, self.park)

    @asynccontextmanager
    async def reach(self, equipment: SafetyEquipment, folder: Path) -> AsyncIterator[dict[str, Reached]]:
        inputs = {each.name: fakes.FakeWeatherInput(self.clock, lambda when: FAIR) for each in equipment.weather}
        mounts = {each.name: self.mount for each in equipment.mounts}
        yield {each.name: Reached(self.clock, self.roof, mounts, inputs) for each in equipment.enclosures}

    async def park(self) -> None:
        raise AssertionError("the guard is there")

    async def renew(self) -> None:
        while True:
            self.keeper.renew()
            await self.clock.sleep(5.0)

    def begin(self, *, while_needed: bool = False) -> None:
        self.guarding = asyncio.ensure_future(self.guard.run(while_needed=while_needed))
        self.night = [asyncio.ensure_future(each) for each in (self.line.run(), self.renew())]

    async def open(self) -> None:
        await self.clock.sleep(OPENS_AFTER_S)
        assert not self.guard.ending.setting_up, "the roof is proven closed"
        await self.keeper.open()
        self.mount.home = False

    async def until_it_ends(self, within_s: float) -> float:
        """How long that takes, seconds."""
        begun_s = self.clock.monotonic()
        async with asyncio.timeout(within_s):
            await asyncio.wait({self.guarding})
        return self.clock.monotonic() - begun_s


def play(story: Callable[[Guarded], Awaitable[None]]) -> Guarded:
    loop = VirtualLoop()
    hill = list[Guarded]()

    async def both() -> None:
        hill.append(Guarded(loop))
        try:
            await story(hill[0])
        finally:
            for task in (others := asyncio.all_tasks() - {asyncio.current_task()}):
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(both())
    return hill[0]
