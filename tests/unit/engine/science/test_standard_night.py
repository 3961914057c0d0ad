"""A night is transformed where its train's coefficients hold and tell its colours; where not, the reason stands."""

from datetime import date

import numpy as np
import pytest

from obsy.engine.science.ensemble import ensemble
from obsy.engine.science.night_magnitudes import FilterNight
from obsy.engine.science.standard_night import standard_night
from tests.unit.engine.science.standard_fields import ColouredField
from tests.unit.engine.science.test_terms import declared as coefficients

NIGHT = date(2026, 12, 1)
FIELD = ColouredField(stars=12, known_noise=0.002, noise=0.003)
STARS = FIELD.declared("BV", first=1)
FOUND = {
    band: ensemble(FIELD.tables(band, (1.1,) * 3, start), STARS, band, FIELD.place)
    for band, start in (("B", 0), ("V", 4), )
}  # fmt: skip


def night(bands="BV", declared=None, is_simulated=False, **more):
    filters = [FilterNight(each, each, "newton", each, 3, FOUND[each], ()) for each in bands]
    known = [coefficients()] if declared is None else declared
    return standard_night(filters, STARS, known, more.get("night", NIGHT), is_simulated=is_simulated)


def test_both_filters_of_a_colour_are_transformed_by_each_other():
    for one in night():
        assert one.terms.source == "newton-2026-11-21" and one.untransformed == ""
        assert np.isfinite(one.found.curve.transformation).all()


def test_a_train_without_coefficients_is_left_as_it_is_and_nothing_is_said():
    for declared in ([], [coefficients(train="west")], [coefficients(sky="simulated")]):
        for one in night(declared=declared):
            assert (one.terms, one.untransformed) == (None, "") and one.found is FOUND[one.role]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"bands": "V"}, "a colour needs two filters that newton-2026-11-21 joins with V"),
        ({"night": date(2028, 1, 1)}, "no coefficients of newton hold on 2028-01-01: take a standard field anew"),
        (
            {"declared": [coefficients(filters={"B": "blue", "V": "V"})]},
            "a colour needs two filters that newton-2026-11-21 joins with V",
        ),
        (
            {"declared": [coefficients(filters={"B": "B", "V": "green"})]},
            "newton-2026-11-21 is not about the filter V as V",
        ),
    ],
)
def test_where_they_tell_no_colour_the_reason_stands(more, why):
    one = next(each for each in night(**more) if each.role == "V")
    assert (one.terms, one.untransformed) == (None, why) and one.found is FOUND["V"]


def test_a_rehearsal_has_those_of_rehearsals():
    both = [coefficients(), coefficients(sky="simulated", night="2026-11-22", name="rehearsed")]
    assert {each.terms.source for each in night(declared=both, is_simulated=True)} == {"rehearsed"}
