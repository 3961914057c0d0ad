import asyncio
import math
import random
from datetime import UTC, datetime, timedelta

import pytest

from obsy.engine.devices.directions import altitude_azimuth, of_date
from obsy.engine.devices.indi.connection import Vector
from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.indi.mount import IndiMount
from obsy.engine.devices.ports import MountState, Pier, Pointing
from obsy.errors import DeviceError, DeviceTimeout
from obsy.schemas.mount import ParkPosition
from obsy.schemas.site import Location
from tests.unit.engine.devices.indi.conftest import START

WHEN = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
RESTS_DEG = 220.92
"""The right ascension that stands due north, on the horizon of 45 deg north, 10 deg east, when the clock begins."""


@pytest.fixture
def mount(clock, line):
    return IndiMount(IndiDevice(clock, line, "Telescope Simulator", timeout_s=30), Location(45.0, 10.0))


def sees(line, clock, pointing, state="Ok"):
    ra_deg, dec_deg = of_date(pointing.ra_deg, pointing.dec_deg, clock.now())
    line.newest["EQUATORIAL_EOD_COORD"] = Vector(state, {"RA": ra_deg / 15, "DEC": dec_deg}, clock.now())


def answers(line, state, ra_deg, dec_deg):
    """Have the next slew answered."""
    was, there = line.put, {"RA": ra_deg / 15, "DEC": dec_deg}

    def put(device, name, numbers):
        was(device, name, numbers)
        line.newest[name] = Vector(state, there, line.clock.now())

    line.put = put


def test_parking_waits_for_a_word_from_after_the_request(mount, line):
    line.say("TELESCOPE_PARK", "PARK")
    line.answers["TELESCOPE_PARK", "PARK"] = lambda: None
    with pytest.raises(DeviceTimeout, match="PARK of 'Telescope Simulator' was not seen within 30 s"):
        asyncio.run(mount.park())


def test_a_mount_that_answers_that_parking_failed_is_waited_for_no_longer(mount, line, clock):
    line.answers["TELESCOPE_PARK", "PARK"] = lambda: line.say("TELESCOPE_PARK", "UNPARK", "Alert")
    with pytest.raises(DeviceError, match="'Telescope Simulator' says that PARK has failed"):
        asyncio.run(mount.park())
    assert clock.now() == START


@pytest.mark.parametrize(
    ("switch", "state", "parked"),
    [("PARK", "Ok", True), ("PARK", "Busy", False), ("UNPARK", "Idle", False), ("PARK", "Alert", None)],
)
def test_parked_is_said_only_when_it_has_arrived(switch, state, parked, mount, line):
    line.say("TELESCOPE_PARK", switch, state)
    assert asyncio.run(mount.state()).parked is parked


def test_a_mount_that_says_both_says_nothing(mount, line, clock):
    line.newest["TELESCOPE_PARK"] = Vector("Ok", {"PARK": True, "UNPARK": True}, clock.now())
    assert asyncio.run(mount.state()).parked is None


def test_a_mount_that_is_gone_is_unknown(mount, line):
    line.say("TELESCOPE_PARK", "PARK")
    line.there = False
    assert asyncio.run(mount.state()) == MountState(None, None, None, None)


def test_coordinates_that_were_only_defined_prove_no_place(mount, line):
    line.newest["EQUATORIAL_EOD_COORD"] = Vector("Ok", {"RA": 1.0, "DEC": 2.0})
    assert asyncio.run(mount.state()).altitude_deg is None


def test_the_pole_stands_as_high_as_the_latitude(mount, line, clock):
    line.newest["EQUATORIAL_EOD_COORD"] = Vector("Ok", {"RA": 5.0, "DEC": 90.0}, clock.now())
    assert asyncio.run(mount.state()).altitude_deg == pytest.approx(45.0, abs=1e-9)


def test_the_side_of_the_pier_is_told_and_whether_it_tracks(mount, line):
    state = asyncio.run(mount.state())
    assert (state.pier, state.tracking) == (Pier.UNKNOWN, None)
    for side, tracks in (("WEST", "ON"), ("EAST", "OFF")):
        line.say("TELESCOPE_PIER_SIDE", f"PIER_{side}")
        line.say("TELESCOPE_TRACK_STATE", f"TRACK_{tracks}")
        state = asyncio.run(mount.state())
        assert (state.pier, state.tracking) == (Pier[side], tracks == "ON")


def test_a_slew_across_the_beginning_of_right_ascension_arrives_and_the_mount_comes_to_rest(line, clock):
    mount = IndiMount(IndiDevice(clock, line, "Telescope Simulator", timeout_s=30), Location(45.0, 10.0), settle_s=7.0)
    ra_deg, dec_deg = of_date(359.8, 50.0, clock.now())
    assert 0.0 < ra_deg < 0.6
    answers(line, "Ok", ra_deg - 0.6 + 360.0, dec_deg)  # less than half a degree on the sky
    asyncio.run(mount.slew(Pointing(359.8, 50.0)))
    assert clock.monotonic() == 2.0 + 2.0 + 7.0, "heard twice, and settled"


@pytest.mark.parametrize("moved_deg", [6.0, -6.0, 12.0, -12.0])
def test_a_clock_that_nobody_set_moves_no_mount(moved_deg, line, clock):
    """However long the night, and whenever it began: what is off its rest by hours is told as it stands."""
    clock.time += timedelta(minutes=24)
    park, place = ParkPosition(azimuth="0 deg", altitude="0 deg"), Location(45.0, 10.0)
    mount = IndiMount(IndiDevice(clock, line, "Telescope Simulator", timeout_s=30), place, rests=park)
    clock.time += timedelta(minutes=12)
    ra_deg = RESTS_DEG + 15.041 * 0.6 + moved_deg
    line.newest["EQUATORIAL_EOD_COORD"] = Vector("Ok", {"RA": ra_deg / 15, "DEC": 45.0}, clock.now())
    line.say("TELESCOPE_PARK", "PARK")
    state = asyncio.run(mount.state())
    across_deg = (state.azimuth_deg + 180) % 360 - 180
    assert across_deg == pytest.approx(-moved_deg * math.cos(math.radians(45.0)), abs=0.2)


def test_a_slew_sends_hours_and_degrees_of_date_and_tracks(mount, line, clock):
    answers(line, "Ok", *of_date(70.0, 50.0, clock.now()))
    asyncio.run(mount.slew(Pointing(70.0, 50.0)))
    assert line.pressed == [("ON_COORD_SET", "TRACK")]
    assert line.numbers["EQUATORIAL_EOD_COORD"]["RA"] == pytest.approx(70.515 / 15, abs=0.001)


def says(line, script):
    """Have each slew answered by the words (after s, state, arcsec east of the target) that its turn has; return them.

    A word also says whether the mount tracks, if it has a fourth part.
    """
    put, vector, sent, due = line.put, line.vector, [], []

    def answered(device, name, numbers):
        put(device, name, numbers)
        sent.append((line.clock.monotonic(), numbers))
        due[:] = [(line.clock.monotonic() + word[0], *word[1:]) for word in script[len(sent) - 1]]

    def told(device, name):
        while due and due[0][0] <= line.clock.monotonic():
            _, state, east, *tracks = due.pop(0)
            target = sent[-1][1]
            ra = target["RA"] + east / 3600 / 15 / math.cos(math.radians(target["DEC"]))
            line.newest["EQUATORIAL_EOD_COORD"] = Vector(state, {"RA": ra, "DEC": target["DEC"]}, line.clock.now())
            for switch in tracks:
                line.say("TELESCOPE_TRACK_STATE", switch)
        return vector(device, name)

    line.put, line.vector = answered, told
    return sent


LATE = [(0.25, "Busy", -9000.0), (26.0, "Ok", 389.6, "TRACK_ON")]
"""A mount that did not track when its slew began."""


def test_a_mount_that_ends_behind_the_sky_is_sent_there_once_more_and_waited_for(mount, line, clock):
    again = [(0.0, "Ok", 389.6), (0.5, "Busy", 389.6), (3.0, "Ok", -3.6)]
    sent = says(line, [LATE, again])
    asyncio.run(mount.slew(Pointing(70.0, 50.0)))
    assert [numbers for _, numbers in sent] == [sent[0][1]] * 2
    assert clock.monotonic() == 29.0, "a word that was on its way at the second request does not end it"


def test_a_mount_that_stands_beside_its_target_again_is_not_sent_a_third_time(mount, line):
    sent = says(line, [LATE, [(0.5, "Ok", 60.0)]])
    asyncio.run(mount.slew(Pointing(70.0, 50.0)))
    assert len(sent) == 2


@pytest.mark.parametrize(
    ("east", "tracks", "times"),
    [
        (9.9, ["TRACK_ON"], 1),
        (10.1, ["TRACK_ON"], 2),
        (-10.1, ["TRACK_ON"], 2),
        (60.0, [], 2),
        (60.0, ["TRACK_OFF"], 1),
    ],
)
def test_only_a_mount_that_tracks_beside_its_target_is_sent_again(east, tracks, times, mount, line):
    sent = says(line, [[(20.0, "Ok", east, *tracks)], [(0.5, "Ok", 0.0)]])
    asyncio.run(mount.slew(Pointing(70.0, 50.0)))
    assert len(sent) == times


def test_both_requests_have_the_time_of_one_slew(mount, line, clock):
    clock.time += timedelta(hours=1)
    says(line, [LATE, [(0.5, "Busy", 300.0)]])
    with pytest.raises(DeviceTimeout, match="the target of 'Telescope Simulator' was not seen within 4 s"):
        asyncio.run(mount.slew(Pointing(70.0, 50.0)))
    assert clock.monotonic() == 3630.0
    assert ("TELESCOPE_ABORT_MOTION", "ABORT") in line.pressed


def test_a_word_that_was_on_its_way_ends_no_slew_to_a_target_nearby(mount, line, clock):
    sent = says(line, [[(0.25, "Ok", -1000.0), (1.0, "Busy", -900.0), (5.0, "Ok", 0.0)]])
    asyncio.run(mount.slew(Pointing(70.0, 50.0)))
    assert (len(sent), clock.monotonic()) == (1, 5.0)


def test_a_slew_to_a_target_nearby_ends_not_before_it_begins(mount, line, clock):
    sees(line, clock, Pointing(70.0, 50.0))
    with pytest.raises(DeviceTimeout, match="the target of 'Telescope Simulator'"):
        asyncio.run(mount.slew(Pointing(70.0, 50.4)))


def test_a_slew_that_the_driver_refuses_is_told_at_once(mount, line, clock):
    answers(line, "Alert", 10.0, 20.0)
    with pytest.raises(DeviceError, match="'Telescope Simulator' says that the slew has failed"):
        asyncio.run(mount.slew(Pointing(70.0, 50.0)))
    assert clock.now() == START


def test_a_slow_mount_has_the_time_that_its_slew_takes(line, clock):
    device = IndiDevice(clock, line, "Telescope Simulator", timeout_s=30)
    with pytest.raises(DeviceTimeout, match="was not seen within 390 s"):
        asyncio.run(IndiMount(device, Location(45.0, 10.0), slews_within_s=390.0).slew(Pointing(70.0, 50.0)))
    assert clock.monotonic() == 390.0


def test_a_mount_that_says_to_stand_a_degree_off_has_not_arrived(mount, line):
    says(line, [[(0.5, "Ok", 3600.0)]])
    with pytest.raises(DeviceTimeout, match="the target of 'Telescope Simulator'"):
        asyncio.run(mount.slew(Pointing(70.0, 50.0)))


def test_a_slew_that_does_not_arrive_is_stopped(mount, line, clock):
    sees(line, clock, Pointing(10.0, 20.0))
    with pytest.raises(DeviceTimeout, match="the target of 'Telescope Simulator'"):
        asyncio.run(mount.slew(Pointing(70.0, 50.0)))
    assert line.pressed[-1] == ("TELESCOPE_ABORT_MOTION", "ABORT")


@pytest.mark.parametrize(("tracks", "off"), [("TRACK_ON", True), ("TRACK_OFF", False), (None, False)])
def test_a_mount_that_is_told_to_stop_tracks_no_more(tracks, off, mount, line):
    if tracks is not None:
        line.say("TELESCOPE_TRACK_STATE", tracks)
    asyncio.run(mount.stop())
    abort, turned_off = ("TELESCOPE_ABORT_MOTION", "ABORT"), ("TELESCOPE_TRACK_STATE", "TRACK_OFF")
    assert line.pressed == [abort, turned_off][: 1 + off]


@pytest.mark.parametrize(("age_s", "known"), [(29.0, True), (31.0, False), (-31.0, False)])
def test_coordinates_that_are_not_of_this_moment_are_no_encoders(age_s, known, mount, line, clock):
    line.newest["EQUATORIAL_EOD_COORD"] = Vector("Ok", {"RA": 1.0, "DEC": 20.0}, clock.now() - timedelta(seconds=age_s))
    state = asyncio.run(mount.state())
    assert (state.altitude_deg is not None) is known


@pytest.mark.parametrize("shown", [(0.0, 0.0), (45.0, 10.0)])
@pytest.mark.parametrize("move", [IndiMount.park, IndiMount.unpark])
def test_a_driver_is_told_where_it_stands_before_it_moves_even_if_it_shows_that_very_place(move, shown, mount, line):
    line.newest["GEOGRAPHIC_COORD"] = Vector("Ok", {"LAT": shown[0], "LONG": shown[1], "ELEV": 0.0})
    asyncio.run(move(mount))
    assert line.numbers["GEOGRAPHIC_COORD"]["LAT"] == 45.0
    assert line.numbers["GEOGRAPHIC_COORD"]["LONG"] == 10.0


@pytest.mark.parametrize(
    ("east_deg", "told"), [(-1e-15, 0.0), (0.0, 0.0), (-0.5, 359.5), (180.0, 180.0), (-180.0, 180.0)]
)
def test_a_longitude_is_told_as_indi_counts_and_never_as_a_whole_turn(east_deg, told, line, clock):
    line.newest["GEOGRAPHIC_COORD"] = Vector("Ok", {"LONG": 0.0})
    asyncio.run(IndiMount(IndiDevice(clock, line, "Mount", 5.0), Location(45.0, east_deg)).park())
    assert line.numbers["GEOGRAPHIC_COORD"] == {"LONG": told}


@pytest.mark.parametrize("move", ["PARK", "UNPARK"])
def test_a_driver_that_was_only_just_connected_is_heard_out_before_it_moves(move, mount, line, monkeypatch):
    """INDI's drivers say that they are connected before they say what they have."""
    told, press = [False], line.press

    async def known(_: str) -> None:
        told[0] = True

    def pressed(device: str, name: str, switch: str) -> None:
        if not told[0]:
            raise DeviceError(f"'{device}' has no property {name} now")
        press(device, name, switch)

    monkeypatch.setattr(line, "known", known)
    monkeypatch.setattr(line, "press", pressed)
    asyncio.run(getattr(mount, move.lower())())
    assert ("TELESCOPE_PARK", move) in line.pressed


def test_a_slew_given_up_over_a_driver_that_has_gone_counts_as_given_up(mount, line):
    async def play() -> bool:
        line.say("ON_COORD_SET", "TRACK")
        task = asyncio.ensure_future(mount.slew(Pointing(10.0, 20.0)))
        while "EQUATORIAL_EOD_COORD" not in line.numbers:
            await asyncio.sleep(0)
        line.there = False
        task.cancel()
        await asyncio.wait([task])
        return task.cancelled()

    assert asyncio.run(play())


def refused(*_: object) -> None:
    raise ValueError("the driver takes no place")


def test_a_driver_that_cannot_be_told_where_it_stands_parks_all_the_same(mount, line, monkeypatch):
    line.newest["GEOGRAPHIC_COORD"] = Vector("Ok", {"LAT": 0.0, "LONG": 0.0})
    asyncio.run(mount.park())
    assert line.numbers["GEOGRAPHIC_COORD"] == {"LAT": 45.0, "LONG": 10.0}, "nothing is sent that it does not have"
    monkeypatch.setattr(line, "put", refused)
    asyncio.run(mount.park())
    assert line.pressed == [("TELESCOPE_PARK", "PARK")] * 2


@pytest.mark.parametrize("own_clock", [True, False])
@pytest.mark.parametrize("minutes", [0, -20, 20, 60])
def test_a_clock_that_was_set_is_no_evidence_against_a_park(own_clock, minutes, line, clock):
    park, place = ParkPosition(azimuth="0 deg", altitude="0 deg"), Location(45.0, 10.0)
    mount = IndiMount(IndiDevice(clock, line, "Telescope Simulator", timeout_s=30), place, rests=park)
    set_by = timedelta(minutes=minutes)
    clock.set_s += set_by.total_seconds()
    clock.time += set_by
    sidereal_deg = 15.041 * (clock.now() - (set_by if own_clock else timedelta()) - START).total_seconds() / 3600
    line.newest["EQUATORIAL_EOD_COORD"] = Vector(
        "Ok", {"RA": (RESTS_DEG + sidereal_deg) / 15, "DEC": 45.0}, clock.now()
    )
    for switch, at_rest in (("PARK", True), ("UNPARK", own_clock is False or minutes == 0)):
        line.say("TELESCOPE_PARK", switch)
        state = asyncio.run(mount.state())
        assert (abs(state.altitude_deg) < 0.1 and abs((state.azimuth_deg + 180) % 360 - 180) < 0.1) is at_rest


def test_of_two_clocks_that_counts_by_which_the_mount_is_nearer_to_where_it_parks(line, clock):
    """For many places: nearer in the worse of the two, azimuth on the sky and altitude."""
    place, chance = Location(45.0, 10.0), random.Random(5)
    for _ in range(40):
        park = ParkPosition(
            azimuth=f"{chance.uniform(0, 360)} deg", altitude=f"{chance.choice((0.0, 0.5, chance.uniform(0, 80)))} deg"
        )
        mount = IndiMount(IndiDevice(clock, line, "Telescope Simulator", timeout_s=30), place, rests=park)
        set_by = timedelta(minutes=chance.uniform(-300, 300))
        clock.set_s += set_by.total_seconds()
        clock.time += set_by
        ra_deg, dec_deg = chance.uniform(0, 360), chance.uniform(-40, 89)
        line.newest["EQUATORIAL_EOD_COORD"] = Vector("Ok", {"RA": ra_deg / 15, "DEC": dec_deg}, clock.now())
        line.say("TELESCOPE_PARK", "PARK")
        state = asyncio.run(mount.state())
        off_deg = {}
        for moment in (clock.now(), clock.now() - set_by):
            altitude, azimuth = altitude_azimuth(ra_deg, dec_deg, place, moment)
            east_deg = min(abs(azimuth - park.azimuth), 360.0 - abs(azimuth - park.azimuth))
            across_deg = east_deg * math.cos(math.radians(altitude))
            off_deg[altitude, azimuth] = max(across_deg, abs(altitude - park.altitude))
        assert mount._off_rest((0.0, park.azimuth - 359.0)) == pytest.approx(max(1.0, park.altitude))
        assert (state.altitude_deg, state.azimuth_deg) == pytest.approx(min(off_deg, key=off_deg.__getitem__))


def test_its_time_is_what_it_confirms_when_it_is_told(mount, line, clock):
    line.newest["GEOGRAPHIC_COORD"] = Vector("Ok", {"LAT": 44.5, "LONG": 350.0, "ELEV": 0.0})
    line.newest["TIME_UTC"] = Vector("Ok", {"UTC": "2020-01-01T00:00:00", "OFFSET": "1.00"}, clock.now())
    line.obeys |= {"GEOGRAPHIC_COORD", "TIME_UTC"}
    before = asyncio.run(mount.reckoning())
    assert (before.latitude_deg, before.longitude_deg, before.clock_s) == (-0.5, -20.0, None)
    asyncio.run(mount.tell())
    assert line.numbers["TIME_UTC"] == {"UTC": f"{clock.now():%Y-%m-%dT%H:%M:%S}", "OFFSET": "1.00"}
    after = asyncio.run(mount.reckoning())
    assert (after.latitude_deg, after.longitude_deg, after.clock_s) == (0.0, 0.0, 0.0)


def test_a_clock_that_says_nothing_anew_is_not_known(mount, line, clock):
    line.newest["TIME_UTC"] = Vector("Ok", {"UTC": f"{clock.now():%Y-%m-%dT%H:%M:%S}"}, clock.now())
    with pytest.raises(DeviceTimeout, match="the time of"):
        asyncio.run(mount.tell())
    assert asyncio.run(mount.reckoning()).clock_s is None
