"""A star's light is found in each frame by its place, whatever order the tables are in."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.reduce.star_table import UNITS, Flag
from obsy.engine.science.same_stars import SameStars, beside_arcsec, same_stars
from tests.unit.engine.science.star_fields import TARGET, StarField

FIELD = StarField(frames=3)
TABLES = FIELD.tables()


def towards_place(ra, dec):
    """Return the unit vector to a place."""
    ra, dec = np.radians([ra, dec])
    return np.array([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])


def light(**more):
    """Return one star in one frame."""
    said = {"flux": 100.0, "flux_error": 1.0, "flags": 0, "is_there": True} | more
    return SameStars(*(np.array([[said[name]]]) for name in ("flux", "flux_error", "flags", "is_there")))


def test_each_star_has_its_own_light_in_each_frame():
    found = same_stars(TABLES, FIELD.ra, FIELD.dec, 5.0)
    assert found.flux.shape == (3, len(FIELD.ra)) and found.is_there.all()
    for frame, table in enumerate(TABLES):
        rows = [int(np.argmin(np.abs(table.ra - ra))) for ra in FIELD.ra]
        np.testing.assert_allclose(found.flux[frame], table.flux[rows] / 60.0)
        np.testing.assert_allclose(found.flux_error[frame], table.flux_error[rows] / 60.0)
    assert found.magnitude.mean(axis=0) == pytest.approx(FIELD.magnitude - 21.0, abs=0.05)


@given(st.floats(0, 360), st.floats(-89.9, 89.9), st.floats(0.01, 20), st.floats(0, 2 * np.pi))
def test_a_star_is_found_up_to_so_far_and_no_farther_anywhere_on_the_sky(ra, dec, arcsec, towards):
    here = towards_place(ra, dec)
    east = np.array([-np.sin(np.radians(ra)), np.cos(np.radians(ra)), 0.0])
    away = np.cos(towards) * east + np.sin(towards) * np.cross(here, east)
    there = np.cos(np.radians(arcsec / 3600)) * here + np.sin(np.radians(arcsec / 3600)) * away
    places = {"ra": np.degrees(np.arctan2(there[1:2], there[:1])), "dec": np.degrees(np.arcsin(there[2:]))}
    alone = replace(TABLES[0], **{name: getattr(TABLES[0], name)[:1] for name in UNITS} | places)
    found = same_stars([alone], np.array([ra]), np.array([dec]), 5.0)
    if abs(arcsec - 5) > 0.02:
        assert found.is_there[0, 0] == (arcsec < 5) == bool(np.isfinite(found.flux[0, 0]))


def test_a_star_that_a_frame_lacks_has_neither_light_nor_flags():
    found = same_stars(TABLES, np.array([FIELD.ra[0], 10.0]), np.array([FIELD.dec[0], 10.0]), 5.0)
    assert not found.is_there[:, 1].any() and np.isnan(found.flux[:, 1]).all() and not found.usable[:, 1].any()
    assert np.isnan(found.flux_error[:, 1]).all() and (found.flags[:, 1] == 0).all()


def test_a_table_without_stars_has_none():
    empty = replace(TABLES[0], **{name: getattr(TABLES[0], name)[:0] for name in UNITS})
    found = same_stars([empty, TABLES[0]], FIELD.ra, FIELD.dec, 5.0)
    assert not found.is_there[0].any() and found.is_there[1].all()


def test_a_star_without_a_place_is_nobody():
    lost = TABLES[0].ra.copy()
    lost[0] = np.nan
    found = same_stars([replace(TABLES[0], ra=lost)], FIELD.ra, FIELD.dec, 5.0)
    assert found.is_there.sum() == len(FIELD.ra) - 1


@pytest.mark.parametrize(
    ("more", "is_usable"),
    [({}, True), ({"flux": -1.0}, False), ({"flux_error": 0.0}, False), ({"flux_error": np.nan}, False)]
    + [({"flags": int(flag)}, False) for flag in Flag],
)
def test_nothing_is_compared_with_what_is_not_whole_alone_and_bright(more, is_usable):
    assert light(**more).usable[0, 0] == is_usable


def test_magnitudes_are_pogsons():
    assert light().magnitude[0, 0] == -5.0 and light().error[0, 0] == pytest.approx(0.010857, abs=1e-6)
    assert np.isnan(light(flux=-1.0).magnitude[0, 0]) and np.isnan(light(flux=0.0).error[0, 0])


def test_some_of_the_stars_are_those():
    found = same_stars(TABLES, FIELD.ra, FIELD.dec, 5.0)
    some = found.only(slice(1, 3))
    np.testing.assert_array_equal(some.flux, found.flux[:, 1:3])
    np.testing.assert_array_equal(some.is_there, found.is_there[:, 1:3])


def test_how_far_beside_its_place_light_was_summed_is_the_middle_of_the_frames():
    def moved(arcsec):
        return replace(TABLES[0], dec=TABLES[0].dec + arcsec / 3600)

    assert beside_arcsec([moved(1), moved(2), moved(4), moved(60)], TARGET, 5.0) == pytest.approx(2.0, abs=1e-3)
    assert beside_arcsec([moved(60)], TARGET, 5.0) == 0.0
