import asyncio

import pytest

from obsy.engine.devices.indi.connection import Vector
from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.indi.focuser import IndiFocuser
from obsy.errors import DeviceError, DeviceTimeout

PLACE = "ABS_FOCUS_POSITION"


@pytest.fixture
def focuser(clock, line):
    return IndiFocuser(IndiDevice(clock, line, "Focuser Simulator", timeout_s=30))


def stands(line, clock, steps, state="Ok"):
    line.newest[PLACE] = Vector(state, {"FOCUS_ABSOLUTE_POSITION": steps}, clock.now())


def test_it_moves_by_whole_steps(focuser, line):
    line.obeys.add(PLACE)
    asyncio.run(focuser.move(36_700.4))
    assert line.numbers[PLACE] == {"FOCUS_ABSOLUTE_POSITION": 36_700}


def test_one_that_stops_a_step_short_has_arrived(focuser, line, clock):
    line.put = lambda *_: stands(line, clock, 41_999.0)
    asyncio.run(focuser.move(42_000.0))


def test_one_that_says_to_stand_elsewhere_has_not_arrived(focuser, line, clock):
    line.put = lambda *_: stands(line, clock, 41_000.0)
    with pytest.raises(DeviceTimeout):
        asyncio.run(focuser.move(42_000.0))


def test_one_that_says_that_it_has_failed_is_waited_for_no_longer(focuser, line, clock):
    before = clock.now()
    line.put = lambda *_: stands(line, clock, 41_000.0, "Alert")
    with pytest.raises(DeviceError, match="says that FOCUS_ABSOLUTE_POSITION 42000 has failed"):
        asyncio.run(focuser.move(42_000.0))
    assert clock.now() == before


def test_it_tells_where_it_stands_and_how_warm_it_is(focuser, line, clock):
    stands(line, clock, 1234.0)
    line.newest["FOCUS_TEMPERATURE"] = Vector("Ok", {"TEMPERATURE": -3.5})
    assert asyncio.run(focuser.position()) == 1234.0
    assert asyncio.run(focuser.temperature()) == -3.5


def test_one_without_a_thermometer_says_how_to_do_without(focuser):
    with pytest.raises(DeviceError, match="does not say how warm it is: write 'drift: 0 steps/degC'"):
        asyncio.run(focuser.temperature())
