"""Coefficients come out as they were put in, also of a catalogue whose colours are noisy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.science.transformation import Slope, TransformationPair, transformation, transformed
from obsy.errors import UserError

USUAL = {"stars": 60, "noise": 0.01, "known_noise": 0.02, "spread": 1.6}


def field(tbv, tv_bv, seed=0, **more):
    """Instrumental and catalogue magnitudes of a standard field that a train with these coefficients took."""
    stars, noise, known_noise, spread = (USUAL | more).values()
    random = np.random.default_rng(seed)
    colour, true_v = random.uniform(0, spread, stars), random.uniform(9, 13, stars)
    v = true_v - tv_bv * colour - 21.0
    b = v + colour / tbv - 0.3
    noisy = [each + random.normal(0, noise, stars) for each in (b, v)]
    known = [each + random.normal(0, known_noise, stars) for each in (true_v + colour, true_v)]
    return tuple(noisy), (np.full(stars, noise),) * 2, tuple(known), (np.full(stars, known_noise),) * 2


def test_over_many_fields_the_errors_are_what_they_say_and_nothing_is_biased():
    off = []
    for seed in range(150):
        found = transformation(*field(1.25, -0.08, seed))
        off.append([(found.colour.value - 1.25) / found.colour.error])
        off[-1].append((found.magnitude.value + 0.08) / found.magnitude.error)
    assert (np.abs(np.mean(off, axis=0)) < 0.3).all()
    assert (np.abs(np.std(off, axis=0) - 1) < 0.2).all()
    assert (np.mean(np.abs(off) < 2, axis=0) > 0.9).all()


@given(st.floats(0.8, 1.4), st.floats(-0.2, 0.2))
def test_any_coefficients_come_out_where_nothing_is_noisy(tbv, tv_bv):
    found = transformation(*field(tbv, tv_bv, noise=1e-5, known_noise=1e-5))
    assert found.colour.value == pytest.approx(tbv, abs=1e-3)
    assert found.magnitude.value == pytest.approx(tv_bv, abs=1e-3)


def test_a_star_that_is_wrong_does_not_move_them():
    instrumental, errors, known, known_errors = field(1.1, 0.05)
    instrumental[0][7] += 0.5
    found = transformation(instrumental, errors, known, known_errors)
    assert found.colour.stars == 59
    assert abs(found.colour.value - 1.1) < 3 * found.colour.error


@pytest.mark.parametrize(
    ("more", "words"), [({"stars": 7}, "7 stars"), ({"spread": 0.2, "known_noise": 1e-3}, "colours differ by 0")]
)
def test_a_field_that_cannot_tell_is_refused(more, words):
    with pytest.raises(UserError, match=words):
        transformation(*field(1.1, 0.05, **more))


def test_a_magnitude_is_moved_by_its_colour_and_its_error_grows_by_all_that_goes_into_it():
    pair = TransformationPair(Slope(1.2, 0.02, 60), Slope(-0.1, 0.01, 60))
    value, error = transformed(pair, (0.5, 0.01), (12.0, 0.01))
    assert value == pytest.approx(12.0 - 0.1 * 1.2 * 0.5)
    assert error == pytest.approx(
        np.sqrt(0.01**2 + (0.01 * 0.6) ** 2 + (0.1 * 0.02 * 0.5) ** 2 + (0.1 * 1.2 * 0.01) ** 2)
    )
    assert transformed(pair, (0.0, 0.0), (12.0, 0.01)) == (12.0, 0.01)
