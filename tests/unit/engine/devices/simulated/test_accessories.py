"""Wheel, focuser and panel do what they are told, in the time that they take, or say what failed."""

import pytest

from obsy.engine.devices.simulated.picture.scene import LightSource
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


def test_stars_are_smallest_at_the_best_focus(tell):
    async def story(world, clock):
        best = world.focuser.best(clock.now().timestamp())
        seen = []
        for away in (-400, -200, 0, 200, 400):
            await world.focuser.move(best + away)
            seen.append(world.focuser.blur_arcsec(clock.now().timestamp()))
        return seen

    assert tell(story) == pytest.approx([8, 4, 0, 4, 8])


def test_the_best_focus_moves_with_the_temperature(tell):
    async def story(world, clock):
        return world.focuser.best(clock.now().timestamp())

    mild, cold = tell(story, start={"temperature": "10 degC"}), tell(story, start={"temperature": "5 degC"})
    assert cold - mild == pytest.approx(100)
    assert mild == pytest.approx(30000, abs=50)


def test_it_takes_time_and_keeps_to_its_travel(tell):
    async def story(world, clock):
        began = clock.now()
        await world.focuser.move(60000)
        with pytest.raises(DeviceError):
            await world.focuser.move(60001)
        return (clock.now() - began).total_seconds(), await world.focuser.position()

    assert tell(story) == (pytest.approx(30, abs=0.01), 60000)


def test_a_stuck_focuser_stays_where_it_is(tell):
    async def story(world, clock):
        with pytest.raises(DeviceError):
            await world.focuser.move(30500)
        return await world.focuser.position()

    assert tell(story, faults=[{"at": "18:30", "device": "focuser", "fault": "stuck"}]) == 30000


def light_of(world):
    return world.camera._sky.light()


def test_it_decides_what_shines_into_the_telescope(tell):
    async def story(world, clock):
        await world.enclosure.open()
        seen = []
        for move in (world.panel.open, world.panel.light, world.panel.dark):
            await move()
            seen.append(light_of(world))
        return seen

    assert tell(story) == [LightSource.SKY, LightSource.PANEL, LightSource.NONE]


def test_a_stuck_panel_stays_as_it_is(tell):
    async def story(world, clock):
        with pytest.raises(DeviceError):
            await world.panel.light()
        return light_of(world)

    assert tell(story, faults=[{"at": "18:30", "device": "panel", "fault": "stuck"}]) is LightSource.NONE
