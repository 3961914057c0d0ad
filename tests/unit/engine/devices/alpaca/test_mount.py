import asyncio
from dataclasses import astuple
from datetime import timedelta

import pytest

from obsy.engine.devices.alpaca.mount import AlpacaMount
from obsy.engine.devices.directions import altitude_azimuth, of_date
from obsy.engine.devices.ports import Pier, Pointing
from obsy.errors import DeviceError, DeviceTimeout
from obsy.schemas.mount import ParkPosition
from obsy.schemas.site import Location

PLACE = Location(47.0, 11.0, 600.0)
TARGET = Pointing(83.8, -5.4)
SCOPE = "telescope/0"


@pytest.fixture
def mount(device):
    return AlpacaMount(device(SCOPE), PLACE, settle_s=2.0)


@pytest.fixture(autouse=True)
def later(clock):
    """No clock begins with its mount."""
    clock.time += timedelta(hours=1)


@pytest.fixture
def scope(peer):
    return peer.devices[SCOPE]


def unparked(mount):
    asyncio.run(mount.unpark())
    return mount


def test_it_unparks_slews_tracks_and_parks(mount, scope):
    asyncio.run(unparked(mount).slew(TARGET))
    state = asyncio.run(mount.state())
    assert (state.parked, state.tracking, state.pier) == (False, True, Pier.EAST)
    asyncio.run(mount.park())
    state = asyncio.run(mount.state())
    assert (state.parked, state.tracking, state.altitude_deg, state.azimuth_deg) == (True, False, 10.0, 0.0)


def test_a_park_is_asked_for_also_where_it_is_said_to_be_parked(mount, peer):
    asyncio.run(mount.park())
    assert peer.told(SCOPE)[-1] == "park"


def test_a_mount_that_never_arrives_at_its_park_is_told(mount, peer):
    unparked(mount)
    peer.says[SCOPE, "atpark"] = False
    with pytest.raises(DeviceTimeout, match="'telescope/0' parked was not seen within 30 s"):
        asyncio.run(mount.park())


@pytest.mark.parametrize(("system", "is_of_date"), [(0, True), (1, True), (2, False)])
def test_the_target_is_sent_in_the_equinox_that_the_mount_speaks(mount, scope, clock, system, is_of_date):
    scope["equatorialsystem"] = system
    asyncio.run(unparked(mount).slew(TARGET))
    asked = of_date(TARGET.ra_deg, TARGET.dec_deg, clock.now()) if is_of_date else (TARGET.ra_deg, TARGET.dec_deg)
    assert scope["rightascension"] * 15.0 == pytest.approx(asked[0], abs=1e-4)
    assert scope["declination"] == pytest.approx(asked[1], abs=1e-4)


def test_a_mount_whose_equinox_nobody_knows_is_not_slewed(mount, scope, peer):
    scope["equatorialsystem"] = 4
    with pytest.raises(DeviceError, match="EquatorialSystem 4"):
        asyncio.run(unparked(mount).slew(TARGET))
    assert "slewtocoordinatesasync" not in peer.told(SCOPE)


def test_a_slew_waits_until_the_mount_has_stopped_and_settled(mount, peer, clock):
    unparked(mount)
    begun_s = clock.monotonic()
    asyncio.run(mount.slew(TARGET))
    assert clock.monotonic() - begun_s >= peer.takes_s + 2.0


@pytest.mark.long
def test_a_mount_that_stops_elsewhere_has_not_arrived_and_is_stopped(mount, peer):
    unparked(mount)
    peer.says[SCOPE, "declination"] = 0.0
    with pytest.raises(DeviceTimeout, match="the target of 'telescope/0' was not seen"):
        asyncio.run(mount.slew(TARGET))
    assert peer.told(SCOPE)[-2:] == ["abortslew", "tracking"]


def test_a_mount_that_stands_beside_its_target_is_sent_there_once_more(mount, peer):
    unparked(mount)
    peer.says[SCOPE, "rightascension"] = TARGET.ra_deg / 15.0 + 0.005
    peer.devices[SCOPE]["equatorialsystem"] = 2
    asyncio.run(mount.slew(TARGET))
    assert peer.told(SCOPE).count("slewtocoordinatesasync") == 2


def test_a_slew_that_is_refused_is_told_in_the_mounts_words(mount):
    with pytest.raises(DeviceError, match="refused 'slewtocoordinatesasync' with error 0x408, it is parked: parked"):
        asyncio.run(mount.slew(TARGET))


def test_a_slew_that_is_cancelled_stops_the_mount(mount, scope, peer):
    unparked(mount)
    peer.takes_s = 1e6

    async def play():
        slewing = asyncio.ensure_future(mount.slew(TARGET))
        while not scope["slewing"]:
            await asyncio.sleep(0)
        slewing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await slewing

    asyncio.run(play())
    assert (scope["slewing"], scope["tracking"]) == (False, False)


def test_stop_goes_on_to_tracking_where_the_abort_is_refused(mount, scope, peer):
    unparked(mount)
    scope["tracking"] = True
    peer.refuses[SCOPE, "abortslew"] = (0x400, "")
    asyncio.run(mount.stop())
    assert scope["tracking"] is False


def test_a_mount_that_is_parked_refuses_to_stop_and_stands(mount):
    asyncio.run(mount._device.ready())
    asyncio.run(mount.stop())


def test_a_mount_that_goes_on_after_it_was_told_to_stop_is_told(mount, peer):
    unparked(mount)
    peer.refuses[SCOPE, "abortslew"] = (0x500, "stuck")
    peer.says[SCOPE, "slewing"] = True
    with pytest.raises(DeviceError, match="stuck"):
        asyncio.run(mount.stop())


def test_of_a_mount_that_is_gone_nothing_is_known(mount, peer):
    asyncio.run(mount.park())
    peer.die()
    assert set(astuple(asyncio.run(mount.state()))) == {None, Pier.UNKNOWN}


@pytest.mark.parametrize("member", ["atpark", "slewing", "altitude", "azimuth"])
def test_of_a_mount_that_answers_nonsense_nothing_is_known(mount, peer, member):
    asyncio.run(mount.park())
    peer.says[SCOPE, member] = "parked"
    assert asyncio.run(mount.state()).parked is None


def test_a_mount_that_says_parked_and_slews_is_not_parked(mount, scope):
    asyncio.run(mount.park())
    scope["slewing"] = True
    assert asyncio.run(mount.state()).parked is False


def test_where_a_mount_tells_no_altitude_it_is_reckoned_from_its_coordinates(mount, scope, clock):
    unparked(mount)
    del scope["altitude"]
    scope.update(rightascension=5.0, declination=20.0)
    state = asyncio.run(mount.state())
    expected = altitude_azimuth(75.0, 20.0, PLACE, clock.now())
    assert (state.altitude_deg, state.azimuth_deg) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(("lags_s", "altitude"), [(2.0, 10.0), (60.0, 50.0)])
def test_a_driver_that_tells_its_place_a_moment_after_its_park_is_waited_for_and_not_for_ever(
    device, peer, clock, lags_s, altitude
):
    peer.devices[SCOPE].update(connected=True, atpark=True, altitude=50.0)
    peer._park = lambda name, *_: peer.becomes(name, lags_s, altitude=10.0)
    rests = ParkPosition.model_validate({"azimuth": "0 deg", "altitude": "10 deg"})
    mount = AlpacaMount(device(SCOPE), PLACE, rests=rests)
    asyncio.run(mount.park())
    assert asyncio.run(mount.state()).altitude_deg == altitude
    assert clock.monotonic() - 3600.0 == min(lags_s, 3.0)


@pytest.mark.parametrize(
    ("points", "waits_s"),
    [
        ((0.2, 60.0), 0.0),
        ((358.6, 60.0), 0.0),
        ((0.2, 59.6), 0.0),
        ((358.2, 60.0), 3.0),
        ((0.2, 61.0), 3.0),
        ((119.8, 60.0), 3.0),
    ],
)
def test_a_mount_rests_where_its_encoders_are_within_half_a_degree_of_its_park(device, peer, clock, points, waits_s):
    peer.devices[SCOPE].update(connected=True, atpark=True, azimuth=points[0], altitude=points[1])
    peer._park = lambda *_: None
    rests = ParkPosition.model_validate({"azimuth": "359.4 deg", "altitude": "60 deg"})
    asyncio.run(AlpacaMount(device(SCOPE), PLACE, rests=rests).park())
    assert clock.monotonic() - 3600.0 == waits_s


def test_a_mount_is_unparked_when_it_says_so(mount, peer, scope):
    peer._unpark = lambda name, *_: peer.becomes(name, 3.0, atpark=False)
    asyncio.run(mount.unpark())
    assert scope["atpark"] is False
    scope["atpark"], peer._unpark = True, lambda *_: None
    with pytest.raises(DeviceTimeout, match="'telescope/0' unparked was not seen within 30 s"):
        asyncio.run(mount.unpark())


def test_a_slew_takes_no_longer_than_a_driver_needs_to_hear_of_it(device, peer, clock):
    mount = unparked(AlpacaMount(device(SCOPE), PLACE))
    peer.takes_s = 0.0
    asyncio.run(mount.slew(TARGET))
    assert clock.monotonic() - 3600.0 == 2.0


def test_both_goes_at_a_target_together_take_no_longer_than_one_may(mount, peer, clock):
    unparked(mount)
    peer.takes_s = 20.0
    peer.says[SCOPE, "rightascension"] = TARGET.ra_deg / 15.0 + 0.005
    peer.devices[SCOPE]["equatorialsystem"] = 2
    with pytest.raises(DeviceTimeout, match="was not seen within 10 s"):
        asyncio.run(mount.slew(TARGET))
    assert clock.monotonic() - 3600.0 == pytest.approx(30.0, abs=0.5)


@pytest.mark.parametrize(
    ("off_arcsec", "goes"), [(0.0, 1), (19.0, 1), (21.0, 2), (-21.0, 2), (1900.0, 2), (-3500.0, 2)]
)
def test_how_far_beside_a_mount_stands_is_reckoned_on_the_sky(mount, peer, off_arcsec, goes):
    """At 60 deg of declination a degree of right ascension is half of one, and 0 h is 24 h."""
    unparked(mount)
    peer.says[SCOPE, "rightascension"] = (359.9999 + off_arcsec / 3600) % 360.0 / 15.0
    peer.devices[SCOPE]["equatorialsystem"] = 2
    asyncio.run(mount.slew(Pointing(359.9999, 60.0)))
    assert peer.told(SCOPE).count("slewtocoordinatesasync") == goes


@pytest.mark.long
def test_a_mount_that_stops_more_than_half_a_degree_off_has_not_arrived(mount, peer):
    unparked(mount)
    peer.devices[SCOPE]["equatorialsystem"] = 2
    peer.says[SCOPE, "declination"] = TARGET.dec_deg + 0.6
    with pytest.raises(DeviceTimeout):
        asyncio.run(mount.slew(TARGET))


@pytest.mark.parametrize(("side", "pier"), [(0, Pier.EAST), (1, Pier.WEST), (-1, Pier.UNKNOWN)])
def test_the_side_of_the_pier_is_what_the_mount_says(mount, scope, side, pier):
    scope["sideofpier"] = side
    state = asyncio.run(mount.state())
    assert (state.parked, state.pier) == (True, pier)


@pytest.mark.parametrize("side", [float("nan"), 0.5, None, "east", 10**400])
def test_a_side_of_the_pier_that_is_none_hides_nothing_else(mount, peer, side):
    peer.says[SCOPE, "sideofpier"] = side
    state = asyncio.run(mount.state())
    assert (state.parked, state.pier) == (True, Pier.UNKNOWN)


@pytest.mark.parametrize(("altitude", "is_one"), [(90.0, True), (-90.0, True), (90.1, False), (-91.0, False)])
def test_a_mount_that_stands_higher_than_the_zenith_is_not_known_to_stand_anywhere(mount, peer, altitude, is_one):
    peer.says[SCOPE, "altitude"] = altitude
    assert asyncio.run(mount.state()).altitude_deg == (altitude if is_one else None)


def test_a_mount_need_not_say_its_side_of_the_pier(mount, scope):
    del scope["sideofpier"]
    state = asyncio.run(mount.state())
    assert (state.parked, state.pier) == (True, Pier.UNKNOWN)


def test_a_mount_that_cannot_say_its_altitude_now_is_not_reckoned_to_stand_anywhere(mount, peer):
    peer.refuses[SCOPE, "altitude"] = 0x500, "no encoders"
    assert asyncio.run(mount.state()).parked is None


@pytest.mark.parametrize(("side", "pier"), [(0, Pier.EAST), (1, Pier.WEST), (-1, Pier.UNKNOWN), (None, Pier.UNKNOWN)])
def test_the_side_it_would_take_is_asked_in_its_own_coordinates(mount, scope, peer, side, pier):
    asyncio.run(mount.unpark())
    if side is not None:
        scope["destinationsideofpier"] = side
    scope["equatorialsystem"] = 2
    assert asyncio.run(mount.side_for(Pointing(150.0, 20.0))) is pier


def believes(scope, latitude, longitude, clock, off_s):
    when = f"{clock.now() + timedelta(seconds=off_s):%Y-%m-%dT%H:%M:%S}.0Z"
    scope.update(sitelatitude=latitude, sitelongitude=longitude, siteelevation=0.0, utcdate=when)


def test_it_is_told_its_place_and_its_time_where_they_are_off(mount, scope, peer, clock):
    believes(scope, 46.0, -349.5, clock, 3600.0)
    assert astuple(asyncio.run(mount.reckoning())) == (-1.0, pytest.approx(-0.5), 3600.0)
    asyncio.run(mount.tell())
    assert peer.told(SCOPE)[1:] == ["sitelatitude", "sitelongitude", "siteelevation", "utcdate"]
    assert (scope["sitelatitude"], scope["sitelongitude"]) == (47.0, 11.0)
    assert peer.asked[-1][2]["UTCDate"] == f"{clock.now():%Y-%m-%dT%H:%M:%S}.000Z"


def test_a_clock_that_is_right_is_left_alone(mount, scope, peer, clock):
    believes(scope, 47.0, 11.0, clock, 0.9)
    asyncio.run(mount.tell())
    assert "utcdate" not in peer.told(SCOPE)


@pytest.mark.parametrize("said", ["yesterday", None, 5, float("nan")])
def test_what_it_does_not_say_is_unknown(mount, scope, peer, said):
    scope["utcdate"] = said
    assert astuple(asyncio.run(mount.reckoning())) == (None, None, None)
    asyncio.run(mount.tell())
