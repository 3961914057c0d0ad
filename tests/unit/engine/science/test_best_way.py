"""The aperture is chosen by the stars beside the target, never by what the target does itself."""

from dataclasses import replace

import numpy as np
import pytest

from obsy.engine.reduce.star_table import Flag
from obsy.engine.reduce.star_ways import WayLight
from obsy.engine.report.magnitudes import facts
from obsy.engine.science.as_json import filter_shape
from obsy.engine.science.best_ensemble import best_ensemble
from obsy.engine.science.night_magnitudes import FilterNight
from tests.unit.engine.science.star_fields import TARGET, StarField

FAINT = {"target": 16.0, "frames": 30}


def in_ways(field, noise, share=None, flags=0):
    """Its tables, each measured in other apertures too: with so many times the noise, and such a share of the light."""
    dice, out = np.random.default_rng(5), []
    for table in field.tables():
        truth = np.array(
            [np.argmin(np.hypot(field.ra - ra, field.dec - dec)) for ra, dec in zip(table.ra, table.dec, strict=True)]
        )
        ways = {}
        for way, times in noise.items():
            error = table.flux_error * times
            flux = 60 * 10 ** (-0.4 * (field.magnitude[truth] - field.zero)) + dice.normal(0, error)
            if share:
                flux = flux * share[way][truth]
            ways[way] = WayLight(flux, error, np.where(flux < 3 * error, 16, 0) | flags)
        out.append(replace(table, ways=ways, observation=replace(table.observation, aperture_fwhm=1.5)))
    return out


def night(tables, field):
    """What is told of it, with the night around it as page and JSON have it."""
    return best_ensemble(tables, field.declared(), "V", TARGET)


def test_a_faint_star_is_measured_where_its_error_is_least():
    """Errors are those of that aperture, and the truth is within them."""
    field = StarField(**FAINT)
    found = night(in_ways(field, {"0.8": 0.9, "1": 0.5, "2": 2.0}), field)
    assert found.search.taken == "1" and [each.radius for each in found.search.tried] == [0.8, 1, 1.5, 2]
    own = np.sqrt(found.curve.error**2 - found.common_error**2)
    assert 0.7 < np.std((found.curve.magnitude - 16.0) / own, ddof=1) < 1.3
    assert found.mean[0] == pytest.approx(16.0, abs=4 * found.mean[1])
    told = dict(facts(FilterNight("V", "V", "newton", "V", 30, found, ())))
    assert told["aperture"].startswith("1 star widths, where a point's error is ")
    shape = filter_shape(FilterNight("V", "V", "newton", "V", 30, found, ()))["aperture"]
    assert shape["taken"] == "1" and len(shape["tried"]) == 4


def test_what_is_hardly_better_leaves_the_declared_aperture():
    field = StarField(**FAINT)
    assert night(in_ways(field, {"1": 0.98, "2": 1.1}), field).search.taken == ""


def test_what_the_target_does_itself_chooses_nothing():
    """Its points are made smooth in the aperture that is worse, and wild in the one that is better."""
    field = StarField(**FAINT)
    tables = in_ways(field, {"1": 0.5, "2": 2.0})
    first = night(tables, field)
    smoothed = []
    for table in tables:
        row = table.nearest(*TARGET, 1.0)
        ways = {way: light._replace(flux=light.flux.copy()) for way, light in table.ways.items()}
        usual = 60 * 10 ** (-0.4 * (16.0 - field.zero))
        ways["2"].flux[row] = usual
        ways["1"].flux[row] = usual * (1.3 if len(smoothed) % 2 else 0.75)
        smoothed.append(replace(table, ways=ways))
    second = night(smoothed, field)
    assert second.search.taken == first.search.taken == "1"
    assert second.scatter > 0.2


def test_stars_that_are_wider_at_the_edge_are_measured_in_a_wide_aperture():
    """No scatter over a night tells of it: a narrow aperture loses another share of each star."""
    field = StarField(**FAINT)
    lost = 1 - np.random.default_rng(2).uniform(0, 0.5, len(field.ra))
    share = {"1": lost, "2": np.ones(len(lost))}
    assert night(in_ways(field, {"1": 0.8, "2": 1.2}, share), field).search.taken == ""


@pytest.mark.parametrize(
    ("field", "why"),
    [
        (StarField(target=16.0, frames=4), "4 frames and 8 comparison stars"),
        (StarField(target=16.0, frames=20, stars=2), "20 frames and 2 comparison stars"),
    ],
)
def test_where_too_little_tells_the_declared_aperture_stays(field, why):
    found = night(in_ways(field, {"1": 0.5}), field)
    assert found.search.taken == "" and found.search.why.startswith(why)


def test_tables_of_one_aperture_and_of_two_settings_stay_as_they_are():
    field = StarField(**FAINT)
    assert night(field.tables(), field).search.why == "its frames were measured in one aperture alone"
    tables = in_ways(field, {"1": 0.5})
    other = replace(tables[0], observation=replace(tables[0].observation, aperture_fwhm=2.0))
    assert night([other, *tables[1:]], field).search.taken == ""


def test_an_aperture_that_shows_the_target_less_often_is_not_tried():
    field = StarField(**FAINT)
    found = night(in_ways(field, {"1": 0.5}, flags=int(Flag.BLENDED)), field)
    assert [each.radius for each in found.search.tried] == [1.5]


def test_no_aperture_is_sought_that_would_please_the_check_star():
    field = StarField(**FAINT, wrong={1: 0.2})
    found = night(in_ways(field, {"1": 0.5}), field)
    assert found.refusal and found.search is None


def beside_photons(field, scatter, seed):
    """Its tables in five apertures, in each of which all stars scatter by so much more than their photons do."""
    dice, out = np.random.default_rng(seed), []
    for table in field.tables():
        fluxes = {way: table.flux * (1 + dice.normal(0, much, len(table))) for way, much in scatter.items()}
        ways = {way: WayLight(flux, table.flux_error, table.flags) for way, flux in fluxes.items() if way}
        about = replace(table.observation, aperture_fwhm=1.5)
        out.append(replace(table, flux=fluxes[""], ways=ways, observation=about))
    return out


@pytest.mark.slow
@pytest.mark.once
def test_over_apertures_alike_the_declared_one_stays_though_few_stars_scatter_least_in_another():
    """Ten frames of four stars tell their scatter to a fifth; the least of five was taken in 25 nights of 39."""
    alike, better = dict.fromkeys(("", "0.8", "1", "1.25", "2"), 0.02), {"": 0.02, "1": 0.008, "2": 0.02}
    few, many = StarField(target=11.0, frames=10, stars=4), StarField(target=11.0, frames=20, stars=8)
    searches = [night(beside_photons(few, alike, seed), few).search for seed in range(15)]
    assert sum(bool(each and each.taken) for each in searches) <= 1
    assert [night(beside_photons(many, better, seed), many).search.taken for seed in range(3)] == ["1"] * 3
