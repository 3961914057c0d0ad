"""What a header says of pixels on the sky is read by astropy, which takes all that stands there together."""

import warnings

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.reduce.orders import Field
from obsy.engine.reduce.plane import grid, pixels, sky
from obsy.engine.reduce.wcs_cards import placed, plane_said

places = st.tuples(st.floats(0, 359.9), st.floats(-89, 89), st.floats(-180, 180))
PLANE = grid(Field(83.82, -5.39, 2.39, 12.0, 800, 1000))
X, Y = np.array([0.0, 999.0, 999.0, 0.0, 500.0]), np.array([0.0, 0.0, 799.0, 799.0, 400.0])
CRVAL = {"CRVAL1": 83.0, "CRVAL2": -5.0, "CRPIX1": 540.0, "CRPIX2": 960.0}
TAN = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", **CRVAL}
SMALL = 6.6e-4
SIP = {  # as Seestar's and astrometry.net's solvers write it
    "A_ORDER": 2,
    "A_0_2": 3e-5,
    "A_1_1": -2e-5,
    "A_2_0": 1e-5,
    "B_ORDER": 2,
    "B_0_2": 2e-5,
    "B_1_1": 1e-5,
    "B_2_0": -4e-5,
    "AP_ORDER": 2,
    "AP_0_1": 1e-4,
    "AP_1_0": 2e-4,
    "BP_ORDER": 2,
    "BP_0_1": 1e-4,
    "BP_2_0": 2e-5,
    "A_DMAX": 1.5,
    "B_DMAX": 1.5,
}
DIALECTS = {
    "a matrix and steps": TAN | {"PC1_1": 0.6, "PC1_2": -0.8, "PC2_1": 0.8, "PC2_2": 0.6, "CDELT1": -SMALL},
    "steps and a turn": TAN | {"CDELT1": -SMALL, "CDELT2": SMALL, "CROTA1": 33.0, "CROTA2": 33.0},
    "steps alone": TAN | {"CDELT1": SMALL, "CDELT2": SMALL},
    "SIP": TAN | SIP | {"CTYPE1": "RA---TAN-SIP", "CTYPE2": "DEC--TAN-SIP", "CD1_1": -SMALL, "CD2_2": SMALL},
    "SIP that its type does not tell": TAN | SIP | {"CD1_1": -SMALL, "CD2_2": SMALL},
    "a pole": TAN | {"CD1_1": -SMALL, "CD2_2": SMALL, "LONPOLE": 123.0, "LATPOLE": 40.0},
    "a pole by parameters": TAN | {"CD1_1": -SMALL, "CD2_2": SMALL, "PV1_3": 120.0, "PV1_4": 50.0},
    "SCAMP's polynomials": TAN | {"CTYPE1": "RA---TPV", "CTYPE2": "DEC--TPV", "PV1_1": 1.01, "PV2_2": 0.02},
    "another equinox": TAN | {"RADESYS": "FK5", "RADECSYS": "FK4", "EQUINOX": 1950.0, "EPOCH": 2015.58},
    "seconds of arc": TAN | {"CUNIT1": "arcsec", "CUNIT2": "arcsec", "CDELT1": -2.4, "CDELT2": 2.4},
    "three axes": TAN | {"WCSAXES": 3, "CTYPE3": "RGB", "CRVAL3": 1.0, "CRPIX3": 1.0, "CD3_3": 1.0, "CD1_3": 0.5},
    "an alternate": TAN | {f"{key}A": value for key, value in TAN.items()} | {"CD1_1A": 9.0, "LONPOLEA": 1.0},
    "drafts of the standard": TAN | {"PC001001": 0.6, "PC001002": -0.8, "CD001001": 3.0, "PROJP1": 1.0},
    "IRAF": TAN | {"CTYPE1": "RA---TNX", "CTYPE2": "DEC--TNX", "WAT0_001": "system=image", "WCSDIM": 2},
    "tables of distortion": TAN | {"CPDIS1": "LOOKUP", "CPERR1": 0.1, "D2IMDIS1": "LOOKUP", "AXISCORR": 1},
}


def read_by_astropy(header, key=" "):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return WCS(header, key=key)


def header_of(said):
    made = fits.Header([("NAXIS", 2), ("NAXIS1", 1000), ("NAXIS2", 800)])
    made.update({"OBJECT": "M 42", "RA": 83.8, "DEC": -5.4, "CCD-TEMP": 5.0, "PCOUNT": 0, "PIXSCALE": 2.39, **said})
    made.add_history("solved by the camera")
    return made


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nothing_of_the_camera_s_own_bends_what_is_written(dialect):
    header = header_of(DIALECTS[dialect])
    ours = placed(header, PLANE)
    seen = np.array(read_by_astropy(ours).all_pix2world(X, Y, 0))
    assert seen == pytest.approx(np.array(PLANE.wcs_pix2world(X, Y, 0)), abs=1e-9)
    assert set(ours) == set(header_of({})) | set(placed(fits.Header(), PLANE))
    assert header == header_of(DIALECTS[dialect]), "the camera's header itself is left alone"


def test_an_alternate_wcs_is_gone_and_not_only_passed_over():
    with pytest.raises(KeyError):
        read_by_astropy(placed(header_of(DIALECTS["an alternate"]), PLANE), key="A")


def test_without_a_plane_nothing_is_said_of_the_sky():
    assert set(placed(header_of(DIALECTS["SIP"]), None)) == set(header_of({}))


def test_a_card_that_stands_there_twice_goes_twice():
    header = header_of({"CDELT1": 1.0})
    header.append(("CDELT1", 2.0), end=True)
    assert "CDELT1" not in placed(header, PLANE)


@given(places)
def test_the_cards_say_the_same_as_the_plane(place):
    plane = grid(Field(*place[:2], 1.9, place[2], 800, 1000))
    x, y = np.array([0.0, 499.5, 900.0]), np.array([10.0, 399.5, 700.0])
    theirs = read_by_astropy(placed(fits.Header(), plane)).all_pix2world(x, y, 0)
    ours = np.array([sky(plane, *pair) for pair in zip(x, y, strict=True)]).T
    assert ours[1] == pytest.approx(theirs[1], abs=1e-9)
    turn = (ours[0] - theirs[0] + 180) % 360 - 180
    assert np.abs(turn * np.cos(np.radians(ours[1]))).max() < 1e-9
    assert pixels(plane, *theirs) == pytest.approx(np.column_stack([x, y]), abs=1e-5)


@given(places)
def test_what_is_written_is_read_again(place):
    plane = grid(Field(*place[:2], 1.9, place[2], 800, 1000))
    again = plane_said(placed(header_of(DIALECTS["SIP"]), plane))
    assert again is not None
    assert again.wcs.cd.tolist() == plane.wcs.cd.tolist()
    assert (again.wcs.crval.tolist(), again.wcs.crpix.tolist()) == (plane.wcs.crval.tolist(), plane.wcs.crpix.tolist())


@pytest.mark.parametrize("lost", ["CTYPE1", "CRVAL2", "CRPIX1", "CD2_2"])
def test_what_is_not_said_whole_is_no_plane(lost):
    header = placed(header_of({}), PLANE)
    del header[lost]
    assert plane_said(header) is None
