"""The filter wheel."""

import pytest

from obsy.errors import DeviceError


async def change(world, clock, role="V"):
    began = clock.now()
    await world.wheel.select(role)
    return (clock.now() - began).total_seconds()


def test_a_change_takes_its_time_and_none_takes_none(tell):
    async def story(world, clock):
        return await change(world, clock), await change(world, clock)

    assert tell(story) == (pytest.approx(3, abs=0.01), 0)


def test_a_slow_wheel_takes_thrice_as_long(tell):
    assert tell(change, faults=[{"at": "18:30", "device": "wheel", "fault": "slow"}]) == pytest.approx(9, abs=0.01)


def test_it_names_what_it_has_when_asked_for_what_it_lacks(tell):
    async def story(world, clock):
        with pytest.raises(DeviceError, match="L, R, V, Ha"):
            await world.wheel.select("SII")

    tell(story)
