from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.declare.sense.visibility import (
    SAMPLES,
    Reach,
    culmination_deg,
    free,
    horizontal,
    longest_h,
    longest_night_h,
    skyline_deg,
)
from obsy.schemas.constraints.airmass import altitude_at_airmass


def test_a_star_stands_where_meeus_says() -> None:
    # Meeus, Astronomical Algorithms, example 13.b: Venus at H = 64.352133 deg, from Washington
    altitude, azimuth = horizontal(64.352133 / 15, -6.719892, 38.921389)
    assert altitude == pytest.approx(15.1249, abs=1e-4)
    assert azimuth == pytest.approx(68.0337 + 180, abs=1e-4)


def test_at_the_equator_of_the_sky_a_star_is_up_half_a_day() -> None:
    assert 11.967 <= longest_h(0.0, 40.0, Reach()) <= 11.967 + 0.17  # never too short, by two samples at most


def test_a_star_near_the_pole_never_sets() -> None:
    assert longest_h(85.0, 40.0, Reach(lowest_deg=30.0)) == inf


def test_a_star_of_the_far_south_never_rises() -> None:
    assert longest_h(-55.0, 40.0, Reach()) == 0.0


def test_the_skyline_closes_round_the_circle() -> None:
    points = ((10.0, 10.0), (350.0, 20.0))
    assert skyline_deg(points, 0.0) == pytest.approx(15.0)
    assert skyline_deg(points, 180.0) == pytest.approx(15.0)


def test_the_longest_night_is_as_long_as_the_almanac_says() -> None:
    # Astronomical night at 40 N on 21 December, US Naval Observatory: 17:15 to 05:41 local mean time, to 5 min
    assert longest_night_h(40.0, -18.0) == pytest.approx(11.4 + 0.05, abs=0.2)


def test_at_the_pole_the_night_is_as_long_as_the_day() -> None:
    assert longest_night_h(90.0, -18.0) == 24.0


def test_two_air_masses_are_thirty_degrees() -> None:
    assert altitude_at_airmass(2.0) == pytest.approx(30.0)


@given(st.floats(-89, 89), st.floats(-89, 89), st.floats(-24, 24))
def test_nothing_stands_higher_than_it_culminates(dec: float, latitude: float, hour: float) -> None:
    assert horizontal(hour, dec, latitude)[0] <= culmination_deg(dec, latitude) + 1e-6


@given(st.floats(-89, 89), st.floats(-60, 60), st.floats(0, 60), st.floats(0, 20))
def test_a_higher_limit_never_gives_more_time(dec: float, latitude: float, limit: float, more: float) -> None:
    assert longest_h(dec, latitude, Reach(limit + more)) <= longest_h(dec, latitude, Reach(limit))


@given(st.floats(-90, 90), st.floats(-90, 90), st.floats(0, 80), st.floats(1, 91), st.floats(0, 50))
def test_it_is_free_where_altitude_azimuth_and_hour_angle_say_so(
    dec: float, latitude: float, low: float, more: float, tall: float
) -> None:
    bounds = Reach(low, low + more, (-6.0, 8.0), ((30.0, 0.0), (170.0, tall), (300.0, -5.0)))
    seen = free(dec, latitude, bounds)
    for step in range(SAMPLES):
        hour = 24.0 * step / SAMPLES - 12.0
        altitude, azimuth = horizontal(hour, dec, latitude)
        lowest = max(low, skyline_deg(bounds.skyline, azimuth))
        if min(abs(altitude - lowest), abs(altitude - low - more)) > 1e-4:  # where no rounding decides
            assert bool(seen >> step & 1) == (lowest <= altitude <= low + more and -6.0 <= hour <= 8.0)


def test_a_run_that_goes_through_the_lower_culmination_is_one() -> None:
    # 5 deg from a pole that stands 50 deg high, it is too high only around its upper culmination
    assert longest_h(85.0, 50.0, Reach(highest_deg=54.0)) > 12.0


@given(st.floats(-89, 89), st.floats(-60, 60), st.floats(10, 60), st.floats(-6, 0), st.floats(0.1, 8))
def test_ceiling_and_zone_leave_what_they_do_not_hide(
    dec: float, latitude: float, high: float, begins: float, lasts: float
) -> None:
    ceiling = ((0.0, high), (90.0, 90.0), (200.0, high + 5.0))
    bounds = Reach(0.0, 90.0, (-8.0, 8.0), ((0.0, 5.0),), ceiling, (begins, begins + lasts))
    seen = free(dec, latitude, bounds)
    for step in range(SAMPLES) if seen.bit_count() > 1 else ():
        hour = 24.0 * step / SAMPLES - 12.0
        altitude, azimuth = horizontal(hour, dec, latitude)
        room = min(altitude - 5.0, skyline_deg(ceiling, azimuth) - altitude)
        away = max(begins - hour, hour - begins - lasts)
        if min(abs(room), abs(away)) > 1e-4:
            assert bool(seen >> step & 1) == (room > 0 and away > 0 and -8.0 <= hour <= 8.0)


def test_a_gap_below_a_ceiling_that_is_shorter_than_five_minutes_is_found() -> None:
    # On the celestial equator at 40 N a star rises by 11.5 deg an hour: 2.5 min pass between 10 and 10.48 deg.
    at, _ = horizontal(-5.125, 0.0, 40.0)
    narrow = Reach(at - 0.2, 90.0, (-12.0, 0.0), ceiling=((0.0, at + 0.2),))
    assert not any(narrow.allows(24.0 * step / SAMPLES - 12.0, 0.0, 40.0) for step in range(SAMPLES))
    assert 0.0 < longest_h(0.0, 40.0, narrow) < 0.3
    assert longest_h(0.0, 40.0, narrow._replace(lowest_deg=at + 0.3)) == 0.0


def test_what_a_zone_leaves_at_its_end_is_found_and_what_it_does_not_is_not() -> None:
    up = Reach(hours=(-2.0, 2.0), zone=(-3.0, 1.999))
    assert longest_h(40.0, 40.0, up) > 0.0
    assert longest_h(40.0, 40.0, up._replace(zone=(-3.0, 2.001))) == 0.0
