"""The aperture is chosen by what lies outside of the transit, and by nothing else of the star."""

from dataclasses import replace

import numpy as np
import pytest

from obsy.engine.reduce.star_ways import WayLight
from obsy.engine.science.transit.best_aperture import FEWEST_OUTSIDE, best_aperture
from obsy.engine.science.transit.tables import tables_curve
from tests.support.transit_tables import STAR, night_of
from tests.unit.engine.science.transit.test_relative import night

COUNT = 200
OUTSIDE = (np.arange(COUNT) < 60) | (np.arange(COUNT) >= 140)


def test_the_aperture_that_scatters_least_outside_of_the_transit_is_taken():
    found = best_aperture({1.0: night(scatter=0.02), 2.0: night(scatter=0.002), 3.0: night(scatter=0.01)}, 3.0, OUTSIDE)
    assert found.radius == 2.0 and found.light.scatter < 0.004 and list(found.scatter) == [1.0, 2.0, 3.0]


def test_what_smooths_the_transit_away_is_not_taken_for_less_scatter():
    """Whatever the star does within its transit, each aperture's scatter is the same to the last digit."""
    flux = {1.0: night(scatter=0.004), 2.0: night(scatter=0.003), 3.0: night(scatter=0.01)}
    before = best_aperture(flux, 3.0, OUTSIDE)
    changed = {radius: each.copy() for radius, each in flux.items()}
    changed[1.0][~OUTSIDE, 0] = 1000.0
    changed[2.0][~OUTSIDE, 0] *= 1 + np.random.default_rng(1).normal(0, 0.2, (~OUTSIDE).sum())
    after = best_aperture(changed, 3.0, OUTSIDE)
    assert after.radius == before.radius == 2.0
    assert after.light.stars == before.light.stars
    ratio = np.array(list(after.scatter.values())) / np.array(list(before.scatter.values()))
    assert ratio == pytest.approx(1.0, abs=0.02)  # by the level that it is a share of


@pytest.mark.parametrize("outside", [None, np.arange(COUNT) < FEWEST_OUTSIDE - 1])
def test_where_too_little_lies_outside_the_usual_aperture_stays(outside):
    found = best_aperture({1.0: night(scatter=0.002), 2.0: night(scatter=0.02)}, 2.0, outside)
    assert found.radius == 2.0 and not found.scatter


def test_what_is_hardly_better_leaves_the_usual_aperture():
    found = best_aperture({1.0: night(scatter=0.00295), 2.0: night(scatter=0.003)}, 2.0, OUTSIDE)
    assert found.radius == 2.0 and len(found.scatter) == 2


def test_an_aperture_that_loses_frames_is_not_tried():
    lost = night(scatter=0.001)
    lost[:20, 0] = np.nan
    assert list(best_aperture({1.0: lost, 2.0: night(scatter=0.02)}, 2.0, OUTSIDE).scatter) == [2.0]


def test_without_a_comparison_star_there_is_nothing():
    assert best_aperture({1.0: np.full((10, 3), np.nan)}, 1.0, None) is None


def test_star_tables_are_measured_in_the_aperture_that_was_taken():
    """Light, errors and radius are of that one."""
    dip = np.r_[np.ones(30), np.full(30, 0.98), np.ones(30)]
    dice, tables = np.random.default_rng(2), []
    for table in night_of(dip):
        wide = replace(table, flux=table.flux * (1 + dice.normal(0, 0.02, len(table))))
        narrow = WayLight(table.flux, table.flux_error, table.flags)
        about = replace(table.observation, aperture_fwhm=1.5)
        tables.append(replace(wide, flux_error=wide.flux * 0.02, ways={"1": narrow}, observation=about))
    found = tables_curve(tables, STAR, lambda _: dip == 1)
    assert found.aperture_px == pytest.approx(6.25 / 1.5) and len(found.apertures) == 2
    level = np.median(found.curve.flux[dip == 1])
    assert 0.8 < ((found.curve.flux / level - dip) / (found.curve.error / level)).std() < 1.2
    assert tables_curve(tables, STAR).aperture_px == 6.25
