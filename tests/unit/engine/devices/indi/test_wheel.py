import asyncio

import pytest

from obsy.engine.devices.indi.connection import Vector
from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.indi.wheel import IndiFilterWheel
from obsy.errors import DeviceError, DeviceTimeout
from obsy.schemas.train import Filter

SLOTS = (Filter(role="L", label="Luminance"), Filter(role="Ha", label="H_Alpha"))


@pytest.fixture
def wheel(clock, line):
    line.obeys.add("FILTER_SLOT")
    return IndiFilterWheel(IndiDevice(clock, line, "Filter Simulator", timeout_s=30), SLOTS)


def named(line, *labels):
    line.newest["FILTER_NAME"] = Vector("Ok", {f"FILTER_SLOT_NAME_{n + 1}": label for n, label in enumerate(labels)})


def test_a_filter_is_found_by_the_name_that_the_driver_gives_it(wheel, line):
    named(line, "Red", "H_Alpha", "Luminance")
    asyncio.run(wheel.select("L"))
    assert line.numbers["FILTER_SLOT"] == {"FILTER_SLOT_VALUE": 3}


def test_a_driver_that_names_none_is_turned_by_the_declared_order(wheel, line):
    asyncio.run(wheel.select("Ha"))
    assert line.numbers["FILTER_SLOT"] == {"FILTER_SLOT_VALUE": 2}


def test_a_filter_that_the_wheel_lacks_is_told_with_those_it_has(wheel, line):
    named(line, "Red", "H-alpha")
    with pytest.raises(DeviceError, match="'Filter Simulator' has no filter 'H_Alpha' for Ha, but Red, H-alpha: write"):
        asyncio.run(wheel.select("Ha"))
    assert "FILTER_SLOT" not in line.numbers


def test_a_wheel_that_stays_where_it_is_is_not_waited_for_for_ever(wheel, line):
    line.obeys.clear()
    with pytest.raises(DeviceTimeout, match="FILTER_SLOT_VALUE 1 of 'Filter Simulator' was not seen within 30 s"):
        asyncio.run(wheel.select("L"))


def test_names_that_come_late_are_waited_for(wheel, line, clock):
    async def play():
        task = asyncio.ensure_future(wheel.select("L"))
        while clock.monotonic() < 1.0:
            await asyncio.sleep(0)
        named(line, "Red", "H_Alpha", "Luminance")
        await task

    asyncio.run(play())
    assert line.numbers["FILTER_SLOT"] == {"FILTER_SLOT_VALUE": 3}


def test_a_wheel_that_goes_while_its_names_are_waited_for_is_told_at_once(wheel, line, clock):
    line.lost, look = 7, line.vector  # of before, which count for nothing

    def goes(device, name):
        line.lost = 7 + (clock.monotonic() >= 1.0)
        return look(device, name)

    line.vector = goes
    with pytest.raises(DeviceError, match="'Filter Simulator' has gone: names of"):
        asyncio.run(wheel.select("L"))
    assert clock.monotonic() < 2.0 and "FILTER_SLOT" not in line.numbers
