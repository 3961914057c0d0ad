"""A star that is not seen is fainter than a limit: as often as the limit says, and in every file."""

import numpy as np
import pytest

from obsy.engine.reduce.plane import sky
from obsy.engine.reduce.star_table import Flag
from obsy.engine.report.light_curve import svg
from obsy.engine.science.aavso_extended import ReportAbout, aavso_extended
from obsy.engine.science.aavso_rules import faults
from obsy.engine.science.ensemble import ensemble
from obsy.engine.science.magnitude_table import magnitude_table
from tests.unit.engine.reduce.steps.test_photometry import FIELD, GAIN, PLANE, table_of
from tests.unit.engine.science.star_fields import TARGET, StarField

LIMIT = 21.0 - 2.5 * np.log10(150 / 60)
"""Three times the noise of a made frame, 50 electrons in 60 s: 20.0 mag."""


def night(target, frames=200):
    field = StarField(frames=frames, target=target)
    return ensemble(field.tables(), field.declared(), "V", TARGET), field.declared()


@pytest.mark.parametrize(("beside", "least", "most"), [(-1.0, 0.99, 1.0), (0.0, 0.4, 0.6), (1.5, 0.0, 0.05)])
def test_at_the_limit_half_are_seen_above_it_all_and_below_it_none(beside, least, most):
    curve = night(LIMIT + beside)[0].curve
    assert len(curve) == 200 and least <= 1 - curve.is_limit.mean() <= most
    said = curve.magnitude[curve.is_limit]
    assert not said.size or (np.abs(said - LIMIT) < 0.1).all()
    assert np.isnan(curve.error[curve.is_limit]).all() and np.isfinite(curve.error[~curve.is_limit]).all()


def test_points_and_limits_of_one_night_stand_in_every_file_as_what_they_are():
    found, declared = night(LIMIT, frames=12)
    limits = int(found.curve.is_limit.sum())
    assert 0 < limits < 12
    text = aavso_extended(found, declared, ReportAbout("RANA", "V", "V", "obsy 1"))
    rows = [line.split(",") for line in text.splitlines() if not line.startswith("#")]
    assert faults(text) == [] and {row[2][0] == "<" for row in rows} == {True, False}
    assert all((row[2][0] == "<") == (row[3] == "na") for row in rows)
    assert magnitude_table(found, declared, "V").count(" True ") == limits
    assert svg(found, "V1 Exa", "V").count('class="p1 own"') == limits


def light(stars):
    """Return a picture of stars (column, row, flux), 1.5 pixels wide."""
    y, x = np.mgrid[0:400, 0:400]
    parts = (flux * np.exp(-((x - column) ** 2 + (y - row) ** 2) / (2 * 1.5**2)) for column, row, flux in stars)
    return sum(parts) / (2 * np.pi * 1.5**2)


@pytest.mark.slow
@pytest.mark.parametrize(("sigmas", "least", "most"), [(0.0, 0, 2), (3.0, 3, 17), (8.0, 20, 20)])
def test_stars_that_were_put_into_pictures_are_seen_as_often(sigmas, least, most):
    aim = sky(PLANE, 95.0, 95.0)
    truth = light(FIELD) + 300.0
    added = light([(95.0, 95.0, 1.0)])

    def drawn(flux, dice):
        adu = truth + flux * added
        return (dice.poisson(adu * GAIN) + dice.normal(0, 5.0, adu.shape)) / GAIN

    bare = table_of(drawn(0.0, np.random.default_rng(99)), aim=aim)
    flux = sigmas * float(bare.flux_error[bare.nearest(*aim, 3.0)]) / GAIN
    seen = 0
    for seed in range(20):
        table = table_of(drawn(flux, np.random.default_rng(seed)), aim=aim)
        row = table.nearest(*table.observation.target, 3.0)
        seen += not table.flags[row] & int(Flag.FAINT)
    assert least <= seen <= most
