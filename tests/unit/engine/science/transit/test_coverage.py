"""Of what a fit says: how much of the transit was taken, when it came, and what is not to be said."""

from dataclasses import replace

import numpy as np
import pytest

from obsy.engine.science.transit.coverage import result
from tests.support.transits import BETA, EXPECTED, fitted


def test_a_whole_transit_has_no_doubts():
    told = result(fitted(count=120))
    assert told.doubts == () and told.refusal == ""
    assert all(share > 0.9 for share in told.coverage.values())
    assert told.turn == 10 and told.predicted.value == pytest.approx(EXPECTED, abs=1e-9)


def test_it_is_late_with_the_errors_of_fit_and_ephemeris():
    told = result(fitted())
    assert told.late_d.value == pytest.approx(0.001, abs=1e-9)
    assert told.late_d.error == pytest.approx(np.hypot(0.0007 * BETA, 0.0002), rel=1e-3)


def test_a_missed_ingress_is_named_and_the_middle_is_still_told():
    told = result(fitted(hours=(-0.9, 2.7)))
    assert told.coverage["ingress"] == 0 and told.refusal == ""
    assert "the ingress was not taken (0% of it): the middle rests on how long the transit lasts" in told.doubts


def test_without_either_contact_nothing_is_reported():
    assert "neither ingress nor egress" in result(fitted(hours=(-0.9, 0.9))).refusal


def test_without_a_baseline_nothing_is_reported():
    assert "before or after" in result(fitted(hours=(-1.5, 1.5))).refusal


def test_no_transit_is_an_upper_limit():
    assert result(fitted(ratio=0.004)).refusal == "no transit is seen: a depth of 0.00% +- 0.00%, and 0.01% at most"


def test_frames_that_come_in_pairs_leave_no_hole_between_them():
    fit = fitted(count=120)
    times = fit.curve.bjd_tdb
    pairs = replace(fit.curve, bjd_tdb=np.where(np.arange(120) % 2, np.roll(times, 1) + 5 / 86400, times))
    assert all(share > 0.9 for share in result(replace(fit, curve=pairs)).coverage.values())


def half_durations_h():
    """From the middle to fourth and to third contact, by hand: a planet of 0.15 passes 0.116 off the middle."""
    across = [np.sqrt((1 + way * 0.15) ** 2 - (6.05 * np.cos(np.radians(88.9))) ** 2) for way in (1, -1)]
    return [2.15 / np.pi * np.arcsin(each / 6.05 / np.sin(np.radians(88.9))) / 2 * 24 for each in across]


def test_each_part_is_told_by_the_share_of_it_that_was_taken():
    fit = fitted(count=240, hours=(-1.75, 1.6))
    outer, inner = half_durations_h()
    left, right = -1.75 - 0.024, 1.6 - 0.024
    told = result(fit)
    assert told.duration_d * 24 == pytest.approx(2 * outer)
    assert told.coverage == {
        "baseline before": pytest.approx((-outer - left) / 0.75, abs=1e-5),
        "ingress": pytest.approx(1.0),
        "middle": pytest.approx(1.0),
        "egress": pytest.approx(1.0),
        "baseline after": pytest.approx((right - outer) / 0.75, abs=1e-5),
    }
    half = result(fitted(count=240, hours=(-2.7, inner + 0.024 + (outer - inner) / 4)))
    assert half.coverage["egress"] == pytest.approx(0.25, abs=0.001)
    assert half.doubts[0] == "the egress was not taken (25% of it): the middle rests on how long the transit lasts"


def test_a_fit_that_misses_its_star_lasts_as_long_as_was_declared_and_has_no_middle_to_miss():
    fit = fitted(count=120)
    beside = replace(fit, planet=replace(fit.planet, orbit=replace(fit.planet.orbit, inclination_deg=70.0)))
    told = result(beside)
    assert told.duration_d == pytest.approx(3.1 / 24)
    assert told.coverage["middle"] == 1.0 and told.coverage["ingress"] == pytest.approx(1.0)


@pytest.mark.parametrize(("ratio", "is_seen"), [(0.021, False), (0.022, True)])
def test_a_depth_of_three_times_its_error_is_a_transit(ratio, is_seen):
    assert (result(fitted(count=120, ratio=ratio)).refusal == "") is is_seen


@pytest.mark.parametrize(("late_d", "is_told"), [(0.0025, False), (0.0027, True)])
def test_three_times_its_error_from_the_ephemeris_is_told(late_d, is_told):
    assert (result(fitted(count=120, late_d=late_d)).doubts != ()) is is_told


@pytest.mark.parametrize(("missing", "steps"), [(2, 0.0), (3, 3.5)])
def test_frames_more_than_three_times_as_far_apart_as_usual_leave_a_hole(missing, steps):
    """They are two and a half, or three and a half times as far apart in the ingress."""
    fit = fitted(count=120)
    times = fit.curve.bjd_tdb
    first, step = int(np.searchsorted(times, EXPECTED - 0.055)), float(times[1] - times[0])
    fit.is_outlier[first : first + missing] = True
    times[first + missing] -= step / 2
    outer, inner = half_durations_h()
    assert result(fit).coverage["ingress"] == pytest.approx(1 - steps * step * 24 / (outer - inner), abs=1e-3)


def test_the_depth_is_the_square_of_the_radius_with_twice_its_error():
    told = result(fitted())
    assert told.depth.value == pytest.approx(0.0225)
    assert told.depth.error == pytest.approx(2 * 0.15 * fitted().ratio.error)


def test_clouds_in_the_middle_are_told():
    fit = fitted(count=120)
    fit.is_outlier[:] = np.abs(fit.curve.bjd_tdb - EXPECTED) < 0.045
    assert any("of its middle was taken" in each for each in result(fit).doubts)


def test_a_transit_far_from_its_ephemeris_is_told():
    assert any("times its error from where the ephemeris" in each for each in result(fitted(late_d=0.02)).doubts)


def test_an_assumed_orbit_is_told():
    assert any("no orbit was given" in each for each in result(fitted(reference="")).doubts)


def test_a_curve_without_air_mass_is_told_to_hide_a_trend():
    fit = fitted(count=120)
    bare = replace(fit, curve=replace(fit.curve, trends={"x": fit.curve.trends["x"]}))
    assert result(bare).doubts == (
        "the light curve has no air mass for every point: a trend may hide in it, in middle and depth too",
    )


def test_noise_that_does_not_average_away_is_a_doubt():
    assert result(replace(fitted(count=120), beta=2.0)).doubts == ()
    doubt, *rest = result(replace(fitted(count=120), beta=2.3)).doubts
    assert doubt.startswith("something slow beside the transit is in it (red noise 2.3)") and not rest


def test_a_plan_that_took_all_that_it_asked_for_beside_the_transit_is_not_doubted():
    short = fitted(count=120, hours=(-1.9, 1.9))
    usual, asked = result(short), result(short, (600.0, 600.0))
    assert sum("the level there is a guess" in each for each in usual.doubts) == 2
    assert asked.doubts == () and asked.coverage["baseline before"] > 0.9
    (doubt,) = result(short, (600.0, 3600.0)).doubts
    assert "of 60 min of baseline after was taken" in doubt or "of 1 h of baseline after was taken" in doubt
