import io

import numpy as np
import pytest
from astropy.io import fits
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from obsy.engine.devices.indi.file import with_cards
from obsy.errors import DeviceError

CARDS = [("OBJECT", "M31", "Object name"), ("OBSYPLAN", "andromeda", "plan that asked for it")]


def written(pixels):
    stream = io.BytesIO()
    fits.PrimaryHDU(pixels).writeto(stream)
    return stream.getvalue()


@given(arrays(np.uint16, (5, 7), elements=st.integers(0, 65_535)))
def test_the_pixels_stay_byte_for_byte_and_the_cards_are_there(pixels):
    content = with_cards(written(pixels), CARDS)
    with fits.open(io.BytesIO(content)) as hdus:
        hdus.verify("exception")
        assert np.array_equal(hdus[0].data, pixels)
        assert [hdus[0].header[keyword] for keyword, _, _ in CARDS] == ["M31", "andromeda"]
    assert content.endswith(written(pixels)[-2880:]) and len(content) % 2880 == 0


def test_what_the_driver_said_is_written_over():
    stream = io.BytesIO()
    fits.PrimaryHDU(np.zeros((2, 2)), fits.Header({"OBJECT": "Unknown"})).writeto(stream)
    assert fits.Header.fromstring(with_cards(stream.getvalue(), CARDS).decode("latin1"))["OBJECT"] == "M31"


def test_a_file_that_was_cut_short_is_told():
    with pytest.raises(DeviceError, match="the camera's file was cut short: 2880 of 4800 bytes of pixels came"):
        with_cards(written(np.zeros((40, 60), np.uint16))[:-2880], CARDS)


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe0 JFIF" * 400, b"SIMPLE  =                    T"])
def test_what_is_no_fits_file_is_told(content):
    with pytest.raises(DeviceError, match="the camera sent no FITS file"):
        with_cards(content, CARDS)
