"""The mount: how long it takes, what it believes and where it truly points."""

import asyncio
import math
from datetime import UTC, datetime

import pytest
from astropy.coordinates import AltAz, EarthLocation, SkyCoord
from astropy.time import Time

from obsy.engine.devices.ports import Pier, Pointing
from obsy.engine.devices.simulated.ephemeris import sidereal_deg
from obsy.engine.safety.seeing import seen_parked
from obsy.engine.separation import separation_deg
from obsy.errors import DeviceError, DeviceTimeout
from obsy.schemas.site import Location
from tests.support.turning import any_date

PLACE = Location(38.16, -2.33)


def hour(hours, clock, dec=30.0):
    return Pointing((sidereal_deg(PLACE, clock.now().timestamp()) - hours * 15) % 360, dec)


async def ready(world):
    await world.enclosure.open()
    await world.mount.unpark()


def test_a_slew_takes_the_angle_and_the_settling(tell):
    async def story(world, clock):
        await ready(world)
        before = await world.mount.state()
        target, began = hour(-2, clock), clock.now()
        await world.mount.slew(target)
        after = await world.mount.state()
        way = separation_deg((before.azimuth_deg, before.altitude_deg), (after.azimuth_deg, after.altitude_deg))
        return (clock.now() - began).total_seconds(), way

    seconds, way = tell(story)
    assert seconds == pytest.approx(way / 3 + 5, abs=0.3)


@pytest.mark.parametrize(("hours", "pier"), [(-2, Pier.WEST), (2, Pier.EAST)])
def test_the_pier_side_follows_the_hour_angle(tell, hours, pier):
    async def story(world, clock):
        await ready(world)
        await world.mount.slew(hour(hours, clock))
        return (await world.mount.state()).pier

    assert tell(story) is pier


def test_it_stops_tracking_past_its_limit(tell):
    async def story(world, clock):
        await ready(world)
        await world.mount.slew(hour(-0.1, clock))
        tracking = (await world.mount.state()).tracking
        await clock.sleep(6 * 60 + 9 * 60)
        still = (await world.mount.state()).tracking
        await clock.sleep(3 * 60)
        first = await world.mount.state()
        await clock.sleep(3600)
        return tracking, still, first.tracking, first.azimuth_deg == (await world.mount.state()).azimuth_deg

    assert tell(story) == (True, True, False, True)


def test_parked_is_claimed_and_seen(tell):
    async def story(world, clock):
        await ready(world)
        await world.mount.slew(hour(-2, clock))
        seen = await world.mount.state()
        await world.mount.park()
        return seen.parked, await world.mount.state()

    before, after = tell(story)
    assert before is False
    assert (after.parked, after.tracking) == (True, False)
    assert (after.altitude_deg, after.azimuth_deg) == (pytest.approx(38), pytest.approx(0, abs=1e-9))


def test_below_its_limit_it_refuses(tell):
    async def story(world, clock):
        await ready(world)
        with pytest.raises(DeviceError, match="altitude"):
            await world.mount.slew(hour(-7, clock, dec=0))

    tell(story)


def test_a_cancelled_slew_stops(tell):
    async def story(world, clock):
        await ready(world)
        slew = asyncio.ensure_future(world.mount.slew(hour(2, clock)))
        await clock.sleep(3)
        slew.cancel()
        await asyncio.gather(slew, return_exceptions=True)
        first = await world.mount.state()
        await clock.sleep(100)
        return first, await world.mount.state()

    first, later = tell(story)
    assert first == later
    assert not first.tracking and not first.parked


def test_a_mount_that_never_arrives_is_given_up(tell):
    async def story(world, clock):
        await world.enclosure.open()
        await world.mount.unpark()
        with pytest.raises(DeviceTimeout):
            await world.mount.slew(hour(-2, clock))
        return await world.mount.state()

    state = tell(story, faults=[{"at": "19:00", "device": "mount", "fault": "timeout"}])
    assert not state.tracking


def test_it_points_a_little_beside_and_drifts(tell):
    async def story(world, clock):
        await ready(world)
        target = hour(-2, clock)
        await world.mount.slew(target)
        now = clock.now().timestamp()
        wanted = (target.ra_deg, target.dec_deg)
        return [separation_deg(wanted, world.mount.sees(at)) * 3600 for at in (now, now + 1800)]

    first, later = tell(story)
    assert 10 < first < 40
    assert first != pytest.approx(later, abs=0.5)


def test_a_comet_is_followed_at_its_rates(tell):
    async def story(world, clock):
        await ready(world)
        target = hour(-2, clock)
        await world.mount.slew(Pointing(target.ra_deg, target.dec_deg, 0.0, 3600.0))
        now = clock.now().timestamp()
        return world.mount.sees(now + 3600)[1] - world.mount.sees(now)[1]

    assert tell(story) == pytest.approx(1, abs=0.02)


def test_its_encoders_agree_with_astropy(tell):
    async def story(world, clock):
        await ready(world)
        await world.mount.slew(Pointing(10.6847, 41.2688))
        return await world.mount.state(), clock.now()

    state, now = tell(story, at=datetime(2026, 11, 21, 18, 0, tzinfo=UTC))
    with any_date():
        where = EarthLocation.from_geodetic(-2.33, 38.16, 1650)
        truth = SkyCoord(10.6847, 41.2688, unit="deg").transform_to(AltAz(obstime=Time(now), location=where))
    apart = separation_deg((state.azimuth_deg, state.altitude_deg), (truth.az.deg, truth.alt.deg))
    assert apart * 60 < 1.0  # arcmin; nutation, aberration and UT1 left out


@pytest.mark.parametrize(("says", "is_seen"), [({"says": "parked"}, False), ({}, True)])
def test_a_claim_that_lies_is_seen_by_where_the_mount_stands_and_encoders_that_lie_too_are_believed(
    tell, says, is_seen
):
    async def story(world, clock):
        await world.enclosure.open()
        await world.mount.unpark()
        await world.mount.slew(Pointing(39.1, 41.0))
        state = await world.mount.state()
        return state.parked, seen_parked(state, world.mount._declared.park)

    lies = {"when": "mount-slews", "device": "mount", "fault": "lie", **says}
    assert tell(story, faults=[lies]) == (True, is_seen)


def off_arcsec(world, clock, target):
    """How far beside its target, east and north, the mount just came to rest."""
    ra, dec = world.mount.sees(clock.now().timestamp())
    return (ra - target.ra_deg) * 3600 * math.cos(math.radians(target.dec_deg)), (dec - target.dec_deg) * 3600


def test_a_declared_miss_is_the_same_again_on_one_side_of_the_pier(tell):
    async def story(world, clock):
        await ready(world)
        found = []
        for hours in (-3, -2, 2):
            target = hour(hours, clock)
            await world.mount.slew(target)
            found.append(off_arcsec(world, clock, target))
        return found

    first, again, flipped = tell(story, misses="5 arcmin")
    assert math.hypot(*first) == pytest.approx(300, abs=15)
    assert again == pytest.approx(first, abs=24)
    assert abs(flipped[0] - first[0]) + abs(flipped[1] - first[1]) > 30
