"""Limb darkening by temperature and filter: what stands in the table, and between its entries nothing wild."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.science.transit.limb_table import FILTERS_NM, LINEAR, SQUARE, TEMPERATURES_K, tabled_limb
from obsy.engine.science.transit.planet import USUAL_LIMB, USUAL_LIMB_ERROR
from obsy.errors import UserError

LONG = sorted(FILTERS_NM, key=FILTERS_NM.__getitem__)


def test_what_stands_in_the_table_is_what_is_said():
    for row, kelvin in enumerate(TEMPERATURES_K):
        for column, name in enumerate(("SU", "SG", "SR", "SI", "SZ")):
            limb = tabled_limb(kelvin, name)
            assert (limb.linear, limb.square) == pytest.approx((LINEAR[row][column], SQUARE[row][column]))


@given(st.floats(3500, 8000), st.sampled_from(LONG))
def test_a_star_is_darkest_at_its_limb_and_nowhere_black(kelvin, name):
    limb, mu = tabled_limb(kelvin, name), np.linspace(0, 1, 50)
    light = 1 - limb.linear * (1 - mu) - limb.square * (1 - mu) ** 2
    assert light.min() > 0 and (np.diff(light) > 0).all()


@given(st.floats(5000, 8000))
def test_the_limb_is_darker_in_blue_than_in_red(kelvin):
    """Seen half way to the limb, mu 0.5."""
    half = [tabled_limb(kelvin, name) for name in ("B", "V", "R", "I")]
    dark = [each.linear * 0.5 + each.square * 0.25 for each in half]
    assert dark == sorted(dark, reverse=True)


def test_a_star_like_the_sun_in_red_light_is_what_is_usual():
    limb = tabled_limb(6000, "R")
    assert abs(limb.linear - USUAL_LIMB.linear) < USUAL_LIMB_ERROR / 2
    assert abs(limb.square - USUAL_LIMB.square) < USUAL_LIMB_ERROR / 2


@pytest.mark.parametrize(
    ("kelvin", "name", "answer"),
    [(3000, "V", "3500 to 8000 K: of 3000 K say it"), (12000, "V", "of 12000 K"), (6000, "na", "the filter 'na'")],
)
def test_what_the_table_does_not_hold_is_asked_for(kelvin, name, answer):
    with pytest.raises(UserError, match=answer):
        tabled_limb(kelvin, name)
