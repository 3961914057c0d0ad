"""A rotator turns the picture, in its time and within its range, or says what failed."""

import asyncio
import math
from dataclasses import replace

import pytest

from obsy.engine.devices.simulated.rotator import OFF_DEG
from obsy.errors import DeviceError, DeviceTimeout
from obsy.schemas.rotator import Rotator


@pytest.fixture
def turned(tell, parts):
    """Play a story of a rotator."""

    def told(story, counts="east", **said):
        limits = "above 10 deg and below 300 deg"
        declared = Rotator.model_validate({"speed": "6 deg/s", "range": limits, "counts": counts})
        train = parts.trains[0].model_copy(update={"rotator": declared})

        async def with_rotator(world, clock):
            return await story(world, world.rotator, clock)

        return tell(with_rotator, among=replace(parts, trains=(train,)), **said)

    return told


@pytest.mark.parametrize(("counts", "way"), [("east", 1.0), ("west", -1.0)])
def test_it_turns_the_picture_in_its_time(turned, counts, way):
    async def story(world, rotator, clock):
        began, before = clock.now(), rotator.turned_deg(clock.now().timestamp())
        await rotator.turn(70.0)
        by_deg = rotator.turned_deg(clock.now().timestamp()) - before
        return (clock.now() - began).total_seconds(), by_deg, await rotator.position(), before

    took_s, by_deg, place, zero = turned(story, counts)
    assert (took_s, by_deg, place) == (pytest.approx(10.0, abs=0.01), pytest.approx(60.0 * way), 70.0)
    assert abs(zero - 10.0 * way) <= OFF_DEG


def test_it_keeps_within_its_range(turned):
    async def story(world, rotator, clock):
        for place in (9.0, 301.0, math.nan):
            with pytest.raises(DeviceError, match="it reaches 10 to 300"):
                await rotator.turn(place)

    turned(story)


@pytest.mark.parametrize(
    ("fault", "kind"), [("stuck", DeviceError), ("timeout", DeviceTimeout), ("disconnect", DeviceError)]
)
def test_one_that_fails_stays_where_it_is(turned, fault, kind):
    async def story(world, rotator, clock):
        with pytest.raises(kind):
            await rotator.turn(70.0)
        return rotator.turned_deg(clock.now().timestamp())

    fails = [{"at": "18:30", "device": "rotator", "fault": fault}]
    assert turned(story, faults=fails) == pytest.approx(turned(story_of_rest))


async def story_of_rest(world, rotator, clock):
    return rotator.turned_deg(clock.now().timestamp())


def test_one_that_answers_garbage_says_no_number(turned):
    async def story(world, rotator, clock):
        return await rotator.position()

    assert math.isnan(turned(story, faults=[{"at": "18:30", "device": "rotator", "fault": "garbage"}]))


def test_a_turn_that_is_given_up_stops(turned):
    async def story(world, rotator, clock):
        turning = asyncio.ensure_future(rotator.turn(130.0))
        await clock.sleep(5.0)
        turning.cancel()
        await asyncio.gather(turning, return_exceptions=True)
        await clock.sleep(60.0)
        return await rotator.position()

    assert turned(story) == pytest.approx(40.0, abs=0.1)
