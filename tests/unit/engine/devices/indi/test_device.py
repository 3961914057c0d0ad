"""What a device was told is waited for as long as it is there, and no longer."""

import asyncio
from contextlib import suppress

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


def test_a_device_that_goes_as_numbers_are_sent_fails_at_once(
    device: IndiDevice, clock: TurnedClock, line: TableLine
) -> None:
    def go(*_: object) -> None:
        line.lost += 1

    line.put = go  # type: ignore[method-assign]
    with pytest.raises(DeviceError, match="'Dome Simulator' has gone: HOR_BIN 2"):
        asyncio.run(device.set("CCD_BINNING", {"HOR_BIN": 2.0}))
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


OLD = Vector("Ok", {"HOR_BIN": 2.0})


@pytest.mark.parametrize(
    ("state", "off", "within", "done"),
    [
        ("Ok", 0.0, {}, True),
        ("Idle", -1.0, {"within": 1.0}, True),
        ("Ok", 0.02, {}, False),
        ("Ok", 1.1, {"within": 1.0}, False),
        ("Busy", 0.0, {}, False),
    ],
)
def test_numbers_are_there_when_the_device_says_so_after_they_were_sent_and_is_done(
    state: str, off: float, within: dict[str, float], done: bool, clock: TurnedClock
) -> None:
    line = TableLine(clock)
    device, says, told = IndiDevice(clock, line, "It", TIMEOUT_S), Vector(state, {"HOR_BIN": 2.0 + off}), list[bool]()
    for before, after in ((OLD, says), (says, says)):
        line.newest["CCD_BINNING"] = before
        line.put = lambda *_, after=after: line.newest.update(CCD_BINNING=after)  # type: ignore[method-assign]
        begun_s = clock.monotonic()
        with suppress(DeviceTimeout):
            asyncio.run(device.set("CCD_BINNING", {"HOR_BIN": 2.0}, **within))
        told.append(clock.monotonic() == begun_s)
    assert told == [done, False]


@pytest.mark.parametrize("before", ["Ok", "Alert"])
def test_a_device_that_answers_with_a_fault_is_waited_for_no_longer(
    before: str, device: IndiDevice, clock: TurnedClock, line: TableLine
) -> None:
    line.say("DOME_PARK", "UNPARK", before)
    line.answers["DOME_PARK", "PARK"] = lambda: line.say("DOME_PARK", "UNPARK", "Alert")
    with pytest.raises(DeviceError, match="'Dome Simulator' says that PARK has failed"):
        asyncio.run(device.turn("DOME_PARK", "PARK"))
    line.put = lambda *_: line.say("CCD_BINNING", "", "Alert")  # type: ignore[method-assign]
    with pytest.raises(DeviceError, match="'Dome Simulator' says that HOR_BIN 2 has failed"):
        asyncio.run(device.set("CCD_BINNING", {"HOR_BIN": 2.0}))
    assert clock.monotonic() == 0.0


def test_a_fault_from_before_is_none_of_what_it_is_told_now(
    device: IndiDevice, clock: TurnedClock, line: TableLine
) -> None:
    line.say("DOME_PARK", "UNPARK", "Alert")
    line.answers["DOME_PARK", "PARK"] = lambda: None
    with pytest.raises(DeviceTimeout):
        asyncio.run(device.turn("DOME_PARK", "PARK"))


@pytest.mark.parametrize("stands", [None, 1.0])
def test_what_stands_otherwise_than_asked_is_sent(stands: float | None, device: IndiDevice, line: TableLine) -> None:
    line.obeys.add("CCD_BINNING")
    if stands is not None:
        line.newest["CCD_BINNING"] = Vector("Ok", {"HOR_BIN": stands})
    asyncio.run(device.keep("CCD_BINNING", {"HOR_BIN": 2.0}))
    assert line.numbers == {"CCD_BINNING": {"HOR_BIN": 2.0}}
