"""How numbers and names are written in the header."""

import pytest
from astropy.io import fits
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.devices.simulated.cards import sexagesimal
from obsy.engine.devices.simulated.picture.header import line
from obsy.engine.identity import KEYWORDS, Identity

NAMES = st.none() | st.from_regex(r"[a-z0-9][a-z0-9-]{0,58}[a-z0-9]", fullmatch=True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.712313, "00 42 44.33"),
        (-0.5, "-00 30 00.00"),
        (41.2688, "41 16 07.68"),
        (5.999999999, "06 00 00.00"),
    ],
)
def test_three_numbers_carry_over_and_keep_their_sign(value, text):
    assert sexagesimal(value) == text


@given(st.builds(Identity, **dict.fromkeys(KEYWORDS, NAMES)))
def test_what_a_frame_is_for_comes_back_from_the_cards_that_the_camera_writes(asked):
    written = fits.Header.fromstring("".join(map(line, asked.cards())))
    assert Identity.read(written) == asked
