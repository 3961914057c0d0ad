"""A list is loaded if the scheduler had nothing to say of it; what it says of the weather meanwhile is no complaint."""

import asyncio
from pathlib import Path

import pytest

from obsy.engine.devices.ekos.scheduler import Ekos
from obsy.errors import DeviceError


class SaidBus:
    """A message bus on which the scheduler says a line, newest first, when it loads a list."""

    def __init__(self, line: str) -> None:
        self._line, self._log = line, ["2026-11-27T20:00:00 before"]

    async def call(self, path: str, interface: str, method: str, *words: str) -> object:
        if method == "loadScheduler" and self._line:
            self._log.insert(0, f"2026-11-27T20:44:44 {self._line}")
        return True

    async def read(self, path: str, interface: str, name: str) -> object:
        return list(self._log)


@pytest.mark.parametrize("line", ["", "Weather conditions are OK.", "Weather conditions have changed to OK."])
def test_a_list_of_which_nothing_is_said_is_loaded(line: str) -> None:
    asyncio.run(Ekos(SaidBus(line)).load(Path("night.esl")))


def test_a_job_that_is_dropped_is_a_complaint() -> None:
    with pytest.raises(DeviceError, match="Target name is required"):
        asyncio.run(Ekos(SaidBus("Target name is required.")).load(Path("night.esl")))
