"""A file is finished when its own headers say so."""

import io

import numpy as np
import pytest
from astropy.io import fits
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.frames.complete import begins_as_fits, is_complete, is_whole
from tests.unit.engine.frames.conftest import BLOCK, card


def several_parts():
    image = fits.PrimaryHDU(np.arange(5000, dtype=np.int16).reshape(50, 100))
    table = fits.BinTableHDU.from_columns([fits.Column("star", "PJ()", array=np.array([[1, 2], [3]], dtype=object))])
    buffer = io.BytesIO()
    fits.HDUList([image, fits.ImageHDU(np.zeros((7, 9))), table]).writeto(buffer)
    return buffer.getvalue()


PARTS = several_parts()


@given(st.integers(0, len(PARTS) - 1))
def test_any_beginning_of_a_file_is_whole_only_where_a_part_ends(length):
    with fits.open(io.BytesIO(PARTS)) as parts:
        ends = {part.fileinfo()["datLoc"] + part.fileinfo()["datSpan"] for part in parts}
    assert is_whole(io.BytesIO(PARTS[:length])) == (length in ends)


def test_a_whole_file_with_heap_is_complete(tmp_path):
    path = tmp_path / "parts.fits"
    path.write_bytes(PARTS)
    assert is_complete(path)


@pytest.mark.parametrize("content", [b"", b"S", b"hello, I am no FITS file" * 200])
def test_what_is_no_fits_file_is_not_complete(tmp_path, content):
    path = tmp_path / "odd.fits"
    path.write_bytes(content)
    assert not is_complete(path)


def test_a_beginning_of_the_first_word_may_become_a_fits_file():
    assert begins_as_fits(io.BytesIO(b"SIMP"))
    assert not begins_as_fits(io.BytesIO(b"SAMPLE"))


def test_what_follows_and_is_no_part_is_let_be():
    assert is_whole(io.BytesIO(PARTS + b"some words of another program"))


@pytest.mark.parametrize(
    "impossible",
    [{"PCOUNT": -5000}, {"NAXIS": 999999999}, {"NAXIS": -1}, {"NAXIS1": -64}, {"GCOUNT": -1}, {"NAXIS2": 10**30}],
)
def test_a_header_that_asks_for_the_impossible_is_never_whole(tmp_path, ekos, impossible):
    path = tmp_path / "impossible.fits"
    head = b"".join(card(key, value) for key, value in (ekos | impossible).items()) + b"END".ljust(80)
    path.write_bytes(head.ljust(2 * BLOCK) + bytes(BLOCK))
    assert not is_complete(path)
