"""A night of a standard field becomes a document, and the next night of a variable star is transformed by it."""

from datetime import date

import numpy as np
import pytest

from obsy.engine.declare.survey import declare
from obsy.engine.report.magnitudes import facts
from obsy.engine.runtime.coefficient_document import document
from obsy.engine.runtime.coefficients import train_coefficients
from obsy.engine.runtime.photometry import NightTables, magnitudes
from obsy.errors import UserError
from tests.support.measured_night import measured_night
from tests.unit.engine.science.standard_fields import TERMS, ColouredField
from tests.unit.engine.science.star_fields import TARGET, StarField

NIGHT = date(2026, 11, 21)
NAMED = {"B": "B"}


@pytest.fixture
def here(tmp_path):
    return measured_night(tmp_path, StarField(frames=0))


def kept(here, sky=False, bands="BV", **more):
    """Fit the coefficients of a standard field, and write them where they are declared; return them."""
    field = ColouredField(known_noise=0.005, **more)
    night = NightTables(NIGHT, {band: field.tables(band, (1.1, 1.1, 1.9, 1.9)) for band in bands}, {}, sky)
    stars = field.declared()
    (found,) = train_coefficients(declare(here, here / "plans"), night, stars, NAMED)
    (here / "library" / "newton.yaml").write_text(document(found, night, stars))
    return found


def told(here, day, sky=False):
    """What a night says of a red star, and its true magnitudes."""
    field = ColouredField(seed=5, stars=12, spread=1.0, known_noise=0.002, noise=0.003, place=TARGET)
    field.colour[:2], field.v[:2] = (1.8, 0.5), (11.0, 10.5)
    tables = {band: field.tables(band, (1.2,) * 3, start) for band, start in (("B", 0), ("V", 4))}
    observatory = declare(here, here / "plans")
    night = NightTables(day, tables, {}, sky)
    found = magnitudes(observatory, observatory.plans[0], night, field.declared("BV", first=1), NAMED)
    return {each.role: each for each in found.filters}, {band: field.true(band)[0] for band in "BV"}


def test_what_a_standard_field_tells_is_applied_to_the_nights_of_a_year(here):
    found = kept(here)
    assert {each.name: each.value.value for each in found.lines}["Tv_bv"] == pytest.approx(TERMS["V"], abs=0.015)
    (declared,) = declare(here, here / "plans").transformations
    assert (declared.train, declared.filters, declared.stars) == ("newton", {"B": "B", "V": "V"}, {"bv": 60})
    assert declared.extinction["B"].value == pytest.approx(0.26, abs=0.02) and len(declared.frames["V"]) == 4
    nights, true = told(here, date(2027, 11, 21))
    for band, one in nights.items():
        assert one.terms.source == "newton-2026-11-21" and np.isfinite(one.found.curve.transformation).all()
        assert one.found.mean[0] == pytest.approx(true[band], abs=0.02)
    assert ("transformed", "by newton-2026-11-21: Tv_bv") in [(a, b[:27]) for a, b in facts(nights["V"])]


@pytest.mark.parametrize(
    ("day", "why"), [(date(2026, 11, 20), "hold on 2026-11-20"), (date(2027, 11, 23), "hold on 2027-11-23")]
)
def test_a_night_for_which_they_do_not_hold_says_so_and_is_not_transformed(here, day, why):
    kept(here)
    one = told(here, day)[0]["V"]
    assert one.terms is None and why in one.untransformed and ("no transform", one.untransformed) in facts(one)
    assert np.isnan(one.found.curve.transformation).all()


@pytest.mark.parametrize("sky", [True, False])
def test_a_rehearsals_coefficients_are_those_of_rehearsals_alone(here, sky):
    kept(here, sky=sky)
    assert told(here, NIGHT, sky)[0]["V"].terms is not None
    assert told(here, NIGHT, not sky)[0]["V"].terms is None


def test_a_field_in_one_filter_tells_no_coefficients(here):
    with pytest.raises(UserError, match="no coefficients: newton has 1 filter for a colour"):
        kept(here, bands="V")
