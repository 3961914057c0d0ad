"""The roof: its travel, its switches, its faults, and what it refuses."""

import asyncio

import pytest

from obsy.engine.devices.ports import Pointing, Roof
from obsy.errors import DeviceError, DeviceTimeout

UP = Pointing(39.1, 41.0)


def faults(kind):
    return {"faults": [{"at": "19:00", "device": "roof", "fault": kind, "until": "20:00"}]}


async def opens(world, clock):
    began = clock.now()
    try:
        await world.enclosure.open()
        failed = None
    except DeviceError as error:
        failed = type(error)
    return failed, (clock.now() - began).total_seconds(), await world.enclosure.state()


def test_it_opens_in_its_travel_time(tell):
    assert tell(opens) == (None, pytest.approx(40, abs=0.01), Roof.OPEN)


def test_a_stuck_roof_stays_where_it_is(tell):
    assert tell(opens, **faults("stuck")) == (DeviceTimeout, pytest.approx(90, abs=0.01), Roof.CLOSED)


def test_a_roof_that_never_arrives_is_between_the_switches(tell):
    assert tell(opens, **faults("timeout")) == (DeviceTimeout, pytest.approx(90, abs=0.01), Roof.UNKNOWN)


def test_a_slow_roof_is_given_up_but_arrives(tell):
    async def story(world, clock):
        failed, _, state = await opens(world, clock)
        await clock.sleep(31)
        return failed, state, await world.enclosure.state()

    assert tell(story, **faults("slow")) == (DeviceTimeout, Roof.MOVING, Roof.OPEN)


def test_it_can_be_closed_once_the_fault_is_over(tell):
    async def story(world, clock):
        await opens(world, clock)
        await clock.sleep(3600)
        await world.enclosure.close()
        return await world.enclosure.state()

    assert tell(story, **faults("timeout")) is Roof.CLOSED


def test_it_refuses_to_close_over_a_mount_that_is_not_parked(tell):
    async def story(world, clock):
        await world.enclosure.open()
        await world.mount.unpark()
        await world.mount.slew(UP)
        with pytest.raises(DeviceError, match="not parked"):
            await world.enclosure.close()
        return await world.enclosure.state(), len(world.refusals), world.collisions

    assert tell(story) == (Roof.OPEN, 1, ())


def test_a_mount_that_moves_under_a_closed_roof_is_a_collision(tell):
    async def story(world, clock):
        await world.mount.unpark()
        with pytest.raises(DeviceError, match="collision"):
            await world.mount.slew(UP)
        return len(world.collisions)

    assert tell(story) == 1


def test_closing_while_it_opens_turns_it_round(tell):
    async def story(world, clock):
        opening = asyncio.ensure_future(world.enclosure.open())
        await clock.sleep(20)
        opening.cancel()
        began = clock.now()
        await world.enclosure.close()
        return (clock.now() - began).total_seconds()

    assert tell(story) == pytest.approx(20, abs=0.01)


def test_a_roof_that_gets_stuck_on_its_way_stands_there_until_that_is_over(tell):
    """Ten seconds after it has begun to close, which takes forty."""

    async def story(world, clock):
        await world.enclosure.open()
        with pytest.raises(DeviceTimeout):
            await world.enclosure.close()
        roof = world.enclosure._state.roof(world.enclosure._declared)
        stood = roof.value(clock.now().timestamp()), await world.enclosure.state()
        await clock.sleep(300)
        await world.enclosure.close()
        return *stood, await world.enclosure.state()

    stuck = {"when": "roof-closes", "after": "10 s", "device": "roof", "fault": "stuck", "lasts": "5 min"}
    assert tell(story, faults=[stuck]) == (pytest.approx(0.75, abs=0.01), Roof.UNKNOWN, Roof.CLOSED)
