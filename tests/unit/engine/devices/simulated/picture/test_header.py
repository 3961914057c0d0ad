"""The file writer, against astropy."""

from io import BytesIO

import numpy as np
from astropy.io import fits
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.devices.simulated.picture.header import encode, write

COUNTS = np.arange(0, 60000, 1000, dtype=np.uint16).reshape(6, 10)


def opened(cards):
    return fits.open(BytesIO(encode(COUNTS, cards)))


def test_astropy_reads_the_counts_and_finds_no_fault():
    with opened((("GAIN", 100, "Gain"),)) as hdus:
        hdus.verify("exception")
        assert np.array_equal(hdus[0].data, COUNTS)
        assert hdus[0].header.comments["GAIN"] == "Gain"


def test_its_length_is_whole_blocks():
    assert len(encode(COUNTS, ())) == 2 * 2880


@given(
    st.one_of(
        st.integers(-(2**31), 2**31),
        st.booleans(),
        st.floats(-1e12, 1e12),
        st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30),
    )
)
def test_every_value_comes_back(value):
    with opened((("KEY", value, ""),)) as hdus:
        assert hdus[0].header["KEY"] == value


def test_a_file_is_there_whole_or_not_at_all(tmp_path):
    write(tmp_path / "a.fits", COUNTS, ())
    assert [p.name for p in tmp_path.iterdir()] == ["a.fits"]
