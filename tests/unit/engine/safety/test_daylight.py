"""How high the Sun stands and how far from it something points: what forbids a roof to open and a mount to point."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from astropy.coordinates import angular_separation
from hypothesis import example, given, settings
from hypothesis import strategies as st

from obsy.engine.devices.simulated.ephemeris import standing, sun
from obsy.engine.safety.daylight import Direction, SunHeight, separation_deg, sunlight, why_against, why_too_light
from obsy.schemas.policy import SunDistanceLimit, SunHeightLimit, SunLimits
from tests.support.effort import examples
from tests.support.safety import NERPIO, NIGHT, NOON, SAFETY

MORNING = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
DIRECTIONS = st.builds(Direction, st.floats(0.0, 359.9), st.floats(-90.0, 90.0))


def limits(below: float = -6.0, farther_than: float = 30.0) -> SunLimits:
    """What the Sun forbids."""
    roof, mount = (
        SunHeightLimit.model_construct(below=below),
        SunDistanceLimit.model_construct(farther_than=farther_than),
    )
    return SunLimits.model_construct(roof=roof, mount=mount)


@pytest.mark.parametrize("year", [2015, 2023, 2026, 2031, 2040])
def test_the_sun_stands_where_the_simulator_has_it_in_every_year(year: int) -> None:
    when = datetime(year, 3, 21, 15, tzinfo=UTC)
    light = sun(when.timestamp())
    seen = standing(light.ra_deg, light.dec_deg, NERPIO, when.timestamp())
    assert separation_deg(Direction(seen.azimuth_deg, seen.altitude_deg), sunlight(NERPIO, when)) < 0.03


@given(DIRECTIONS, DIRECTIONS)
def test_the_angle_between_two_directions_is_astropys(one: Direction, other: Direction) -> None:
    theirs = np.degrees(angular_separation(*np.radians(one), *np.radians(other)))
    assert separation_deg(one, other) == pytest.approx(float(theirs), abs=1e-3)


@example(Direction(0.0, 8.0))
@example(Direction(0.0, 11.0))
@given(DIRECTIONS)
def test_a_direction_is_at_no_angle_from_itself_and_at_180_deg_from_its_opposite(one: Direction) -> None:
    assert separation_deg(one, one) == pytest.approx(0.0, abs=1e-3)
    assert separation_deg(one, Direction(one.longitude + 180.0, -one.latitude)) == pytest.approx(180.0, abs=1e-3)


def test_a_sun_that_stands_just_as_low_as_the_policy_asks_is_low_enough() -> None:
    light = sunlight(NERPIO, NOON)
    assert why_too_light(limits(below=light.latitude), NERPIO, NOON) == ""
    assert why_against(limits(below=light.latitude), NERPIO, light, NOON) == ""
    assert why_too_light(limits(below=light.latitude - 0.1), NERPIO, NOON)
    assert why_against(limits(below=light.latitude - 0.1), NERPIO, light, NOON)


def test_what_is_just_as_far_from_the_sun_as_the_policy_says_is_not_farther() -> None:
    pointing = Direction(90.0, 60.0)
    apart_deg = separation_deg(sunlight(NERPIO, NOON), pointing)
    assert why_against(limits(farther_than=apart_deg), NERPIO, pointing, NOON)
    assert why_against(limits(farther_than=apart_deg - 0.1), NERPIO, pointing, NOON) == ""


def test_at_noon_it_is_too_light_and_at_night_it_is_not() -> None:
    assert why_too_light(SAFETY.sun, NERPIO, NOON)
    assert why_too_light(SAFETY.sun, NERPIO, NOON + timedelta(hours=8)) == ""


def test_nearer_to_the_sun_than_30_deg_nothing_may_point_by_day() -> None:
    light = sunlight(NERPIO, NOON)
    for off_deg in (0.0, 20.0, 28.0, 32.0, 90.0):
        pointing = Direction(light.longitude, light.latitude + off_deg)
        assert bool(why_against(SAFETY.sun, NERPIO, pointing, NOON)) is (off_deg < 30.0)
    assert why_against(SAFETY.sun, NERPIO, light, NIGHT) == ""


@settings(max_examples=examples(40))
@given(st.lists(st.tuples(st.floats(-3600.0, 3600.0)), min_size=1, max_size=12))
def test_the_height_that_is_worked_out_ahead_agrees_with_the_one_asked_for(steps: list[tuple[float]]) -> None:
    height, now = SunHeight(NERPIO), datetime(2026, 11, 22, 6, 20, tzinfo=UTC)
    for (step_s,) in steps:
        now += timedelta(seconds=step_s)
        told, asked = height.why_too_light(SAFETY.sun, now), why_too_light(SAFETY.sun, NERPIO, now)
        heights = [float(said.split("at ")[1].split(" deg")[0]) if said else -6.0 for said in (told, asked)]
        assert abs(heights[0] - heights[1]) < 0.15  # both are told to 0.1 deg


def test_the_height_of_the_sun_is_worked_out_anew_once_half_an_hour_is_over_or_the_clock_is_set_back() -> None:
    height = SunHeight(NERPIO)
    for after_s in (0, 1, 1800, 1860, 5, 4000, -600):
        now = MORNING + timedelta(seconds=after_s)
        assert height.why_too_light(SAFETY.sun, now) == why_too_light(SAFETY.sun, NERPIO, now)
