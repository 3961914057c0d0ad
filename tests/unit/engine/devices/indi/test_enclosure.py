import asyncio

import pytest

from obsy.engine.devices.indi.connection import Vector
from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.indi.enclosure import IndiDome
from obsy.engine.devices.ports import Roof
from obsy.errors import DeviceError, DeviceTimeout


@pytest.fixture
def dome(clock, line):
    return IndiDome(IndiDevice(clock, line, "Dome Simulator", timeout_s=60))


def test_opening_makes_every_park_close_the_shutter(dome, line):
    asyncio.run(dome.open())
    assert line.pressed == [
        ("DOME_SHUTTER_PARK_POLICY", "SHUTTER_CLOSE_ON_PARK"),
        ("DOME_PARK", "UNPARK"),
        ("DOME_SHUTTER", "SHUTTER_OPEN"),
    ]


def test_closing_moves_the_shutter_before_it_parks(dome, line):
    asyncio.run(dome.close())
    assert line.pressed == [("DOME_SHUTTER", "SHUTTER_CLOSE"), ("DOME_PARK", "PARK")]
    assert asyncio.run(dome.state()) is Roof.CLOSED


def test_a_shutter_believed_closed_is_closed_again_and_must_say_so_anew(dome, line):
    line.say("DOME_SHUTTER", "SHUTTER_CLOSE")
    line.answers["DOME_SHUTTER", "SHUTTER_CLOSE"] = lambda: None
    with pytest.raises(DeviceTimeout, match="SHUTTER_CLOSE of 'Dome Simulator' was not seen within 60 s"):
        asyncio.run(dome.close())


def test_a_parked_dome_is_no_closed_shutter(dome, line):
    line.say("DOME_PARK", "PARK")
    assert asyncio.run(dome.state()) is Roof.UNKNOWN


@pytest.mark.parametrize(
    ("switch", "state", "stands"),
    [
        ("SHUTTER_OPEN", "Ok", Roof.OPEN),
        ("SHUTTER_CLOSE", "Ok", Roof.CLOSED),
        ("SHUTTER_CLOSE", "Busy", Roof.MOVING),
        ("SHUTTER_CLOSE", "Alert", Roof.UNKNOWN),
        ("", "Ok", Roof.UNKNOWN),
    ],
)
def test_the_shutter_stands_as_it_says_unless_it_faults(switch, state, stands, dome, line):
    line.say("DOME_SHUTTER", switch, state)
    assert asyncio.run(dome.state()) is stands


def test_a_shutter_that_was_only_defined_is_unknown(dome, line):
    line.newest["DOME_SHUTTER"] = Vector("Ok", {"SHUTTER_CLOSE": True})
    assert asyncio.run(dome.state()) is Roof.UNKNOWN


def test_a_dome_that_is_gone_is_unknown(dome, line):
    line.say("DOME_SHUTTER", "SHUTTER_CLOSE")
    line.there = False
    assert asyncio.run(dome.state()) is Roof.UNKNOWN


def test_a_shutter_that_parking_moves_is_waited_for_until_it_stands_closed(dome, line, clock):
    def parks():
        line.say("DOME_PARK", "PARK")
        line.say("DOME_SHUTTER", "SHUTTER_CLOSE", "Busy")

    line.answers["DOME_PARK", "PARK"] = parks
    with pytest.raises(DeviceTimeout, match="'Dome Simulator' closed was not seen"):
        asyncio.run(dome.close())


def test_a_dome_whose_driver_begins_anew_between_its_shutter_and_its_park_is_not_closed(dome, line):
    ready, asked = line.ready, []

    async def anew(device):
        asked.append(line.pressed[-1:])
        line.lost += len(asked) == 2  # after the shutter's word, before it is told to park
        await ready(device)

    line.ready = anew
    with pytest.raises(DeviceError, match="'Dome Simulator' has gone: 'Dome Simulator' closed was not seen"):
        asyncio.run(dome.close())
    assert asked == [[], [("DOME_SHUTTER", "SHUTTER_CLOSE")]]


def test_whatever_moves_is_stopped(dome, line):
    asyncio.run(dome.stop())
    assert line.pressed == [("DOME_ABORT_MOTION", "ABORT")]
