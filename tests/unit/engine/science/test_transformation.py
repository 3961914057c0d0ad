"""Coefficients come out as they were put in, also of a catalogue whose colours are noisy."""

import numpy as np
import pytest

from obsy.engine.science.standard_field import standard_field
from obsy.engine.science.transformation import coefficients
from obsy.errors import UserError
from tests.unit.engine.science.standard_fields import EXTINCTION, TERMS, V_R, ColouredField

TRUE = {
    "Tbv": 1 / (1 - TERMS["B"] + TERMS["V"]),
    "Tb_bv": TERMS["B"],
    "Tv_bv": TERMS["V"],
    "Tvr": V_R / (V_R - TERMS["V"] + TERMS["R"]),
    "Tr_vr": TERMS["R"] / V_R,
    "Tb_br": TERMS["B"] / (1 + V_R),
}


def told(field, bands="BV", airmasses=(1.1,) * 5):
    declared = field.declared()
    fields = [standard_field(field.tables(band, airmasses), declared.stars, band) for band in bands]
    return fields, {each.name: each for each in coefficients(fields, [star.name for star in declared.stars])}


@pytest.mark.slow
def test_over_many_fields_the_errors_are_what_they_say_and_nothing_is_biased():
    off = []
    for seed in range(60):
        _, found = told(ColouredField(seed=seed), airmasses=(1.1, 1.1))
        off.append(
            [(found[name].value.value - TRUE[name]) / found[name].value.error for name in ("Tbv", "Tb_bv", "Tv_bv")]
        )
    assert (np.abs(np.mean(off, axis=0)) < 0.4).all()
    assert (np.abs(np.std(off, axis=0) - 1) < 0.25).all()
    assert (np.mean(np.abs(off) < 2, axis=0) > 0.9).all()


def test_every_pair_of_filters_has_its_coefficients_by_the_names_of_the_aavso():
    _, found = told(ColouredField(noise=1e-5, known_noise=1e-3), "RVB")
    assert list(found) == ["Tbv", "Tb_bv", "Tv_bv", "Tbr", "Tb_br", "Tr_br", "Tvr", "Tv_vr", "Tr_vr"]
    for name, value in TRUE.items():
        assert found[name].value.value == pytest.approx(value, abs=0.003), name


def test_a_star_that_is_wrong_is_named_and_moves_nothing():
    _, found = told(ColouredField(wrong={7: 0.5}))
    assert found["Tb_bv"].line.points == 59
    (words,) = found["Tb_bv"].left_out
    assert words.startswith("S07 of Tb_bv: +0.") and words.endswith("of its errors")
    assert abs(found["Tbv"].value.value - TRUE["Tbv"]) < 3 * found["Tbv"].value.error


@pytest.mark.parametrize("band", ["B", "V"])
def test_frames_at_two_heights_tell_what_the_air_takes_and_change_no_coefficient(band):
    fields, found = told(ColouredField(), airmasses=(1.1,) * 5 + (1.9,) * 5)
    (taken,) = (each.extinction for each in fields if each.band == band)
    assert abs(taken.value - EXTINCTION[band]) < 3 * taken.error < 0.02
    assert abs(found["Tv_bv"].value.value - TRUE["Tv_bv"]) < 3 * found["Tv_bv"].value.error


def test_frames_at_one_height_do_not_tell_it():
    fields, _ = told(ColouredField(), airmasses=(1.1,) * 3 + (1.35,) * 3)
    assert [each.extinction for each in fields] == [None, None]


@pytest.mark.parametrize(
    ("more", "words"),
    [({"stars": 7}, "7 stars have"), ({"spread": 0.2, "known_noise": 1e-3}, "colours B-V differ by 0")],
)
def test_a_field_that_cannot_tell_is_refused(more, words):
    with pytest.raises(UserError, match=words):
        told(ColouredField(**more))


def test_a_filter_that_the_sequence_lacks_is_told():
    field = ColouredField()
    with pytest.raises(UserError, match="none of its stars has a magnitude in R"):
        standard_field(field.tables("R"), field.declared("BV").stars, "R")
