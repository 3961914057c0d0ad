"""Header cards against astropy, and against what cameras get wrong."""

import io
import warnings

from astropy.io import fits
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.frames.cards import read_header

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
