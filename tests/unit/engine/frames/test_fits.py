"""Header cards against astropy, and against what cameras get wrong; a file is finished when its own headers say so."""

import io
import os
import warnings

import numpy as np
import pytest
from astropy.io import fits
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.frames.fits import FULL, GLANCE, begins_as_fits, first_cards, glance, is_complete, read_header
from tests.unit.engine.frames.conftest import BLOCK, card

PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)
FLOATS = st.floats(-1e30, 1e30, allow_subnormal=False)
VALUES = st.one_of(PRINTABLE, st.integers(-(10**15), 10**15), st.booleans(), FLOATS)


@given(st.dictionaries(st.from_regex(r"[A-Z][A-Z0-9_-]{0,7}", fullmatch=True), VALUES, max_size=60))
def test_a_header_reads_as_astropy_reads_it(values):
    header = fits.Header()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # astropy's own word on cards it would cut
        for key, value in values.items():
            if key not in {"END", "HISTORY", "COMMENT", "CONTINUE", "HIERARCH"}:
                header[key] = value
        text = header.tostring()
        expected = {key: value for key, value in fits.Header.fromstring(text).items() if key}
    found = read_header(io.BytesIO(text.encode("ascii")))
    assert found == expected


def test_a_header_without_end_is_not_there_yet():
    assert read_header(io.BytesIO(b" " * 2880)) is None


def test_a_header_that_does_not_end_is_not_read_for_ever():
    class Endless(io.BytesIO):
        def read(self, size=-1):
            assert 0 < size <= FULL.header
            return b"COMMENT endless".ljust(80) * (size // 80)

    assert read_header(Endless()) is None


def test_a_file_of_parts_without_number_is_no_exposure():
    part = b"".join(card.ljust(80) for card in (b"XTENSION= 'IMAGE   '", b"NAXIS   =                    0", b"END"))
    first = fits.PrimaryHDU().header.tostring().encode("ascii")
    assert is_whole(io.BytesIO(first + part.ljust(BLOCK) * (FULL.parts - 1)))
    assert not is_whole(io.BytesIO(first + part.ljust(BLOCK) * FULL.parts))


def test_the_stream_stands_behind_the_header(fits_bytes):
    stream = io.BytesIO(fits_bytes())
    read_header(stream)
    assert stream.tell() % 2880 == 0
    assert stream.tell() == len(fits_bytes()) - 8640


def test_a_value_that_is_no_fits_value_is_left_out():
    block = b"GAIN    = high / unquoted".ljust(80) + b"OFFSET  =                   10".ljust(80) + b"END".ljust(2720)
    assert read_header(io.BytesIO(block)) == {"OFFSET": 10}


def test_a_text_longer_than_a_card_is_read_to_its_end():
    header = fits.Header({"OBJECT": "NGC 2403 " * 20})
    assert read_header(io.BytesIO(header.tostring().encode("ascii"))) == {"OBJECT": ("NGC 2403 " * 20).rstrip()}


def is_whole(stream):
    return first_cards(stream) is not None


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


def test_a_glance_at_a_pipe_waits_for_nobody(tmp_path):
    os.mkfifo(tmp_path / "pipe.fits")
    assert glance(tmp_path / "pipe.fits") is None


@pytest.mark.parametrize(
    ("cards", "parts", "is_seen"),
    [(500, 1, True), (900, 1, False), (0, GLANCE.parts, True), (0, GLANCE.parts + 1, False)],
)
def test_a_glance_goes_no_further_than_any_exposure(tmp_path, cards, parts, is_seen):
    first = fits.Header([("HISTORY", "a step")] * cards)
    whole = fits.HDUList([fits.PrimaryHDU(header=first), *(fits.ImageHDU() for _ in range(parts - 1))])
    whole.writeto(path := tmp_path / "odd.fits")
    assert (glance(path) is not None) == is_seen
    with path.open("rb") as stream:
        assert is_whole(stream)
