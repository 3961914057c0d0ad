"""No telescope is led to the Sun, nor past it: before a slew, after it, and wherever two axes may pass between."""

from datetime import UTC, datetime, timedelta
from math import degrees

import numpy as np
import pytest
from astropy.coordinates import angular_separation
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from obsy.engine.devices.ports import Pointing
from obsy.engine.devices.simulated.ephemeris import overhead, sidereal_deg, standing, sun
from obsy.engine.safety.daylight import Direction
from obsy.engine.safety.sun import why_too_near
from obsy.schemas.site import Location
from tests.support.effort import examples
from tests.support.safety import NERPIO, NOON, SAFETY, a_mount

PLACE = Location(NERPIO.latitude_deg, NERPIO.longitude_deg)
MOUNT = a_mount()
FORK = a_mount().model_copy(update={"type": "fork", "meridian": None})
MORNING = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


def sunlight(when: datetime) -> Direction:
    """Where the Sun stands, by the simulator's own ephemeris."""
    light = sun(when.timestamp())
    seen = standing(light.ra_deg, light.dec_deg, PLACE, when.timestamp())
    return Direction(seen.azimuth_deg, seen.altitude_deg)


def pointing(azimuth: float, altitude: float, when: datetime) -> Pointing:
    """What stands there; the precession since J2000 moves it by 0.4 deg."""
    return Pointing(*overhead(altitude, azimuth, PLACE, when.timestamp()))


def apart_deg(one: Direction, other: Direction) -> float:
    return degrees(float(angular_separation(*np.radians(one), *np.radians(other))))


def refused(start: Direction, end: Direction, when: datetime = NOON, mount: object = FORK) -> str:
    """Why a mount may not go from one azimuth and altitude to another."""
    way = (start, pointing(*end, when))
    return why_too_near(mount, SAFETY.sun, NERPIO, way, when)  # type: ignore[arg-type]


def test_the_sun_itself_is_refused_by_day() -> None:
    light = sunlight(NOON)
    assert "within 0 deg of the Sun; the policy says farther than 30 deg" in refused(light, light)


def test_the_other_side_of_the_sky_is_not() -> None:
    light = sunlight(MORNING)
    west = Direction(light.longitude + 180.0, 40.0)
    assert refused(west, Direction(west.longitude + 10.0, 45.0), MORNING) == ""


@pytest.mark.parametrize("mount", [MOUNT, FORK], ids=["german", "fork"])
def test_a_way_that_leads_past_the_sun_is_refused_though_both_its_ends_are_far(mount: object) -> None:
    light = sunlight(NOON)
    start, end = Direction(light.longitude - 70, light.latitude), Direction(light.longitude + 70, light.latitude)
    assert apart_deg(start, light) > 50
    assert apart_deg(end, light) > 50
    assert "on its way" in refused(start, end, mount=mount)


def test_a_start_too_near_the_sun_is_refused_though_its_end_is_far() -> None:
    light = sunlight(MORNING)
    assert refused(Direction(light.longitude, 25.0), Direction(light.longitude + 180.0, 40.0), MORNING)


def toward(hour_deg: float, dec_deg: float, when: datetime) -> Direction:
    """The azimuth and altitude of an hour angle and declination."""
    seen = standing(sidereal_deg(PLACE, when.timestamp()) - hour_deg, dec_deg, PLACE, when.timestamp())
    return Direction(seen.azimuth_deg, seen.altitude_deg)


def test_a_german_mount_that_changes_sides_may_pass_anything_on_its_way_over_the_pole() -> None:
    evening = datetime(2026, 6, 21, 17, 30, tzinfo=UTC)  # the Sun stands in the west, at 23 deg of declination
    start, end = toward(-60.0, 50.0, evening), toward(8.0, 60.0, evening)
    assert refused(start, end, evening, FORK) == ""
    assert "within 26 deg of the Sun" in refused(start, end, evening, MOUNT)
    assert refused(start, toward(-8.0, 60.0, evening), evening, MOUNT) == ""
    assert refused(toward(0.5, 50.0, evening), toward(0.9, 60.0, evening), evening, MOUNT) == ""


DIRECTIONS = st.tuples(st.floats(0.0, 359.9), st.floats(0.0, 85.0))
LIGHT = st.integers(8 * 60, 16 * 60).map(lambda minute: datetime(2026, 6, 21, tzinfo=UTC) + timedelta(minutes=minute))


@settings(max_examples=examples(200))
@example((69.0, 69.0), (249.0, 69.0), datetime(2026, 6, 21, 15, 56, tzinfo=UTC), FORK)  # half a turn either way
@given(DIRECTIONS, DIRECTIONS, LIGHT, st.sampled_from([MOUNT, FORK]))
def test_what_is_allowed_is_far_from_the_sun_at_both_ends_and_on_every_straight_way(
    first: tuple[float, float], last: tuple[float, float], when: datetime, mount: object
) -> None:
    start, end = Direction(*first), Direction(*last)
    assume(refused(start, end, when, mount) == "")
    light = sunlight(when)
    turn = (end.longitude - start.longitude + 180.0) % 360.0 - 180.0
    for part in np.linspace(0.0, 1.0, 25):
        both = Direction(start.longitude + part * turn, start.latitude + part * (end.latitude - start.latitude))
        across_first = Direction(start.longitude + part * turn, start.latitude)
        up_first = Direction(start.longitude, both.latitude)
        for passed in (both, across_first, up_first):
            assert apart_deg(passed, light) > 29.5


@given(DIRECTIONS, LIGHT)
def test_a_place_nearer_than_the_policy_says_is_never_allowed(place: tuple[float, float], when: datetime) -> None:
    if apart_deg(Direction(*place), sunlight(when)) < 29.5:
        assert refused(Direction(*place), Direction(*place), when)


@pytest.mark.parametrize(("far_deg", "may"), [(30.5, False), (31.0, True)])
def test_between_the_places_that_are_looked_at_three_quarters_of_a_degree_are_left(far_deg: float, may: bool) -> None:
    light = sunlight(NOON)
    there = Direction(light.longitude, light.latitude + far_deg)
    assert (refused(there, there) == "") is may


@given(DIRECTIONS, DIRECTIONS, DIRECTIONS)
def test_the_way_back_comes_as_near_as_the_way_there(
    sun_at: tuple[float, float], first: tuple[float, float], last: tuple[float, float]
) -> None:
    from obsy.engine.safety.sun import _nearest_deg  # noqa: PLC0415

    light, start, end = (Direction(*each) for each in (sun_at, first, last))
    assume(1.0 < (end.longitude - start.longitude) % 360.0 < 179.0)
    assert _nearest_deg(light, start, end) == pytest.approx(_nearest_deg(light, end, start), abs=1e-6)


def mirrored(direction: Direction) -> Direction:
    """The same on the other side of the equator."""
    return Direction(direction.longitude, -direction.latitude)


@given(DIRECTIONS, DIRECTIONS, DIRECTIONS, st.floats(0.01, 0.99) | st.floats(1.0, 89.0))
def test_the_way_over_the_south_pole_is_the_way_over_the_north_pole_in_a_mirror(
    sun_at: tuple[float, float], first: tuple[float, float], last: tuple[float, float], latitude_deg: float
) -> None:
    from obsy.engine.safety.sun import _nearest_deg  # noqa: PLC0415

    places = [Direction(*each) for each in (sun_at, first, last)]
    north = _nearest_deg(*places, over=latitude_deg)
    south = _nearest_deg(*map(mirrored, places), over=-latitude_deg)
    assert south == pytest.approx(north, abs=1e-6)


def test_hour_angle_and_declination_agree_with_the_simulator() -> None:
    from obsy.engine.safety.sun import _equatorial  # noqa: PLC0415

    for azimuth, altitude in ((10.0, 20.0), (120.0, 50.0), (250.0, 5.0), (359.0, 80.0)):
        ra, dec = overhead(altitude, azimuth, PLACE, NOON.timestamp())
        hour = standing(ra, dec, PLACE, NOON.timestamp()).hour_angle_deg
        found = _equatorial(Direction(azimuth, altitude), PLACE.latitude_deg)
        assert found == pytest.approx((hour, dec), abs=1e-6)


@example((0.0, 43.9))  # where a cosine comes out above one, and below minus one
@given(DIRECTIONS)
def test_what_points_at_the_sun_is_at_no_angle_from_it_and_its_opposite_at_180_deg(place: tuple[float, float]) -> None:
    from obsy.engine.safety.sun import _nearest_deg  # noqa: PLC0415

    light = Direction(*place)
    opposite = Direction(light.longitude + 180.0, -light.latitude)
    assert _nearest_deg(light, light, light) == pytest.approx(0.0, abs=1e-3)
    assert _nearest_deg(light, opposite, opposite) == pytest.approx(180.0, abs=1e-3)
