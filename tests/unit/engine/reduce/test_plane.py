import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.reduce.orders import Field
from obsy.engine.reduce.plane import between, grid, overlap, pixels, sky, tangent, up_deg

places = st.tuples(st.floats(0, 359.9), st.floats(-89, 89), st.floats(-180, 180))


@given(places, st.floats(-0.3, 0.3), st.floats(-0.3, 0.3))
def test_one_plane_maps_onto_another_through_the_sky(place, away, up):
    first = grid(Field(*place[:2], 1.9, place[2], 800, 1000))
    second = grid(Field(place[0] + away, np.clip(place[1] + up, -89, 89), 2.1, 20.0, 600, 600))
    mapped = between(first, second, (800, 1000)) @ (321.0, 654.0, 1.0)
    ra, dec = sky(first, 321.0, 654.0)
    assert mapped[:2] / mapped[2] == pytest.approx(pixels(second, np.array([ra]), np.array([dec]))[0], abs=1e-4)


@given(places, st.floats(-0.7, 0.7), st.floats(-0.7, 0.7), st.floats(-180, 180), st.floats(0.7, 3.0))
def test_pictures_overlap_that_astropy_sees_a_pixel_of_in_common(place, away, up, turn, scale):
    field = Field(*place[:2], 1.9, place[2], 800, 1000)
    near = Field((place[0] + away) % 360, float(np.clip(place[1] + up, -89, 89)), scale, turn, 600, 700)
    mine, theirs = grid(field), grid(near)

    def common(larger=1.0):
        x, y = (axis.ravel() for axis in np.meshgrid(*(np.linspace(-0.5, n - 0.5, 60) for n in (700, 600))))
        middle = 349.5, 299.5
        seen = theirs.all_pix2world(middle[0] + larger * (x - middle[0]), middle[1] + larger * (y - middle[1]), 0)
        there = pixels(mine, *seen)
        return bool(((there > -0.5) & (there < (999.5, 799.5))).all(axis=1).any())

    said = overlap((mine, (800, 1000)), (theirs, (600, 700)))
    assert said == overlap((theirs, (600, 700)), (mine, (800, 1000)))
    assert said or not common()
    assert common(1.1) or not said


@pytest.mark.parametrize(("up", "touch"), [(0.0, True), (99.0, True), (101.0, False), (-101.0, False)])
def test_pictures_that_lie_side_by_side_have_nothing_in_common(up, touch):
    one, other = grid(Field(10.0, 0.0, 3.6, 0.0, 100, 100)), grid(Field(10.0, up / 1000, 3.6, 0.0, 100, 100))
    assert overlap((one, (100, 100)), (other, (100, 100))) == touch


def test_pictures_on_opposite_sides_of_the_sky_have_nothing_in_common():
    one, other = grid(Field(10.0, 30.0, 3.6, 0.0, 100, 100)), grid(Field(190.0, -30.0, 3.6, 0.0, 100, 100))
    assert not overlap((one, (100, 100)), (other, (100, 100)))


def test_a_grid_has_north_up_and_east_left():
    plane = grid(Field(10.0, 41.0, 2.0, 0.0, 101, 101))
    assert sky(plane, 50, 60)[1] > sky(plane, 50, 50)[1]
    assert sky(plane, 40, 50)[0] > sky(plane, 50, 50)[0]


def test_the_angle_turns_up_towards_east():
    plane = grid(Field(10.0, 0.0, 2.0, 90.0, 101, 101))
    assert sky(plane, 50, 60)[0] > sky(plane, 50, 50)[0]


@given(places)
def test_a_plane_tells_how_its_up_stands(place):
    ra, dec, up = place
    found = up_deg(grid(Field(ra, dec, 1.9, up, 800, 1000)))
    assert (found - up + 180) % 360 == pytest.approx(180, abs=1e-6)


def test_what_lies_behind_the_plane_has_no_pixel():
    plane = tangent(0.0, 0.0, (0.0, 0.0), np.eye(2))
    assert np.isnan(pixels(plane, np.array([180.0]), np.array([0.0]))).all()
