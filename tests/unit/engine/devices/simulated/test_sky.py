"""What the telescope looks at, whatever the mount does."""

from dataclasses import replace

import numpy as np
import pytest

from obsy.engine.devices.ports import Pointing
from obsy.engine.devices.simulated.ephemeris import of_date
from obsy.engine.devices.simulated.parts import MovingObject
from obsy.engine.devices.simulated.variables import Minimum, VariableStar


async def sky(world, clock, seconds=60):
    now = clock.now().timestamp()
    return world.camera._sky.sky(now, now + seconds)


async def parked(world, clock):
    return clock.now().timestamp(), await sky(world, clock)


async def aimed(world, clock):
    await world.enclosure.open()
    await world.mount.unpark()
    await world.mount.slew(Pointing(39.1, 41.0))
    return await sky(world, clock)


def test_the_sky_runs_over_a_parked_mount(tell):
    # park looks near the pole, where little moves: 15 arcsec/s times cos(dec), from the pole of date
    now_s, seen = tell(parked)
    _, dec_deg = of_date(seen.view.ra_deg, seen.view.dec_deg, now_s)
    run = 60 * 15.04 * np.cos(np.radians(dec_deg))
    assert np.hypot(*seen.view.drift_arcsec) == pytest.approx(run, rel=0.02)


def test_the_picture_turns_with_the_pier(tell):
    async def story(world, clock):
        before = await aimed(world, clock)
        await clock.sleep(5 * 3600)
        await world.mount.slew(Pointing(39.1, 41.0))
        return before.view.up_deg, (await sky(world, clock)).view.up_deg

    assert tell(story) == (180, 0)


def test_seeing_grows_with_airmass(tell):
    seen = tell(aimed, start={"seeing": "2 arcsec"}).air
    assert seen.seeing_arcsec == pytest.approx(2 * seen.airmass**0.6, rel=0.13)


def test_cloud_takes_light(tell):
    assert tell(aimed).air.transmission == 1


def test_overcast_takes_nearly_all(tell):
    assert tell(aimed, start={"cloud": "100 %"}).air.transmission < 0.35


def test_the_moon_of_that_evening_is_up(tell):
    # USNO: 2026-11-21, nearly full (full Moon 2026-11-24 14:53 UT)
    moon = tell(aimed).air.glow.moon
    assert moon.altitude_deg > 0 and 20 < moon.phase_deg < 50


def test_a_moving_object_stands_between_its_samples():
    one = MovingObject("comet", 9.0, np.array([0.0, 100.0]), np.array([359.9, 0.1]), np.array([10.0, 12.0]))
    assert one.place(25) == (pytest.approx(359.95), pytest.approx(10.5))
    assert one.place(200) == (pytest.approx(0.1), 12)


def test_a_star_varies_where_the_mount_points_and_nowhere_else(tell, parts):
    async def story(world, clock):
        seen = await aimed(world, clock)
        middle = (seen.varying[0].share, (await sky(world, clock)).varying)
        await world.mount.slew(Pointing(60.0, 41.0))
        return *middle, (await sky(world, clock)).varying

    always = Minimum((1.8e9,), 1e12, 1.0)
    mine = VariableStar("mine", 39.2, 41.1, always)
    share, again, elsewhere = tell(story, among=replace(parts, variables=(mine,)))
    assert share == pytest.approx(10**-0.4, rel=1e-6)
    assert [(each.ra_deg, each.mag) for each in again] == [(39.2, None)]
    assert elsewhere == ()
