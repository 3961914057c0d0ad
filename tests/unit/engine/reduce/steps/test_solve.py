import pytest
from astropy.io import fits

from obsy.engine.reduce.steps.solve import pointed


def test_degrees_are_taken_before_sexagesimal():
    assert pointed(fits.Header({"RA": 10.5, "DEC": -3.25, "OBJCTRA": "01 00 00"})) == (10.5, -3.25)


@pytest.mark.parametrize("said", ["-05 30 36", "-05:30:36"])
def test_hours_and_degrees_are_read(said):
    assert pointed(fits.Header({"OBJCTRA": "01 30 00", "OBJCTDEC": said})) == pytest.approx((22.5, -5.51))


def test_a_header_without_a_place_says_so():
    assert pointed(fits.Header({"OBJCTRA": "", "DEC": "up"})) is None
