"""The hardware that a killed night left behind, on the wall's time, and reached without INDI."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from obsy.engine.declare.equipment import SafetyEquipment
from obsy.engine.devices.clock import WallClock
from obsy.engine.runtime.guard.reached import Reached
from obsy.errors import DeviceError
from tests.support import fakes
from tests.support.lying import LyingMount, LyingRoof


@dataclass
class Yard:
    """Hardware on the wall's time whose roof stands open over a mount at work, as a killed night left it."""

    rain: float = 5.0
    unreachable: int = 0
    """How often nothing can reach it."""
    reached: int = 0
    read: int = 0
    mount: LyingMount = field(init=False)

    def __post_init__(self) -> None:
        self.clock = WallClock()
        self.mount = LyingMount(self.clock, moves_s=0.02, home=False)
        self.roof = LyingRoof(self.clock, (self.mount,), travel_s=0.02, at=1.0)

    @asynccontextmanager
    async def reach(self, equipment: SafetyEquipment, folder: Path) -> AsyncIterator[Mapping[str, Reached]]:
        self.reached += 1
        if self.reached <= self.unreachable:
            raise DeviceError("no INDI server answers")

        def measure(when: datetime) -> dict[str, float]:
            self.read += 1
            dry = {"rain": self.rain, "cloud": 0.0, "wind": 5.0, "humidity": 50.0, "temperature": 10.0}
            return dry

        inputs = {each.name: fakes.FakeWeatherInput(self.clock, measure) for each in equipment.weather}
        mounts = {each.name: self.mount for each in equipment.mounts}
        yield {each.name: Reached(self.clock, self.roof, mounts, inputs) for each in equipment.enclosures}

    def assert_closed(self) -> None:
        assert self.roof.at == 0.0
        assert self.mount.parked
        assert self.roof.struck == []
