import io

import numpy as np
import pytest
from astropy.io import fits
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from obsy.engine.devices.indi.file import said_by_driver, with_cards
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


def with_raw(card):
    """A driver's file with a card as it came over the wire."""
    content = written(np.arange(6, dtype=np.uint16).reshape(2, 3))
    place = content.index(b"END".ljust(80))
    return content[:place] + card.ljust(80) + content[place : place + 80] + content[place + 160 :]


@pytest.mark.parametrize(
    "card",
    [
        "OBSERVER= 'J\xf6rg    '".encode("latin-1"),
        "OBSERVER= 'Jörg    '".encode(),
        "SITELAT =  48.1 / degrees \xb0".encode("latin-1"),
        b"CCD-TEMP=                  nan / x",
        b"lowerkey= 5 ",
        b"OBSERVER= 'unterminated",
    ],
)
def test_a_card_of_the_drivers_that_breaks_the_standard_stays_as_it_is(card):
    content = with_cards(with_raw(card), CARDS)
    assert card.ljust(80) in content and len(content) % 2880 == 0
    assert content.endswith(written(np.arange(6, dtype=np.uint16).reshape(2, 3))[-2880:])
    assert b"OBJECT  = 'M31     '" in content


@pytest.mark.parametrize(
    ("value", "read"),
    [("β Lyr", "? Lyr"), ("Barnard’s Star", "Barnard?s Star"), ("O'Neill\n2", "O'Neill?2"), ("a" * 90, "a" * 90)],
)
def test_a_value_that_no_card_holds_is_written_as_far_as_one_can(value, read):
    content = with_cards(with_raw(b"OBJECT  = 'unterminated"), [("OBJECT", value, "Object name " * 4)])
    with fits.open(io.BytesIO(content)) as hdus:
        hdus.verify("exception")
        assert hdus[0].header["OBJECT"] == read
    assert content.count(b"OBJECT  =") == 1


def test_a_long_value_of_the_drivers_is_replaced_as_a_whole():
    stream = io.BytesIO()
    fits.PrimaryHDU(np.zeros((2, 2)), fits.Header({"OBJECT": "a" * 90, "AFTER": 1})).writeto(stream)
    content = with_cards(stream.getvalue(), CARDS)
    header = fits.Header.fromstring(content.decode("latin1"))
    assert (header["OBJECT"], header["AFTER"]) == ("M31", 1) and b"CONTINUE" not in content


@pytest.mark.parametrize(
    ("card", "said"), [(b"FILTER  = 'Red '", "Red"), (b"FILTER  = 'unterminated", None), (b"", None)]
)
def test_what_the_driver_said_is_read_if_it_can_be(card, said):
    assert said_by_driver(with_raw(card or b"X       = 1"), "FILTER") == said
