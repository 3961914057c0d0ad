import asyncio

import pytest

from obsy.engine.devices.indi.connection import Vector
from obsy.engine.devices.ports import Roof
from obsy.errors import DeviceError, DeviceTimeout
from tests.unit.engine.devices.indi.conftest import RollingLine


def stands(roof):
    return asyncio.run(roof.state())


def test_a_driver_that_believes_to_be_parked_and_does_not_move_has_not_closed(roof, line, clock):
    RollingLine(line, clock)
    line.say("DOME_PARK", "PARK")
    with pytest.raises(DeviceError, match="says PARK, and was not seen to move.* saved. Look .* 'proof: switches'"):
        asyncio.run(roof.close())
    assert stands(roof) is Roof.UNKNOWN


def test_what_was_seen_counts_no_more_once_the_driver_has_gone(roof, line, clock):
    RollingLine(line, clock)
    line.say("DOME_PARK", "UNPARK")
    asyncio.run(roof.close())
    line.lost += 1
    line.say("DOME_PARK", "PARK")
    assert stands(roof) is Roof.UNKNOWN


def test_a_device_that_is_gone_is_unknown(switched, line):
    line.say("DOME_PARK", "PARK")
    line.there = False
    assert stands(switched) is Roof.UNKNOWN


def test_a_device_that_is_gone_is_not_told_to_close(roof, line):
    line.there = False
    with pytest.raises(DeviceError, match="'RollOff Simulator' is gone"):
        asyncio.run(roof.close())
    assert line.pressed == []


def test_a_driver_that_fails_is_told(roof, line):
    line.answers["DOME_PARK", "PARK"] = lambda: line.say("DOME_PARK", "UNPARK", "Alert")
    with pytest.raises(DeviceError, match="'RollOff Simulator' says that PARK has failed"):
        asyncio.run(roof.close())


def test_a_driver_that_does_not_answer_is_given_up(roof, line):
    line.say("DOME_PARK", "PARK")
    line.answers["DOME_PARK", "PARK"] = lambda: None
    with pytest.raises(DeviceTimeout, match="PARK of 'RollOff Simulator' was not seen within 60 s"):
        asyncio.run(roof.close())


def test_a_shutter_counts_where_there_is_one(switched, line):
    line.say("DOME_PARK", "PARK")
    line.say("DOME_SHUTTER", "SHUTTER_OPEN")
    assert stands(switched) is Roof.OPEN
    asyncio.run(switched.close())
    assert line.pressed == [("DOME_SHUTTER", "SHUTTER_CLOSE"), ("DOME_PARK", "PARK")]
    assert stands(switched) is Roof.CLOSED
    asyncio.run(switched.open())
    assert line.pressed[-1] == ("DOME_SHUTTER", "SHUTTER_OPEN")


@pytest.mark.parametrize("turns", ["ABS_DOME_POSITION", "REL_DOME_POSITION"])
def test_the_parking_of_a_dome_that_turns_says_nothing_of_rain(turns, switched, line):
    line.say("DOME_PARK", "PARK")
    line.newest[turns] = Vector("Ok", {"X": 1.0})
    assert stands(switched) is Roof.UNKNOWN
    with pytest.raises(DeviceError, match="turns and has no shutter"):
        asyncio.run(switched.close())


def test_a_driver_that_says_both_says_nothing(switched, line):
    line.newest["DOME_PARK"] = Vector("Ok", {"PARK": True, "UNPARK": True}, line.clock.now())
    assert stands(switched) is Roof.UNKNOWN


def test_a_parking_that_was_taken_away_and_came_back_between_two_looks_counts_no_more(roof, line, clock):
    RollingLine(line, clock)
    line.say("DOME_PARK", "UNPARK")
    asyncio.run(roof.close())
    line.newest.pop("DOME_PARK")
    line.say("DOME_PARK", "PARK")
    assert stands(roof) is Roof.UNKNOWN


def test_a_motion_that_has_failed_is_unknown_whatever_its_parking_says(closed, line, clock):
    line.say("DOME_MOTION", "DOME_CW", "Alert")
    assert stands(closed) is Roof.UNKNOWN
    with pytest.raises(DeviceError, match="says PARK, and DOME_MOTION has failed: look where the roof is"):
        asyncio.run(closed.close())
    line.say("DOME_MOTION", "", "Idle")
    line.say("DOME_PARK", "UNPARK", "Alert")
    asyncio.run(closed.close())
    assert stands(closed) is Roof.CLOSED


def test_what_was_seen_counts_no_more_once_the_driver_has_taken_its_parking_away(roof, line, clock):
    RollingLine(line, clock)
    line.say("DOME_PARK", "UNPARK")
    asyncio.run(roof.close())
    line.newest.pop("DOME_PARK")
    assert stands(roof) is Roof.UNKNOWN
    line.say("DOME_PARK", "PARK")  # what it believes
    assert stands(roof) is Roof.UNKNOWN


def test_stopping_stops(roof, line):
    asyncio.run(roof.stop())
    assert line.pressed == [("DOME_ABORT_MOTION", "ABORT")]
