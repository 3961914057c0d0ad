"""Which of a roof's words count, by what was seen of its motions."""

import asyncio
from datetime import timedelta

import pytest

from obsy.engine.devices.indi.connection import Vector
from obsy.engine.devices.ports import Roof
from obsy.errors import DeviceError
from tests.unit.engine.devices.indi.conftest import TRAVEL_S, RollingLine


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
