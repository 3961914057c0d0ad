import asyncio
from datetime import timedelta

import pytest

from obsy.engine.devices.indi.connection import Vector
from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.indi.roll_off import IndiRollOff
from obsy.engine.devices.ports import Roof
from obsy.errors import DeviceError, DeviceTimeout

TRAVEL_S = 20.0


class RollingLine:
    """Makes the line of a test answer as `indi_rolloff_dome` does: Busy first, Ok when it has arrived."""

    def __init__(self, line, clock, lasts_s=10.0):
        self.line, self.clock, self.lasts_s, self.busy = line, clock, lasts_s, ""
        self.look, line.vector = line.vector, self.vector
        for switch in ("PARK", "UNPARK"):
            line.answers["DOME_PARK", switch] = lambda switch=switch: self.begin(switch)

    def begin(self, switch):
        was = self.line.newest.get("DOME_PARK")
        if was is not None and was.state == "Ok" and was.chosen() == switch:
            self.line.say("DOME_PARK", switch)  # "already parked"
            return
        self.busy, self.until = switch, self.clock.time + timedelta(seconds=self.lasts_s)
        self.line.say("DOME_PARK", switch, "Busy")

    def vector(self, device, name):
        if self.busy and self.clock.time >= self.until:
            self.line.say("DOME_PARK", self.busy)
            self.busy = ""
        return self.look(device, name)


@pytest.fixture
def device(clock, line):
    return IndiDevice(clock, line, "RollOff Simulator", timeout_s=60)


@pytest.fixture
def roof(device):
    return IndiRollOff(device, TRAVEL_S)


@pytest.fixture
def switched(device):
    return IndiRollOff(device, TRAVEL_S, reads_switches=True)


def stands(roof):
    return asyncio.run(roof.state())


@pytest.mark.parametrize("switch", ["PARK", "UNPARK"])
def test_what_a_driver_says_before_it_has_moved_is_unknown(switch, roof, line):
    line.say("DOME_PARK", switch)
    assert stands(roof) is Roof.UNKNOWN


def test_a_roof_that_was_seen_to_close_is_closed_and_stays_so_when_it_is_told_again(roof, line, clock):
    RollingLine(line, clock)
    line.say("DOME_PARK", "UNPARK")
    asyncio.run(roof.close())
    assert stands(roof) is Roof.CLOSED
    asyncio.run(roof.close())
    assert stands(roof) is Roof.CLOSED


def test_a_driver_that_believes_to_be_parked_and_does_not_move_has_not_closed(roof, line, clock):
    RollingLine(line, clock)
    line.say("DOME_PARK", "PARK")
    with pytest.raises(DeviceError, match="says PARK, and was not seen to move.* saved. Look .* 'proof: switches'"):
        asyncio.run(roof.close())
    assert stands(roof) is Roof.UNKNOWN


def test_a_roof_that_was_opened_a_little_by_hand_is_seen_to_close(roof, line, clock):
    RollingLine(line, clock, lasts_s=3.0)
    line.say("DOME_PARK", "PARK")
    assert stands(roof) is Roof.UNKNOWN
    line.say("DOME_PARK", "UNPARK", "Alert")
    asyncio.run(roof.close())
    assert stands(roof) is Roof.CLOSED


def test_an_end_counts_after_a_tenth_of_the_travel(roof, line, clock):
    clock.time += timedelta(hours=1)
    RollingLine(line, clock, lasts_s=TRAVEL_S / 10)
    line.say("DOME_PARK", "UNPARK")
    asyncio.run(roof.close())
    assert stands(roof) is Roof.CLOSED


def test_an_end_that_comes_sooner_is_an_echo(roof, line, clock):
    clock.time += timedelta(hours=1)
    RollingLine(line, clock, lasts_s=TRAVEL_S / 10 - 0.5)
    line.say("DOME_PARK", "UNPARK")
    with pytest.raises(DeviceError, match="was not seen to move there"):
        asyncio.run(roof.close())
    assert stands(roof) is Roof.UNKNOWN


def test_opening_is_seen_as_closing_is(roof, line, clock):
    RollingLine(line, clock)
    line.say("DOME_PARK", "PARK")
    asyncio.run(roof.open())
    assert stands(roof) is Roof.OPEN
    assert line.pressed == [("DOME_PARK", "UNPARK")]


@pytest.mark.parametrize("name", ["DOME_PARK", "DOME_MOTION"])
def test_a_roof_that_says_that_it_moves_moves_whoever_asked_it_to(name, roof, line):
    line.say("DOME_PARK", "PARK")
    line.say(name, "PARK", "Busy")
    assert stands(roof) is Roof.MOVING


def test_a_motion_that_another_hand_has_stopped_half_way_leaves_it_unknown_whatever_it_says_then(roof, line, clock):
    RollingLine(line, clock)
    line.say("DOME_PARK", "UNPARK")
    asyncio.run(roof.close())
    line.say("DOME_MOTION", "DOME_CW", "Busy")
    assert stands(roof) is Roof.MOVING
    clock.time += timedelta(seconds=TRAVEL_S)
    line.say("DOME_MOTION", "", "Idle")  # stopped: nothing new of its park
    assert stands(roof) is Roof.UNKNOWN
    line.say("DOME_PARK", "PARK")  # "already parked"
    assert stands(roof) is Roof.UNKNOWN


def test_a_motion_of_another_hand_that_arrives_counts(roof, line, clock):
    line.say("DOME_PARK", "PARK")
    line.say("DOME_MOTION", "DOME_CW", "Busy")
    assert stands(roof) is Roof.MOVING
    clock.time += timedelta(seconds=TRAVEL_S)
    line.say("DOME_PARK", "UNPARK")
    line.say("DOME_MOTION", "", "Idle")
    assert stands(roof) is Roof.OPEN


@pytest.mark.parametrize(("switch", "state"), [("UNPARK", "Ok"), ("PARK", "Alert"), ("PARK", "Idle")])
def test_a_proven_end_counts_no_more_once_the_driver_says_something_else_unmoved(switch, state, roof, line, clock):
    RollingLine(line, clock)
    line.say("DOME_PARK", "UNPARK")
    asyncio.run(roof.close())
    line.say("DOME_PARK", switch, state)
    assert stands(roof) is Roof.UNKNOWN
    line.say("DOME_PARK", "PARK")
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


def test_where_the_driver_reads_end_switches_its_word_counts_once_it_has_given_it(switched, line):
    line.newest["DOME_PARK"] = Vector("Ok", {"PARK": True})
    assert stands(switched) is Roof.UNKNOWN
    asyncio.run(switched.close())
    assert stands(switched) is Roof.CLOSED
    line.say("DOME_PARK", "UNPARK")  # pushed by hand
    assert stands(switched) is Roof.OPEN


def test_end_switches_do_not_vouch_for_a_motion_that_was_stopped_half_way(switched, line):
    line.say("DOME_PARK", "PARK")
    assert stands(switched) is Roof.CLOSED
    line.say("DOME_MOTION", "DOME_CW", "Busy")
    assert stands(switched) is Roof.MOVING
    line.say("DOME_MOTION", "", "Idle")
    assert stands(switched) is Roof.UNKNOWN
    line.say("DOME_PARK", "PARK")
    assert stands(switched) is Roof.UNKNOWN


def test_a_short_motion_between_end_switches_counts(switched, line, clock):
    RollingLine(line, clock, lasts_s=0.5)
    line.say("DOME_PARK", "UNPARK")
    asyncio.run(switched.close())
    assert stands(switched) is Roof.CLOSED


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


@pytest.fixture(params=[False, True], ids=["motion", "switches"])
def closed(request, device, line, clock):
    """A roof that was seen to close, by either proof."""
    roof = IndiRollOff(device, TRAVEL_S, reads_switches=request.param)
    RollingLine(line, clock)
    line.say("DOME_PARK", "UNPARK")
    asyncio.run(roof.close())
    assert stands(roof) is Roof.CLOSED
    return roof


def test_a_driver_that_says_both_says_nothing(switched, line):
    line.newest["DOME_PARK"] = Vector("Ok", {"PARK": True, "UNPARK": True}, line.clock.now())
    assert stands(switched) is Roof.UNKNOWN


def test_a_motion_that_is_over_between_two_looks_leaves_it_unknown(closed, line, clock):
    line.say("DOME_MOTION", "DOME_CW", "Busy")
    clock.time += timedelta(seconds=0.5)
    line.say("DOME_MOTION", "", "Idle")
    assert stands(closed) is Roof.UNKNOWN
    line.say("DOME_PARK", "PARK")  # "already parked"
    assert stands(closed) is Roof.UNKNOWN


def test_one_that_is_asked_to_park_while_it_opens_and_then_stopped_is_not_closed(closed, line, clock):
    line.say("DOME_MOTION", "DOME_CW", "Busy")
    assert stands(closed) is Roof.MOVING
    line.say("DOME_PARK", "PARK")  # "already parked", as it flies open
    clock.time += timedelta(seconds=TRAVEL_S / 2)
    assert stands(closed) is Roof.MOVING
    line.say("DOME_MOTION", "", "Idle")
    assert stands(closed) is Roof.UNKNOWN


def test_one_that_ends_where_it_was_not_told_to_go_is_unknown(closed, line, clock):
    """A driver that is stopped goes back to what it said before it moved."""
    line.say("DOME_PARK", "UNPARK", "Busy")
    assert stands(closed) is Roof.MOVING
    clock.time += timedelta(seconds=TRAVEL_S / 2)
    line.say("DOME_PARK", "PARK")
    assert stands(closed) is Roof.UNKNOWN


def test_one_that_was_turned_round_on_its_way_counts_where_it_was_told_to_go_last(closed, line, clock):
    """So INDI's own does, when it is told to park while another hand opens it."""
    line.say("DOME_MOTION", "DOME_CW", "Busy")
    assert stands(closed) is Roof.MOVING
    clock.time += timedelta(seconds=3)
    line.say("DOME_MOTION", "DOME_CCW", "Busy")
    line.say("DOME_PARK", "PARK", "Busy")
    assert stands(closed) is Roof.MOVING
    clock.time += timedelta(seconds=3)
    line.say("DOME_MOTION", "", "Idle")
    line.say("DOME_PARK", "PARK")
    assert stands(closed) is Roof.CLOSED


def test_one_that_was_turned_round_and_arrived_between_two_looks_counts_too(closed, line, clock):
    line.say("DOME_MOTION", "DOME_CW", "Busy")
    assert stands(closed) is Roof.MOVING
    line.say("DOME_PARK", "PARK", "Busy")
    clock.time += timedelta(seconds=3)
    line.say("DOME_MOTION", "", "Idle")
    line.say("DOME_PARK", "PARK")
    assert stands(closed) is Roof.CLOSED


def test_one_that_was_told_to_stop_has_not_arrived_whatever_it_says(closed, line, clock):
    line.say("DOME_PARK", "UNPARK", "Busy")
    line.say("DOME_PARK", "PARK", "Busy")
    assert stands(closed) is Roof.MOVING
    clock.time += timedelta(seconds=TRAVEL_S / 2)
    line.say("DOME_ABORT_MOTION", "ABORT")
    line.say("DOME_PARK", "PARK")
    assert stands(closed) is Roof.UNKNOWN


def test_an_echo_counts_for_no_motion_however_late_it_is_looked_at(roof, line, clock):
    line.say("DOME_PARK", "UNPARK")
    line.say("DOME_PARK", "PARK", "Busy")
    assert stands(roof) is Roof.MOVING
    clock.time += timedelta(seconds=0.01)
    line.say("DOME_PARK", "PARK")
    clock.time += timedelta(seconds=TRAVEL_S)  # the guard was held up
    assert stands(roof) is Roof.UNKNOWN


def test_a_clock_that_is_set_forward_makes_no_motion_of_an_echo(roof, line, clock):
    clock.time += timedelta(hours=1)
    line.say("DOME_PARK", "UNPARK")
    line.say("DOME_PARK", "PARK", "Busy")
    assert stands(roof) is Roof.MOVING
    clock.time, clock.set_s = clock.time + timedelta(hours=1), 3600.0
    line.say("DOME_PARK", "PARK")
    assert stands(roof) is Roof.UNKNOWN


@pytest.mark.parametrize("moved", ["DOME_PARK", "DOME_MOTION"])
def test_who_begins_in_the_midst_of_a_motion_sees_its_end(moved, roof, line, clock):
    line.newest["DOME_PARK"] = Vector("Ok", {"UNPARK": True})
    line.newest[moved] = Vector("Busy", {"PARK" if moved == "DOME_PARK" else "DOME_CW": True})
    assert stands(roof) is Roof.MOVING
    clock.time += timedelta(seconds=TRAVEL_S / 2)
    line.newest[moved] = Vector("Idle", {}, clock.now())
    line.say("DOME_PARK", "PARK")
    assert stands(roof) is Roof.CLOSED


@pytest.mark.parametrize("first", [("UNPARK", "Ok"), ("PARK", "Alert")], ids=str)
def test_what_it_says_between_two_looks_counts_as_what_is_seen(first, roof, line, clock):
    RollingLine(line, clock)
    line.say("DOME_PARK", "UNPARK")
    asyncio.run(roof.close())
    line.say("DOME_PARK", *first)
    line.say("DOME_PARK", "PARK")
    assert stands(roof) is Roof.UNKNOWN
    assert stands(roof) is Roof.UNKNOWN
    line.say("DOME_PARK", "UNPARK", "Alert")
    asyncio.run(roof.close())
    assert stands(roof) is Roof.CLOSED


def test_the_word_of_end_switches_counts_again_at_once(switched, line):
    line.say("DOME_PARK", "PARK")
    assert stands(switched) is Roof.CLOSED
    for said in ("UNPARK", "PARK"):
        line.say("DOME_PARK", said)
    assert stands(switched) is Roof.CLOSED


def test_a_parking_that_was_taken_away_and_came_back_between_two_looks_counts_no_more(roof, line, clock):
    RollingLine(line, clock)
    line.say("DOME_PARK", "UNPARK")
    asyncio.run(roof.close())
    line.newest.pop("DOME_PARK")
    line.say("DOME_PARK", "PARK")
    assert stands(roof) is Roof.UNKNOWN


def test_a_motion_whose_parking_was_taken_away_on_the_way_proves_nothing(roof, line, clock):
    line.say("DOME_PARK", "UNPARK")
    line.say("DOME_PARK", "PARK", "Busy")
    assert stands(roof) is Roof.MOVING
    line.newest.pop("DOME_PARK")
    assert stands(roof) is Roof.UNKNOWN
    clock.time += timedelta(seconds=TRAVEL_S)
    line.say("DOME_PARK", "PARK")
    assert stands(roof) is Roof.UNKNOWN


def test_a_motion_that_is_begun_and_not_said_to_move_leaves_it_unknown(roof, line, clock):
    RollingLine(line, clock)
    line.say("DOME_PARK", "UNPARK")
    asyncio.run(roof.close())
    line.say("DOME_MOTION", "DOME_CW")
    assert stands(roof) is Roof.UNKNOWN


def test_a_motion_that_is_turned_off_when_it_has_arrived_is_none(closed, line):
    line.say("DOME_MOTION", "DOME_CCW", "Busy")
    assert stands(closed) is Roof.MOVING
    line.say("DOME_PARK", "PARK", "Busy")
    line.clock.time += timedelta(seconds=TRAVEL_S)
    line.say("DOME_PARK", "PARK")
    line.say("DOME_MOTION", "DOME_CCW")
    assert stands(closed) is Roof.CLOSED
    line.say("DOME_MOTION", "", "Idle")
    assert stands(closed) is Roof.CLOSED


def test_a_motion_that_has_failed_is_unknown_whatever_its_parking_says(closed, line, clock):
    line.say("DOME_MOTION", "DOME_CW", "Alert")
    assert stands(closed) is Roof.UNKNOWN
    with pytest.raises(DeviceError, match="says PARK, and DOME_MOTION has failed: look where the roof is"):
        asyncio.run(closed.close())
    line.say("DOME_MOTION", "", "Idle")
    line.say("DOME_PARK", "UNPARK", "Alert")
    asyncio.run(closed.close())
    assert stands(closed) is Roof.CLOSED


@pytest.mark.parametrize("names", [["DOME_PARK"], ["DOME_MOTION"], ["DOME_MOTION", "DOME_PARK"]], ids=" ".join)
def test_an_end_after_a_fault_on_the_way_does_not_count(names, closed, line, clock):
    line.say("DOME_PARK", "PARK", "Busy")
    assert stands(closed) is Roof.MOVING
    clock.time += timedelta(seconds=TRAVEL_S)
    for name in names:
        line.say(name, "PARK", "Alert")
        line.say(name, "PARK", "Idle")
    line.say("DOME_PARK", "PARK")
    assert stands(closed) is Roof.UNKNOWN
    assert stands(closed) is Roof.UNKNOWN


def test_who_begins_in_the_midst_of_a_motion_does_not_believe_what_was_said_before_it(roof, line, clock):
    line.newest["DOME_PARK"] = Vector("Ok", {"PARK": True})
    line.newest["DOME_MOTION"] = Vector("Busy", {"DOME_CW": True})
    assert stands(roof) is Roof.MOVING
    clock.time += timedelta(seconds=TRAVEL_S / 2)
    line.say("DOME_MOTION", "", "Idle")
    line.say("DOME_PARK", "PARK")  # "already parked"
    assert stands(roof) is Roof.UNKNOWN


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
