"""What a star's colour adds is nothing for a star like those it is compared with, and grows with what differs."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.science.colour_change import ColourChange, colour_change
from obsy.engine.science.ensemble import ensemble
from obsy.errors import UserError
from tests.unit.engine.science.standard_fields import TERMS, ColouredField
from tests.unit.engine.science.test_transformed import BY


@pytest.fixture(scope="module")
def field():
    made = ColouredField(stars=14, known_noise=0.001, noise=0.0005)
    declared = made.declared("BV", first=1)
    found = {band: ensemble(made.tables(band, (1.1,) * 3), declared, band, made.place) for band in "BV"}
    return made, declared, found


@pytest.mark.parametrize("band", ["B", "V"])
def test_a_star_of_the_comparison_stars_mean_colour_is_left_as_it_is_and_others_are_put_right(field, band):
    made, declared, found = field
    change = colour_change(found, declared, band, BY)
    other = BY.other(band)
    own, beside = (np.mean(found[each].curve.magnitude) for each in (band, other))
    moved = own + change.coefficient * change.colour(own, beside)
    assert float(moved) == pytest.approx(made.true(band)[0], abs=0.004)
    mean = np.mean([each.magnitudes["B"].value - each.magnitudes["V"].value for each in declared.stars[1:]])
    assert float(change.colour(own, beside)) == pytest.approx(made.colour[0] - mean, abs=0.02)
    assert abs(change.coefficient - TERMS[band]) < 1e-9


@given(
    redder=st.floats(-1, 1), share=st.floats(-0.3, 0.3), sign=st.sampled_from([-1.0, 1.0]), own=st.floats(0.001, 0.1)
)
def test_errors_of_both_filters_add_up_as_the_sum_says(redder, share, sign, own):
    change = ColourChange(share, sign * 1.2, 0.4, 0.0)
    step = 1e-6
    at = change.colour(np.array([10.0 + redder, 10.0 + redder + step]), np.array(10.0))
    slope = 1 + share * float(np.diff(at)[0]) / step
    assert float(change.error(own, 0.0)) == pytest.approx(abs(slope) * own, rel=1e-6, abs=1e-9)
    assert float(change.error(0.0, own)) == pytest.approx(abs(share * 1.2) * own, rel=1e-6, abs=1e-12)


def test_coefficients_that_are_uncertain_make_what_is_added_uncertain(field):
    _, declared, found = field
    loose = replace(BY, colour=BY.colour._replace(error=0.05), of_red=BY.of_red._replace(error=0.02))
    change = colour_change(found, declared, "V", loose)
    by_both = np.hypot(0.02, loose.of_red.value * 0.05 / loose.colour.value)
    assert change.uncertain == pytest.approx(by_both)


def test_a_comparison_star_without_the_colour_is_named(field):
    _, declared, found = field
    name = found["V"].compared[0]
    bare = tuple(
        each.model_copy(update={"magnitudes": {"V": each.magnitudes["V"]}}) if each.name == name else each
        for each in declared.stars
    )
    with pytest.raises(UserError, match=f"the colour B-V of {name}, which it is compared with, is not known"):
        colour_change(found, declared.model_copy(update={"stars": bare}), "V", BY)
