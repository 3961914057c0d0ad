"""Nothing is told to a device before it is there, and nothing is concluded from what one that is not there lacks."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from obsy.engine.devices.indi.camera import IndiCamera
from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.indi.enclosure import IndiDome
from obsy.engine.devices.indi.focuser import IndiFocuser
from obsy.engine.devices.indi.mount import IndiMount
from obsy.engine.devices.indi.panel import IndiPanel
from obsy.engine.devices.indi.wheel import IndiFilterWheel
from obsy.engine.devices.ports import Exposure, Pointing
from obsy.errors import DeviceError
from obsy.schemas.site import Location
from tests.support.equipment import example
from tests.unit.engine.devices.indi.conftest import TableLine, TurnedClock

TRAIN = example().instruments[0].train
DARK = Exposure("dark", 30.0, None, 100, 10, 1, "dark")
WAYS: list[Callable[[IndiDevice], Awaitable[object]]] = [
    lambda device: IndiDome(device).open(),
    lambda device: IndiDome(device).close(),
    lambda device: IndiDome(device).stop(),
    lambda device: IndiMount(device, Location(45.0, 10.0)).park(),
    lambda device: IndiMount(device, Location(45.0, 10.0)).unpark(),
    lambda device: IndiMount(device, Location(45.0, 10.0)).slew(Pointing(70.0, 50.0)),
    lambda device: IndiMount(device, Location(45.0, 10.0)).stop(),
    lambda device: IndiFocuser(device).move(1000.0),
    lambda device: IndiFocuser(device).position(),
    lambda device: IndiFocuser(device).temperature(),
    lambda device: IndiFilterWheel(device, TRAIN.slots).select(TRAIN.slots[0].role),
    lambda device: IndiPanel(device, 0.0).light(),
    lambda device: IndiPanel(device, 0.0).dark(),
    lambda device: IndiPanel(device, 0.0).open(),
    lambda device: IndiCamera(device, TRAIN, Path("incoming"), None).cool(-10.0),
    lambda device: IndiCamera(device, TRAIN, Path("incoming"), None).stay_cool(),
    lambda device: IndiCamera(device, TRAIN, Path("incoming"), None).warm(),
    lambda device: IndiCamera(device, TRAIN, Path("incoming"), None).expose(DARK),
]


@pytest.mark.parametrize("way", WAYS)
def test_a_device_that_is_not_there_is_told_nothing(
    way: Callable[[IndiDevice], Awaitable[object]], line: TableLine, clock: TurnedClock
) -> None:
    async def play() -> None:
        await way(IndiDevice(clock, line, "It", 30.0))

    line.there = False
    with pytest.raises(DeviceError, match="'It' is gone"):
        asyncio.run(play())
    assert (line.pressed, line.numbers, clock.monotonic()) == ([], {}, 0.0)
