import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.sky.constraints import allows, margin, reason, word
from obsy.engine.sky.horizon import Skyline

BALCONY = Skyline.through([(0.0, 10.0), (180.0, 20.0)], [(0.0, 50.0), (180.0, 60.0)])
POINTS = st.dictionaries(st.integers(0, 359), st.floats(0, 60), min_size=1, max_size=20)


@given(POINTS, st.floats(-720, 720))
def test_a_turn_changes_nothing(points, azimuth):
    skyline = Skyline.through(points.items())
    assert skyline.altitude_deg(azimuth) == pytest.approx(skyline.altitude_deg(azimuth + 360), abs=1e-6)


@given(POINTS)
def test_it_passes_through_its_points(points):
    skyline = Skyline.through(points.items())
    assert np.allclose(skyline.altitude_deg(list(points)), list(points.values()))


@given(POINTS, st.floats(0, 360))
def test_it_never_leaves_the_range_of_its_points(points, azimuth):
    altitude = Skyline.through(points.items()).altitude_deg(azimuth)
    assert min(points.values()) - 1e-9 <= altitude <= max(points.values()) + 1e-9


def test_it_runs_straight_through_north():
    assert Skyline.through([(350.0, 10.0), (10.0, 30.0)]).altitude_deg(0.0) == pytest.approx(20.0)


def test_what_touches_it_is_clear():
    skyline = Skyline.through([(0.0, 20.0)])
    assert skyline.clears([19.9, 20.0, 20.1], [10.0, 200.0, 350.0]).tolist() == [False, True, True]


def test_it_needs_a_point():
    with pytest.raises(ValueError, match="at least one point"):
        Skyline.through([])


def test_one_azimuth_has_one_altitude():
    with pytest.raises(ValueError, match="two altitudes"):
        Skyline.through([(0.0, 10.0), (360.0, 20.0)])


def test_below_a_ceiling_it_is_free():
    skyline = Skyline.through([(0.0, 10.0)], [(350.0, 40.0), (10.0, 60.0), (180.0, 90.0)])
    assert skyline.ceiling_deg([0.0, 10.0, 95.0]).tolist() == [50.0, 60.0, 75.0]
    assert skyline.room_deg([12.0, 48.0, 60.0], 0.0).tolist() == [2.0, 2.0, -10.0]
    assert Skyline.through([(0.0, 10.0)]).ceiling_deg(0.0) == 90.0


def test_a_target_is_seen_between_the_floor_and_the_ceiling(seen):
    track = seen(altitude_deg=[9, 10, 50, 51, 55, 61], azimuth_deg=[0, 0, 0, 0, 90, 180])
    assert allows(BALCONY, track).tolist() == [False, True, True, False, True, False]


def test_its_margin_is_that_of_the_nearer(seen):
    track = seen(altitude_deg=[15, 45, 5, 60, 30, 30], azimuth_deg=[0, 0, 0, 0, 90, 90])
    assert margin(BALCONY, track).tolist() == [5, 5, -5, -10, 15, 15]


def test_it_is_called_by_its_name():
    assert (word(BALCONY), reason(BALCONY)) == ("skyline", "it is not free of the measured horizon")
