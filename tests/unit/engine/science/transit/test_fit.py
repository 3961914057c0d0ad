"""Of a fit: what was put in comes out, within what it says of itself."""

from dataclasses import replace

import numpy as np
import pytest

from obsy.engine.declare.target import Ephemeris
from obsy.engine.science.transit.curve import RelativeFlux
from obsy.engine.science.transit.fit import fit, predicted
from obsy.engine.science.transit.model import LimbDarkening, PlanetOrbit, exposed_flux
from obsy.engine.science.transit.noise import deviation, red_noise
from obsy.engine.science.transit.planet import KnownPlanet, of_duration
from obsy.errors import UserError
from tests.support.transits import EPHEMERIS, EXPECTED, KNOWN, seen


@pytest.mark.slow
@pytest.mark.once
def test_transits_that_were_put_in_come_out_within_their_errors():
    dice = np.random.default_rng(7)
    pulls = []
    for seed in range(12):
        late = dice.uniform(-0.01, 0.01)
        found = fit(seen(late, seed=seed), KNOWN, ())
        pulls.append(
            (
                (found.middle.value - EXPECTED - late) / found.middle.error,
                (found.ratio.value - 0.15) / found.ratio.error,
            )
        )
    assert np.abs(pulls).max() < 3
    assert 0.6 < np.std(pulls) < 1.2  # 24 draws of width 0.9: 0.13 either way, for red noise makes errors larger


@pytest.mark.parametrize(("stated", "grown"), [(1.0, 1.0), (0.5, 2.0)])
def test_the_error_of_a_middle_is_that_of_theory_times_scatter_and_red_noise(stated, grown):
    """Of a small planet over the middle of a uniform star, the limb taken for straight.

    Its light falls by chords of the planet: the integral of the slope's square is 16 r^3 v / (3 pi^2) a contact.
    """
    ratio, axis, period, scatter, count = 0.05, 8.0, 3.0, 1e-4, 601
    times = EXPECTED + np.linspace(-0.15, 0.15, count)
    orbit, flat = PlanetOrbit(period, axis, 90.0), LimbDarkening(0.0, 0.0)
    true = exposed_flux(times - EXPECTED, 0.0, ratio, orbit, flat)
    flux = true * (1 + np.random.default_rng(2).normal(0, scatter, count))
    planet = KnownPlanet("Ours b", Ephemeris(EXPECTED, period, 3.1, "BJD_TDB"), ratio, orbit, limb=flat, limb_error=0.0)
    found = fit(RelativeFlux(times, flux, np.full(count, scatter * stated)), planet, ())
    speed = 2 * np.pi * axis / period
    theory = scatter * np.sqrt(0.3 / (count - 1) * 3 * np.pi**2 / (2 * 16 * ratio**3 * speed))
    assert found.inflation == pytest.approx(grown, rel=0.06) and found.rms == pytest.approx(scatter, rel=0.06)
    assert found.middle.error == pytest.approx(theory * found.inflation * stated * found.beta, rel=0.02)
    assert found.solution.errors["tc"] * found.beta == found.middle.error == found.stated("tc").error
    assert found.solution.errors["ratio"] * found.beta == found.ratio.error
    noise = red_noise(found.curve.bjd_tdb, found.solution.residuals, 3)
    assert found.beta == noise and found.stated("level").value == found.solution.values["level"]


def test_a_transit_half_an_hour_late_is_found_to_the_minute():
    found = fit(seen(late_d=0.021, slope=0.0), KNOWN, ())
    assert found.middle.value == pytest.approx(EXPECTED + 0.021, abs=0.0015)


@pytest.mark.long
@pytest.mark.once
def test_air_that_bent_the_curve_is_chosen_and_a_shaking_mount_that_did_not_is_not():
    found = fit(seen(slope=-0.08), KNOWN)
    assert found.trends == ("airmass",)
    assert found.middle.value == pytest.approx(EXPECTED, abs=3 * found.middle.error)
    assert found.rms == pytest.approx(0.004, rel=0.2)


def test_a_straight_curve_is_not_detrended():
    assert fit(seen(), KNOWN).trends == ()


def test_a_trend_that_cannot_be_told_apart_is_not_taken_and_stops_nothing():
    curve = seen(slope=-0.08)
    same = {"x": curve.trends["airmass"], "y": curve.trends["airmass"]}
    found = fit(replace(curve, trends=same), KNOWN, ("x", "y"))
    assert found.trends == ("x",) and list(found.bic) == ["", "x", "y"]
    assert found.middle.value == pytest.approx(EXPECTED, abs=3 * found.middle.error)


def test_a_flux_without_a_transit_in_reach_is_told_with_what_was_predicted():
    times = EXPECTED - 1.0 + np.arange(40) / 720
    with pytest.raises(UserError, match="nothing between 2458020.5000 and 2458020.5542 tells when Ours b crossed: it"):
        fit(RelativeFlux(times, np.ones(40), np.full(40, 0.001)), KNOWN, ())


def test_the_middle_nearest_to_the_middle_of_a_curve_is_predicted_with_its_turn():
    assert predicted(KNOWN, seen(hours=(-2.0, 5.0))) == (EXPECTED, 10)
    ends = np.array([-0.1, 0.0, 2.0, 2.3]) + EXPECTED
    assert predicted(KNOWN, RelativeFlux(ends[[0, 1, 3]], np.ones(3), np.ones(3)))[1] == 11
    assert predicted(KNOWN, RelativeFlux(ends[[0, 2, 2]], np.ones(3), np.ones(3)))[1] == 10
    late = seen(hours=(24 * 2.15 * 0.51 - 1, 24 * 2.15 * 0.51 + 1))
    assert predicted(KNOWN, late) == (pytest.approx(EXPECTED + 2.15, abs=1e-8), 11)


@pytest.mark.parametrize("offered", [("airmass", "x"), ("x", "airmass")])
def test_of_trends_between_which_bic_does_not_tell_the_first_is_taken(offered):
    curve = seen(slope=-0.08)
    alike = curve.trends["airmass"] + np.random.default_rng(5).normal(0, 0.005, 120)
    found = fit(replace(curve, trends={"airmass": curve.trends["airmass"], "x": alike}), KNOWN, offered)
    assert found.trends == offered[:1] and 0.01 < abs(found.bic["x"] - found.bic["airmass"]) < 6


@pytest.mark.long
def test_a_trend_that_fits_far_better_is_taken_before_one_that_is_offered_first():
    curve = seen(slope=-0.2)
    found = fit(curve, KNOWN, ("time", "airmass"))
    assert found.bic["time"] < found.bic[""] - 6 and found.trends[0] == "airmass"


@pytest.mark.parametrize("wild", [1.0, 1.2])
def test_bic_is_of_the_scatter_and_an_outlier_counts_as_the_farthest_that_is_none(wild):
    """n ln(chi squared / n) + k ln n, of errors that are too large, so that the fit is that of the stated ones."""
    curve = seen()
    curve.flux[40] *= wild
    curve.error[:] *= np.linspace(1.5, 2.5, 120)
    found = fit(curve, KNOWN, ())
    share = found.solution.residuals * found.model.baseline(found.solution.values) / curve.error
    farthest = 4 * 1.4826 * np.median(np.abs(share - np.median(share)))
    chi2 = np.sum(np.minimum(np.abs(share), farthest) ** 2)
    assert found.inflation == 1.0 and found.is_outlier.any() == (wild > 1)
    assert found.bic[""] == pytest.approx(120 * np.log(chi2 / 120) + 5 * np.log(120), rel=1e-6)


def test_trends_are_tried_about_0_and_of_width_1_and_a_constant_one_is_not():
    curve = seen(slope=-0.08)
    still = replace(curve, trends={"airmass": curve.trends["airmass"], "sky": np.full(120, 7.0)})
    found = fit(still, KNOWN, ("sky", "airmass", "time"))
    trend = found.model.trends["airmass"]
    assert list(found.bic)[:3] == ["", "airmass", "time"]
    assert trend.mean() == pytest.approx(0, abs=1e-12) and trend.std() == pytest.approx(1)
    np.testing.assert_allclose(found.normalised * found.model.baseline(found.solution.values), found.curve.flux)


def test_an_outlier_is_flagged_and_kept_and_moves_nothing():
    plain, spoilt = seen(), seen()
    spoilt.flux[40] *= 1.2
    found, clean = fit(spoilt, KNOWN, ()), fit(plain, KNOWN, ())
    assert np.flatnonzero(found.is_outlier).tolist() == [40] and len(found.curve) == 120
    assert found.middle.value == pytest.approx(clean.middle.value, abs=clean.middle.error / 2)


@pytest.mark.parametrize(("times", "is_far"), [(3.9, False), (4.4, True)])
def test_a_point_is_an_outlier_from_four_deviations_on(times, is_far):
    curve = seen()
    clean = fit(curve, KNOWN, ())
    base = clean.model.baseline(clean.solution.values)
    curve.flux[100] = base[100] * (1 + times * deviation(clean.solution.residuals))
    assert fit(curve, KNOWN, ()).is_outlier[100] == is_far


def test_errors_that_are_too_small_are_made_larger_by_the_scatter():
    curve = seen()
    small = RelativeFlux(curve.bjd_tdb, curve.flux, curve.error / 3, curve.trends, 60.0)
    found, honest = fit(small, KNOWN, ()), fit(curve, KNOWN, ())
    assert found.inflation == pytest.approx(3 * found.rms / 0.004, rel=0.03)
    assert found.middle.error == pytest.approx(honest.middle.error, rel=0.2)


def test_a_duration_alone_is_enough_to_time_a_transit():
    found = fit(seen(late_d=0.004), of_duration("Ours b", EPHEMERIS), ())
    assert found.middle.value == pytest.approx(EXPECTED + 0.004, abs=3 * found.middle.error)
    assert found.middle.error < 0.002


def test_a_curve_without_order_and_with_holes_is_fitted_all_the_same():
    curve = seen()
    times, flux, error = curve.bjd_tdb[::-1], curve.flux[::-1].copy(), curve.error[::-1]
    flux[3] = np.nan
    found = fit(RelativeFlux(times, flux, error, {}, 60.0, times - 0.003), KNOWN, ()).curve
    assert len(found) == 119
    np.testing.assert_allclose(found.bjd_tdb - found.jd_utc, 0.003, atol=1e-8)


def test_nineteen_points_are_too_few():
    assert len(fit(seen(count=20), KNOWN, ()).curve) == 20
    with pytest.raises(UserError, match="19 points .* fitted to 20 or more"):
        fit(seen(count=19), KNOWN)
