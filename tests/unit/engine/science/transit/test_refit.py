"""An ephemeris by own transits: it is the line that they were made of, with errors that are true."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.declare.target import Ephemeris
from obsy.engine.science.transit.fit import NumberWithError
from obsy.engine.science.transit.refit import refitted
from obsy.errors import UserError

TRUE = Ephemeris(2461000.1234, 2.15, 3.1)


def middles(turns, errors, seed=None):
    """Transits of `TRUE`, with noise of their errors if a seed is said."""
    noise = np.zeros(len(turns)) if seed is None else np.random.default_rng(seed).normal(0, errors)
    return [
        NumberWithError(TRUE.epoch_jd + turn * TRUE.period_d + late, error)
        for turn, error, late in zip(turns, errors, noise.tolist(), strict=True)
    ]


@given(
    st.lists(st.integers(-900, 900), min_size=2, max_size=8, unique=True),
    st.floats(-0.05, 0.05), st.floats(-2e-5, 2e-5), st.integers(-500, 500),
)  # fmt: skip
def test_without_noise_it_is_the_true_one_whatever_was_declared(turns, epoch_off, period_off, shift):
    declared = Ephemeris(TRUE.epoch_jd + shift * TRUE.period_d + epoch_off, TRUE.period_d + period_off, 3.1)
    made = refitted(middles(turns, [0.0005] * len(turns)), declared)
    assert made.ephemeris.period_d == pytest.approx(TRUE.period_d, abs=1e-8)
    away = (made.ephemeris.epoch_jd - TRUE.epoch_jd) / TRUE.period_d
    assert away == pytest.approx(round(away), abs=1e-6) and made.inflation == 1.0 and not made.with_declared
    assert [each.left_d for each in made.transits] == pytest.approx([0.0] * len(turns), abs=1e-8)


def test_its_errors_are_as_wide_as_it_scatters():
    turns, errors = [0, 3, 150, 151, 300, 420], [0.001, 0.0005, 0.002, 0.0007, 0.001, 0.0005]
    pulls = []
    for seed in range(150):
        new = refitted(middles(turns, errors, seed), TRUE).ephemeris
        turn = round((new.epoch_jd - TRUE.epoch_jd) / TRUE.period_d)
        late = new.epoch_jd - TRUE.epoch_jd - turn * TRUE.period_d
        pulls.append((late / new.epoch_error_d, (new.period_d - TRUE.period_d) / new.period_error_d))
    assert np.std(pulls, axis=0) == pytest.approx([0.85, 0.85], abs=0.15)  # below 1, for errors only ever grow


def test_it_begins_at_the_turn_where_the_epoch_is_known_best():
    made = refitted(middles([0, 100, 110], [0.001, 0.0002, 0.0002]), TRUE)
    new, jds = made.ephemeris, TRUE.epoch_jd + TRUE.period_d * np.arange(60, 140)
    least = min(jds, key=new.error_d)
    assert new.epoch_jd == pytest.approx(least, abs=1e-6) and 95 < (new.epoch_jd - TRUE.epoch_jd) / 2.15 < 110


def test_one_transit_counts_where_the_errors_of_the_declared_are_said_and_each_by_its_weight():
    declared = TRUE._replace(epoch_error_d=0.001, period_error_d=1e-5)
    (late,) = middles([100], [0.001])
    made = refitted([NumberWithError(late.value + 0.002, 0.001)], declared)
    assert made.with_declared and made.spare == 1
    # On turn 100 the declared one is known to root two of 0.001 d: the new one goes two thirds of the way.
    assert made.transits[0].left_d == pytest.approx(0.002 / 3, rel=1e-3)
    assert made.transits[0].late_d.error == pytest.approx(0.001 * 3**0.5, rel=1e-4)


def test_where_middles_scatter_by_more_than_their_errors_these_grow():
    far = [
        NumberWithError(each.value + sign * 0.005, each.error)
        for each, sign in zip(middles([0, 50, 100], [0.001] * 3), (1, -1, 1), strict=True)
    ]
    made = refitted(far, TRUE)
    assert made.inflation == pytest.approx((made.chi2 / made.spare) ** 0.5) and made.inflation > 5
    assert made.ephemeris.epoch_error_d > 0.001


@pytest.mark.parametrize("turns", [[5], [5, 5]])
def test_transits_of_one_turn_tell_no_period(turns):
    with pytest.raises(UserError, match="transits of one turn tell no period: take another one"):
        refitted(middles(turns, [0.001] * len(turns)), TRUE)


def test_an_ephemeris_that_lost_count_is_refused():
    with pytest.raises(UserError, match="may be wrong by 0.90 d, and nobody can count the turns"):
        refitted(middles([0, 900], [0.001, 0.001]), TRUE._replace(period_error_d=0.001))
