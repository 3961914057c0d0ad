"""The tangent plane, against astropy's WCS."""

import numpy as np
import pytest
from astropy.wcs import WCS
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.devices.simulated.picture.plate import Plate


@given(st.floats(0, 359), st.floats(-85, 85), st.floats(0, 359), st.floats(0, 383), st.floats(0, 319))
def test_there_and_back(ra, dec, up, column, row):
    plate = Plate((ra, dec), up, 2.0, (320, 384))
    x, y = plate.pixels(*plate.sky(np.array([column]), np.array([row])))
    assert (x[0], y[0]) == (pytest.approx(column, abs=1e-5), pytest.approx(row, abs=1e-5))


def test_it_agrees_with_astropy():
    plate = Plate((150.0, 40.0), 30.0, 2.0, (320, 384))
    wcs, up, step = WCS(naxis=2), np.radians(30), 2 / 3600
    wcs.wcs.ctype, wcs.wcs.crval, wcs.wcs.crpix = ["RA---TAN", "DEC--TAN"], [150, 40], [192.5, 160.5]
    wcs.wcs.cd = step * np.array([[-np.cos(up), -np.sin(up)], [np.sin(up), -np.cos(up)]])
    ra, dec = wcs.all_pix2world([[10, 300], [380, 5]], 0).T
    assert np.allclose(plate.pixels(ra, dec), [[10, 380], [300, 5]], atol=1e-6)


def test_north_is_up_and_east_is_left():
    plate = Plate((150.0, 40.0), 0.0, 2.0, (320, 384))
    (column,), (row,) = plate.pixels(np.array([150.01]), np.array([40.01]))
    assert column < 191.5 and row < 159.5
