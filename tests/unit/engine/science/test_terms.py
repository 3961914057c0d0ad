"""A filter is transformed by the newest coefficients that hold, and by the best colour that a night has."""

from datetime import date

import pytest

from obsy.engine.science.terms import terms, valid
from obsy.schemas.transformation import CoefficientValue, Transformation


def declared(night="2026-11-21", bands="BV", **more):
    pairs = [blue + red for blue, red in ("BV", "VR", "BR") if {blue, red} <= set(bands)]
    named = [name for pair in pairs for name in (f"T{pair}", *(f"T{each}_{pair}" for each in pair))]
    said = {name[0] + name[1:].lower(): f"{1 + number / 100:.2f} +- 0.01" for number, name in enumerate(named)}
    head = {"kind": "transformation", "name": f"newton-{night}", "train": "newton", "night": night, "field": "M67"}
    return Transformation.model_validate(
        {**head, "chart": "X1", "filters": {each: each for each in bands}, "coefficients": said, **more}
    )


@pytest.mark.parametrize(
    ("night", "which"),
    [
        (date(2025, 11, 20), None),
        (date(2025, 11, 21), "newton-2025-11-21"),
        (date(2026, 11, 20), "newton-2025-11-21"),
        (date(2026, 11, 21), "newton-2026-11-21"),
        (date(2027, 11, 22), "newton-2026-11-21"),
        (date(2027, 11, 23), None),
    ],
)
def test_the_newest_that_holds_counts_and_each_for_a_year(night, which):
    found = valid([declared("2026-11-21"), declared("2025-11-21")], night)
    assert (found and found.name) == which


def test_since_and_until_say_otherwise():
    one = declared(since="2026-10-01", until="2026-12-24")
    nights = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 12, 24), date(2026, 12, 25)]
    assert [valid([one], each) is one for each in nights] == [False, True, True, False]


def test_a_filter_has_the_coefficients_of_its_own_side_of_the_colour():
    by = terms(declared(), "V", "BV")
    assert (by.pair, by.name("V"), by.name("B"), by.other("V"), by.other("B")) == ("bv", "Tv_bv", "Tb_bv", "B", "V")
    said = [by.colour, by.of("B"), by.of("V")]
    assert said == [CoefficientValue(each, 0.01) for each in (1.00, 1.01, 1.02)] and by.source == "newton-2026-11-21"


@pytest.mark.parametrize(
    ("band", "taken", "pair"), [("V", "BVR", "bv"), ("V", "VR", "vr"), ("R", "BVR", "vr"), ("R", "BR", "br")]
)
def test_the_best_colour_that_was_taken_is_chosen(band, taken, pair):
    assert terms(declared(bands="BVR"), band, taken).pair == pair


@pytest.mark.parametrize(("bands", "band", "taken"), [("BV", "V", "V"), ("BV", "R", "BVR"), ("BV", "V", "VR")])
def test_no_colour_no_terms(bands, band, taken):
    assert terms(declared(bands=bands), band, taken) is None
