"""The focuser, and the V-curve that a focus run sees."""

import pytest

from obsy.errors import DeviceError


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
