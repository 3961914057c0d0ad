"""What a frame is for, as the camera writes it."""

from astropy.io import fits
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.identity import KEYWORDS, Identity

NAMES = st.none() | st.from_regex(r"[a-z0-9][a-z0-9-]{0,58}[a-z0-9]", fullmatch=True)


@given(st.builds(Identity, **dict.fromkeys(KEYWORDS, NAMES)))
def test_what_a_frame_is_for_comes_back_from_the_cards_that_the_camera_writes(asked):
    written = fits.Header([fits.Card(*card) for card in asked.cards()])
    assert Identity.read(written) == asked
