"""What a drill does to a guard: its inputs and its clock go wrong in software, and nothing of the hardware does."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from math import nan
from pathlib import Path

from obsy.engine.declare.equipment import SafetyEquipment
from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.ports import Reading, WeatherPort
from obsy.engine.runtime.guard.reached import Reached, RoofReach
from obsy.units import WEATHER

STEP = timedelta(minutes=20)
ORDERS = ("well", "rain", "nan", "stale", "hang", "step")
"""What may be wrong; the first is that all is well."""


class Wrong:
    """What is wrong now, one of `ORDERS`."""

    def __init__(self) -> None:
        self.now = ORDERS[0]


class WrongInput:
    """A weather input that says what it is told to."""

    def __init__(self, port: WeatherPort, wrong: Wrong) -> None:
        """port: says the truth."""
        self._port, self._wrong = port, wrong
        self._last: Reading | None = None

    async def read(self) -> Reading:
        """Return the truth, unless something is wrong. Raise DeviceError as the input does."""
        wrong = self._wrong.now
        if wrong == "hang":
            await asyncio.get_running_loop().create_future()
        if wrong == "stale" and self._last is not None:
            return self._last
        self._last = true = await self._port.read()
        if wrong == "nan":
            return replace(true, values=dict.fromkeys(true.values, nan))
        if wrong == "rain" and "rain" in true.values:
            return replace(true, values={**true.values, "rain": WEATHER["rain"].most})
        return true


class WrongClock(WallClock):
    """The wall's clock, which somebody sets."""

    def __init__(self, wrong: Wrong) -> None:
        """It is right."""
        self._wrong = wrong

    def now(self) -> datetime:
        """The time, which for 'step' is another."""
        return super().now() + (STEP if self._wrong.now == "step" else timedelta())


class WrongReach:
    """Reaches the roofs as another does, with what is wrong in between."""

    def __init__(self, runner: RoofReach, wrong: Wrong) -> None:
        """runner: reaches them truly."""
        self._runner, self._wrong = runner, wrong

    @asynccontextmanager
    async def reach(self, equipment: SafetyEquipment, folder: Path) -> AsyncIterator[Mapping[str, Reached]]:
        """Reach the roofs; see `RoofReach`."""
        clock, wrong = WrongClock(self._wrong), self._wrong
        async with self._runner.reach(equipment, folder) as roofs:
            yield {
                name: replace(
                    roof, clock=clock, weather={each: WrongInput(port, wrong) for each, port in roof.weather.items()}
                )
                for name, roof in roofs.items()
            }
