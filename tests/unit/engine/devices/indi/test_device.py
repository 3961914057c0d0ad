"""What a device was told is waited for as long as it is there, and no longer."""

import asyncio

import pytest

from obsy.engine.devices.indi.connection import Vector
from obsy.engine.devices.indi.device import IndiDevice
from obsy.errors import DeviceError, DeviceTimeout
from tests.unit.engine.devices.indi.conftest import TableLine, TurnedClock

TIMEOUT_S = 120.0


@pytest.fixture
def device(clock: TurnedClock, line: TableLine) -> IndiDevice:
    return IndiDevice(clock, line, "Dome Simulator", TIMEOUT_S)


def test_a_device_that_goes_after_it_was_told_fails_at_once(
    device: IndiDevice, clock: TurnedClock, line: TableLine
) -> None:
    def go_and_come_back_as_wished() -> None:
        line.lost += 1
        line.say("DOME_PARK", "PARK")

    line.answers["DOME_PARK", "PARK"] = go_and_come_back_as_wished
    with pytest.raises(DeviceError, match="'Dome Simulator' has gone: PARK"):
        asyncio.run(device.turn("DOME_PARK", "PARK"))
    assert clock.monotonic() < 1.0


def test_what_is_waited_for_fails_once_the_device_has_gone(
    device: IndiDevice, clock: TurnedClock, line: TableLine
) -> None:
    def seen() -> bool:
        line.lost = int(clock.monotonic() > 10.0)
        return False

    with pytest.raises(DeviceError, match="has gone: the roof was not seen"):
        asyncio.run(device.until(seen, "the roof", 0))
    assert 10.0 < clock.monotonic() < 11.0


def test_a_device_that_went_before_is_waited_for_as_ever(
    device: IndiDevice, clock: TurnedClock, line: TableLine
) -> None:
    line.lost, line.answers["DOME_PARK", "PARK"] = 7, lambda: None
    with pytest.raises(DeviceTimeout):
        asyncio.run(device.turn("DOME_PARK", "PARK"))
    assert clock.monotonic() == TIMEOUT_S


@pytest.mark.parametrize(("state", "sent"), [("Ok", False), ("Idle", False), ("Busy", True), ("Alert", True)])
def test_what_the_device_is_not_done_with_is_sent_again(
    state: str, sent: bool, device: IndiDevice, line: TableLine
) -> None:
    line.obeys.add("CCD_BINNING")
    line.newest["CCD_BINNING"] = Vector(state, {"HOR_BIN": 1.0})
    line.newest["UPLOAD_MODE"] = Vector(state, {"UPLOAD_CLIENT": True})
    asyncio.run(device.keep("CCD_BINNING", {"HOR_BIN": 1.0}))
    asyncio.run(device.choose("UPLOAD_MODE", "UPLOAD_CLIENT"))
    assert (bool(line.numbers), bool(line.pressed)) == (sent, sent)
