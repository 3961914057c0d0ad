"""The Earth is where ERFA's series have it, whichever instants one asks for."""

import erfa
import numpy as np
import pytest
from astropy.coordinates.builtin_frames.utils import get_cip

from obsy.engine.sky.earth_motion import _polynomials, earth_motion, pole

MJD = 2_400_000.5
SIX_CM_AU = 4e-13


@pytest.fixture(params=[1910, 1970, 2026, 2060, 2090])
def mjd(request: pytest.FixtureRequest) -> np.ndarray:
    day = 51_544.0 + 365.25 * (request.param - 2000)
    return np.sort(day + np.random.default_rng(request.param).uniform(0, 40, 500))


def test_it_is_where_the_series_have_it_to_six_centimetres(mjd: np.ndarray):
    from_sun, from_barycentre = erfa.epv00(MJD, mjd)
    ours = earth_motion(mjd)
    assert np.abs(ours.from_barycentre_au - from_barycentre["p"]).max() < SIX_CM_AU
    assert np.abs(ours.from_sun_au - from_sun["p"]).max() < SIX_CM_AU
    assert np.abs(ours.au_per_day - from_barycentre["v"]).max() < SIX_CM_AU


def test_its_axis_points_where_astropy_has_it(mjd: np.ndarray):
    theirs = np.stack(get_cip(MJD, mjd), axis=-1)
    assert np.abs(pole(mjd) - theirs).max() < 0.01e-6 * np.radians(1 / 3600)


def test_few_and_many_instants_find_it_at_one_place(mjd: np.ndarray):
    many, few = earth_motion(mjd), earth_motion(mjd[::50])
    assert max(np.abs(one[::50] - other).max() for one, other in zip(many, few, strict=True)) < SIX_CM_AU


def test_instants_of_many_years_cost_no_more_than_the_series():
    built = _polynomials.cache_info().misses
    earth_motion(np.arange(40_000.0, 70_000.0, 10.0))
    assert _polynomials.cache_info().misses == built


def test_it_goes_on_over_the_joints_of_its_pieces():
    mjd = 8.0 * 7600 + np.linspace(-8, 8, 257, endpoint=False)  # every 90 min, in which it goes 0.001 au
    steps = np.diff(earth_motion(mjd).from_barycentre_au, n=5, axis=0)
    assert np.abs(steps).max() < 32 * SIX_CM_AU


def test_out_of_the_years_of_the_series_nothing_is_said():
    assert np.isfinite(earth_motion(np.array([0.0, 120_000.0]))).all()
