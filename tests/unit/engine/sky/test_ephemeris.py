"""Moon and planets as obsy carries them, of JPL's DE440, against DE421, which JPL made from other observations."""

from importlib import resources

import numpy as np
import pytest
from astropy.coordinates import get_body_barycentric
from astropy.time import Time
from jplephem.spk import SPK

from obsy.engine.sky.ephemeris import FIRST_MJD, LAST_MJD, STORED, STORED_IN, _numbers, barycentric_au
from obsy.errors import UserError

AU_KM = 149_597_870.7
ARCSEC = np.degrees(1) * 3600
PLANETS = dict(zip(STORED, (301, 199, 299, 499, 5, 6, 7, 8), strict=True))
CENTRES = {301: 3, 199: 1, 299: 2, 499: 4}
"""Whose place is told from the middle of its system."""


def de421(jd: np.ndarray, body: int) -> np.ndarray:
    with SPK.open(str(resources.files("skyfield_data") / "data" / "de421.bsp")) as kernel:
        system = kernel[0, CENTRES.get(body, body)].compute(jd)[:3]
        km = system + kernel[CENTRES[body], body].compute(jd)[:3] if body in CENTRES else system
        earth = kernel[0, 3].compute(jd)[:3] + kernel[3, 399].compute(jd)[:3]
        return np.asarray((km - earth).T / AU_KM)


def from_earth(name: str, mjd: np.ndarray) -> np.ndarray:
    return barycentric_au(name, mjd) - barycentric_au("earth", mjd)


@pytest.mark.long
@pytest.mark.once
@pytest.mark.parametrize("name", STORED)
def test_seen_from_the_earth_it_is_where_de421_has_it(name):
    last = 2_471_184.0 - 2_400_000.5  # of DE421, in October 2053
    mjd = np.concatenate((np.random.default_rng(7).uniform(FIRST_MJD, last, 3000), [FIRST_MJD]))
    ours, theirs = from_earth(name, mjd), de421(mjd + 2_400_000.5, PLANETS[name])
    apart = np.linalg.norm(ours - theirs, axis=1) / np.linalg.norm(theirs, axis=1) * ARCSEC
    assert apart.max() < 0.5  # JPL's own two differ so far


@pytest.mark.long
@pytest.mark.once
@pytest.mark.parametrize("name", STORED)
def test_between_two_pieces_it_does_not_jump(name):
    ends = FIRST_MJD + STORED[name].days * np.arange(1, STORED[name].pieces)
    before, after = (from_earth(name, ends + days) for days in (-1e-7, 1e-7))
    apart = np.linalg.norm(after - before, axis=1) / np.linalg.norm(after, axis=1) * ARCSEC
    assert apart.max() < 0.4


@pytest.mark.parametrize("mjd", [[FIRST_MJD - 0.1, FIRST_MJD + 0.1], [LAST_MJD - 0.1, LAST_MJD]])
@pytest.mark.parametrize("name", ["moon", "venus"])
def test_where_the_years_end_astropys_series_are_taken_for_all_of_a_night(name, mjd):
    when = Time(mjd, format="mjd", scale="tdb")
    theirs = get_body_barycentric(name, when, ephemeris="builtin").xyz.to_value("au").T
    assert np.abs(barycentric_au(name, np.array(mjd)) - theirs).max() < 1e-11  # 1.5 m


@pytest.mark.parametrize("name", STORED)
def test_up_to_the_last_day_there_is_a_piece(name):
    mjd = np.array([LAST_MJD - 1e-6])
    when = Time(mjd, format="mjd", scale="tdb")
    series = get_body_barycentric(name, when, ephemeris="builtin").xyz.to_value("au").T
    assert np.linalg.norm(barycentric_au(name, mjd) - series) < 0.02  # astropy's Neptune: some 86 arcsec


@pytest.mark.parametrize("kept", [None, 0, 100, 100_000], ids=["gone", "empty", "its head", "cut"])
def test_a_file_that_is_not_whole_is_told_with_its_cure(tmp_path, kept):
    path = tmp_path / "planets.npy"
    if kept is not None:
        path.write_bytes(STORED_IN.read_bytes()[:kept])
    with pytest.raises(UserError, match=r"planets.npy is not there whole: install obsy again"):
        _numbers(path)


def test_a_file_with_other_numbers_is_told_too(tmp_path):
    np.save(tmp_path / "planets.npy", np.load(STORED_IN)[:-1])
    with pytest.raises(UserError, match="install obsy again"):
        _numbers(tmp_path / "planets.npy")
