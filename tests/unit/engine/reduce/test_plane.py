import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.reduce.orders import Field
from obsy.engine.reduce.plane import between, grid, pixels, sky, tangent

places = st.tuples(st.floats(0, 359.9), st.floats(-89, 89), st.floats(-180, 180))


@given(places, st.floats(-0.3, 0.3), st.floats(-0.3, 0.3))
def test_one_plane_maps_onto_another_through_the_sky(place, away, up):
    first = grid(Field(*place[:2], 1.9, place[2], 800, 1000))
    second = grid(Field(place[0] + away, np.clip(place[1] + up, -89, 89), 2.1, 20.0, 600, 600))
    mapped = between(first, second, (800, 1000)) @ (321.0, 654.0, 1.0)
    ra, dec = sky(first, 321.0, 654.0)
    assert mapped[:2] / mapped[2] == pytest.approx(pixels(second, np.array([ra]), np.array([dec]))[0], abs=1e-4)


def test_a_grid_has_north_up_and_east_left():
    plane = grid(Field(10.0, 41.0, 2.0, 0.0, 101, 101))
    assert sky(plane, 50, 60)[1] > sky(plane, 50, 50)[1]
    assert sky(plane, 40, 50)[0] > sky(plane, 50, 50)[0]


def test_the_angle_turns_up_towards_east():
    plane = grid(Field(10.0, 0.0, 2.0, 90.0, 101, 101))
    assert sky(plane, 50, 60)[0] > sky(plane, 50, 50)[0]


def test_what_lies_behind_the_plane_has_no_pixel():
    plane = tangent(0.0, 0.0, (0.0, 0.0), np.eye(2))
    assert np.isnan(pixels(plane, np.array([180.0]), np.array([0.0]))).all()
