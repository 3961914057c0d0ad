"""One angle between two directions, in all rooms that cannot wait for astropy."""

import pytest
from astropy.coordinates import SkyCoord
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.separation import separation_deg

TURN, HALF = st.floats(0, 360), st.floats(-90, 90)


@given(TURN, HALF, TURN, HALF)
def test_the_angle_between_two_directions_is_astropys(ra1: float, dec1: float, ra2: float, dec2: float) -> None:
    theirs = SkyCoord(ra1, dec1, unit="deg").separation(SkyCoord(ra2, dec2, unit="deg")).deg
    assert separation_deg((ra1, dec1), (ra2, dec2)) == pytest.approx(theirs, abs=1e-5)
    assert separation_deg((ra1, dec1), (ra2, dec2)) == pytest.approx(separation_deg((ra2, dec2), (ra1, dec1)), abs=1e-9)


@given(TURN, HALF)
def test_rounding_never_makes_an_angle_impossible(ra: float, dec: float) -> None:
    assert separation_deg((ra, dec), (ra, dec)) == 0.0
    assert separation_deg((ra, dec), (ra + 180, -dec)) == pytest.approx(180.0, abs=1e-5)
