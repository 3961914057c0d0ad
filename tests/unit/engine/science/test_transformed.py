"""What is transformed is the standard magnitude within its error, also of a star as red as none it is compared with."""

from dataclasses import replace

import numpy as np
import pytest

from obsy.engine.science.ensemble import ensemble
from obsy.engine.science.terms import Terms
from obsy.engine.science.transformed import transformed
from obsy.errors import UserError
from obsy.schemas.transformation import CoefficientValue
from tests.unit.engine.science.standard_fields import TERMS, ColouredField

BY = Terms(
    "newton-2026-12-10", "B", "V",
    CoefficientValue(1 / (1 - TERMS["B"] + TERMS["V"]), 0.005), CoefficientValue(TERMS["B"], 0.004),
    CoefficientValue(TERMS["V"], 0.004),
)  # fmt: skip


def field(seed=1, colour=1.9, **more):
    """A field whose first star, the target, is redder than all others, and whose second, the check star, is blue."""
    made = ColouredField(seed=seed, stars=14, spread=1.2, **more)
    made.colour[:2], made.v[:2] = (colour, 0.1), (11.0, 10.5)
    return made


def measured(made, bands="BV", first=1, start=0.0):
    declared = made.declared("BV", first=first)
    tables = {"B": made.tables("B", (1.1,) * 3, start), "V": made.tables("V", (1.1,) * 3, 6)}
    return {band: ensemble(tables[band], declared, band, made.place) for band in bands}, declared


@pytest.mark.slow
def test_over_many_nights_magnitudes_are_those_of_the_standard_system_within_their_errors():
    off = []
    for seed in range(8):
        made = field(seed)
        found, declared = measured(made)
        by = replace(BY, **{each: drawn(made, getattr(BY, each)) for each in ("colour", "of_blue", "of_red")})
        after = {band: transformed(found, declared, band, by) for band in "BV"}
        off.append([(each.mean[0] - made.true(band)[0]) / each.mean[1] for band, each in after.items()])
    assert (np.abs(np.mean(off, axis=0)) < 0.9).all()
    assert (np.abs(off) < 2.5).all() and (np.std(off, axis=0) > 0.4).all()


def drawn(made, coefficient):
    """A coefficient as a night of a standard field would have told it."""
    return CoefficientValue(made.random.normal(coefficient.value, coefficient.error), coefficient.error)


def test_without_it_a_red_star_is_wrong_by_its_colour():
    made = field(known_noise=0.001, noise=0.003)
    found, declared = measured(made)
    after = transformed(found, declared, "V", BY)
    assert abs(found["V"].mean[0] - made.true("V")[0]) > 0.05
    assert after.mean[0] == pytest.approx(made.true("V")[0], abs=0.01)
    assert after.curve.transformation == pytest.approx(after.curve.magnitude - found["V"].curve.magnitude)
    assert [*after.curve.group] == [*transformed(found, declared, "B", BY).curve.group]


def test_the_check_star_is_transformed_by_its_own_colour_and_judged_anew():
    made = field(known_noise=0.001, noise=0.002)
    found, declared = measured(made)
    assert abs(found["B"].check.deviation) > 0.03
    assert abs(transformed(found, declared, "B", BY).check.deviation) < 0.01


def test_the_errors_of_coefficients_stand_in_each_point_and_in_the_mean():
    made = field(known_noise=0.001)
    found, declared = measured(made)
    loose = Terms("loose", "B", "V", BY.colour, BY.of_blue, CoefficientValue(TERMS["V"], 0.05))
    sure, unsure = (transformed(found, declared, "V", by) for by in (BY, loose))
    colour = np.mean(sure.curve.transformation) / TERMS["V"]
    assert colour == pytest.approx(1.3, abs=0.3)
    assert unsure.common_error == pytest.approx(0.05 * colour, rel=0.1)
    assert unsure.mean[1] == pytest.approx(0.05 * colour, rel=0.1)
    assert (unsure.curve.error > sure.curve.error + 0.03).all()


def test_filters_with_other_comparison_stars_agree_all_the_same():
    """In B the reddest comparison stars are not declared: its ensemble has another colour than that of V."""
    made = field(known_noise=0.001, noise=0.002)
    declared = made.declared("BV", first=1)
    red = [star for star in declared.stars if star.magnitudes["B"].value - star.magnitudes["V"].value > 0.7]
    few = declared.model_copy(update={"stars": tuple(star for star in declared.stars if star not in red)})
    found = {
        "B": ensemble(made.tables("B"), few, "B", made.place),
        "V": ensemble(made.tables("V", start=6), declared, "V", made.place),
    }
    assert len(red) > 2
    for band in "BV":
        assert transformed(found, declared, band, BY).mean[0] == pytest.approx(made.true(band)[0], abs=0.01)


def test_a_colour_of_another_hour_is_none():
    made = field()
    found, declared = measured(made, start=60.0)
    with pytest.raises(UserError, match="no frame in B within 20 min tells its colour"):
        transformed(found, declared, "V", BY)


def test_points_without_a_colour_stay_and_are_no_part_of_the_mean():
    made = field(known_noise=0.001)
    declared = made.declared("BV", first=1)
    both = [*made.tables("V", (1.1,) * 3, 6), *made.tables("V", (1.1,) * 3, 90)]
    found = {
        "B": ensemble(made.tables("B"), declared, "B", made.place),
        "V": ensemble(both, declared, "V", made.place),
    }
    after = transformed(found, declared, "V", BY)
    assert list(np.isfinite(after.curve.transformation)) == [True] * 3 + [False] * 3
    assert list(np.isfinite(after.curve.group)) == [True] * 3 + [False] * 3
    assert list(after.curve.magnitude[3:]) == list(found["V"].curve.magnitude[3:])
    assert after.mean[0] == pytest.approx(made.true("V")[0], abs=0.01)


def test_a_comparison_star_without_a_colour_is_named():
    made = field()
    found, declared = measured(made)
    stars = tuple(
        each if each.name != "S05" else each.model_copy(update={"magnitudes": {"V": each.magnitudes["V"]}})
        for each in declared.stars
    )
    with pytest.raises(UserError, match="the colour B-V of S05, which it is compared with, is not known"):
        transformed(found, declared.model_copy(update={"stars": stars}), "V", BY)
