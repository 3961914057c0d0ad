"""How the Earth has turned of late, held against astropy's own reading of the same days."""

import numpy as np
import pytest
from astropy.time import Time

from obsy.engine.sky.rotation import recent_rotation, rotation_since
from tests.support.turning import recent_table

NAMES = {"mjd": "MJD", "ut1_utc_s": "UT1_UTC", "x_arcsec": "PM_x", "y_arcsec": "PM_y"}


@pytest.mark.parametrize("name", NAMES)
def test_each_number_is_astropys_to_the_bit(name: str) -> None:
    mine, theirs = getattr(recent_rotation(), name), recent_table()[NAMES[name]]
    assert np.array_equal(mine, theirs.value)


def test_between_midnights_it_says_what_astropy_says() -> None:
    table, when = recent_rotation(), np.random.default_rng(5).uniform(0, 1000, 500)
    mjd, theirs = table.mjd[0] + when, recent_table()
    np.testing.assert_allclose(table.ut1_utc(mjd), theirs.ut1_utc(mjd + 2_400_000.5).value, rtol=0, atol=1e-9)
    for mine, his in zip(table.pole(mjd), theirs.pm_xy(mjd + 2_400_000.5), strict=True):
        np.testing.assert_allclose(mine, his.to_value("rad"), rtol=0, atol=1e-14)


def test_before_a_leap_second_ut1_runs_on_to_its_midnight() -> None:
    whole, leap = rotation_since(50_000.0), 57_754.0  # 2017-01-01
    before, after = whole.ut1_utc(np.array([leap - 1e-6, leap]))
    assert after - before == pytest.approx(1.0, abs=1e-3)
    noon = whole.ut1_utc(np.array([leap - 0.5]))
    assert noon[0] == pytest.approx(before, abs=2e-3)


def test_of_recent_years_only_those_are_read() -> None:
    assert len(rotation_since(recent_rotation().mjd[0] + 2).mjd) < 2000
    assert len(rotation_since(recent_rotation().mjd[0]).mjd) > 15000


def test_beyond_its_days_the_earth_and_its_pole_stay_as_they_were() -> None:
    table = recent_rotation()
    beyond = np.array([table.mjd[0] - 9, table.mjd[-1], table.mjd[-1] + 4000])
    np.testing.assert_allclose(table.ut1_utc(beyond), table.ut1_utc_s[[0, -1, -1]], rtol=0, atol=1e-12)
    for ours, known in zip(table.pole(beyond), (table.x_arcsec, table.y_arcsec), strict=True):
        np.testing.assert_allclose(np.degrees(ours) * 3600, known[[0, -1, -1]])


def test_the_first_day_and_the_last_are_those_of_astropys_table() -> None:
    theirs = [Time(recent_table()["MJD"][at], format="mjd").to_datetime().date() for at in (0, -1)]
    assert [*recent_rotation().first_and_last()] == theirs
