import asyncio

import pytest

from obsy.engine.devices.indi.connection import Vector
from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.indi.rotator import IndiRotator
from obsy.errors import DeviceError, DeviceTimeout

PLACE = "ABS_ROTATOR_ANGLE"


@pytest.fixture
def rotator(clock, line):
    stands(line, clock, 10.0)
    return IndiRotator(IndiDevice(clock, line, "Rotator Simulator", timeout_s=30))


def stands(line, clock, degrees, state="Ok"):
    line.newest[PLACE] = Vector(state, {"ANGLE": degrees}, clock.now())


@pytest.mark.parametrize(("asked", "said"), [(90.0, 90.0), (360.0, 0.0), (0.0, 359.9), (45.0, 45.15)])
def test_it_returns_when_it_stands_there_the_short_way_round(rotator, line, clock, asked, said):
    line.put = lambda *_: stands(line, clock, said)
    asyncio.run(rotator.turn(asked))
    assert line.pressed == []


@pytest.mark.parametrize("said", [(10.0, "Ok"), (90.0, "Busy"), (float("nan"), "Ok"), (91.0, "Ok")])
def test_one_that_never_arrives_is_stopped(rotator, line, clock, said):
    line.put = lambda *_: stands(line, clock, *said)
    with pytest.raises(DeviceTimeout, match="90 deg of 'Rotator Simulator' was not seen"):
        asyncio.run(rotator.turn(90.0))
    assert line.pressed == [("ROTATOR_ABORT_MOTION", "ABORT")]


def test_one_that_says_nothing_anew_has_not_turned(rotator, line, clock):
    stands(line, clock, 90.0)
    with pytest.raises(DeviceTimeout):
        asyncio.run(rotator.turn(90.0))


def test_a_turn_that_fails_is_told_and_stopped(rotator, line, clock):
    line.put = lambda *_: stands(line, clock, 20.0, "Alert")
    with pytest.raises(DeviceError, match="its turn to 90 deg has failed"):
        asyncio.run(rotator.turn(90.0))
    assert line.pressed == [("ROTATOR_ABORT_MOTION", "ABORT")]


def test_a_turn_that_is_given_up_is_stopped(rotator, line):
    async def give_up():
        turning = asyncio.ensure_future(rotator.turn(90.0))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        turning.cancel()
        await asyncio.gather(turning, return_exceptions=True)

    asyncio.run(give_up())
    assert line.pressed == [("ROTATOR_ABORT_MOTION", "ABORT")]


@pytest.mark.parametrize("said", [(float("nan"), "Ok"), (10.0, "Alert"), None])
def test_where_it_does_not_stand_it_does_not_say(rotator, line, clock, said):
    assert asyncio.run(rotator.position()) == 10.0
    line.newest.clear()
    if said is not None:
        stands(line, clock, *said)
    with pytest.raises(DeviceError, match="does not say where it stands"):
        asyncio.run(rotator.position())
