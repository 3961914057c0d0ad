"""Of a fit: what was put in comes out, within what it says of itself."""

import numpy as np
import pytest

from obsy.engine.science.transit.curve import RelativeFlux
from obsy.engine.science.transit.fit import fit
from obsy.engine.science.transit.planet import of_duration
from obsy.errors import UserError
from tests.support.transits import EPHEMERIS, EXPECTED, KNOWN, seen


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
    assert 0.6 < np.std(pulls) < 1.3  # 24 draws of width 1: 0.14 either way, and red noise makes errors larger


def test_a_transit_half_an_hour_late_is_found_to_the_minute():
    found = fit(seen(late_d=0.021, slope=0.0), KNOWN, ())
    assert found.middle.value == pytest.approx(EXPECTED + 0.021, abs=0.0015)


@pytest.mark.once
def test_air_that_bent_the_curve_is_chosen_and_a_shaking_mount_that_did_not_is_not():
    found = fit(seen(slope=-0.08), KNOWN)
    assert found.trends == ("airmass",)
    assert found.middle.value == pytest.approx(EXPECTED, abs=3 * found.middle.error)
    assert found.rms == pytest.approx(0.004, rel=0.2)


def test_a_straight_curve_is_not_detrended():
    assert fit(seen(), KNOWN).trends == ()


def test_an_outlier_is_flagged_and_kept_and_moves_nothing():
    plain, spoilt = seen(), seen()
    spoilt.flux[40] *= 1.2
    found, clean = fit(spoilt, KNOWN, ()), fit(plain, KNOWN, ())
    assert np.flatnonzero(found.is_outlier).tolist() == [40] and len(found.curve) == 120
    assert found.middle.value == pytest.approx(clean.middle.value, abs=clean.middle.error / 2)


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
    with pytest.raises(UserError, match="19 points .* fitted to 20 or more"):
        fit(seen(count=19), KNOWN)
