"""Of noise: what averages away, and what does not."""

import numpy as np
import pytest

from obsy.engine.science.transit.noise import deviation, inflation, neighbour_scatter, red_noise, usual_step

MINUTE = 1 / 1440
TIMES = np.arange(600) * MINUTE


def blocks(of, count, start=1.0):
    """A residual of 1 that changes its sign after so many points."""
    return start * (-1.0) ** (np.arange(count) // of)


def test_white_noise_is_hardly_red():
    """The largest of several is above 1 by chance: by 0.1 in the mean, and seldom by a half."""
    dice = np.random.default_rng(3)
    betas = [red_noise(np.arange(120) * 3 * MINUTE, dice.normal(size=120), 0) for _ in range(200)]
    assert 1.05 < np.mean(betas) < 1.2 and np.mean(np.array(betas) > 1.5) < 0.03


def test_a_slow_wave_is_red():
    noise = np.random.default_rng(3).normal(size=600)
    assert red_noise(TIMES, noise + 1.5 * np.sin(TIMES * 2 * np.pi * 12), 0) > 2


def test_frames_that_come_twice_a_minute_are_red_too():
    assert red_noise(np.arange(400) * MINUTE / 2, blocks(20, 400), 0) == pytest.approx(20**0.5)


@pytest.mark.parametrize(("free", "beta"), [(0, 2**0.5), (4, 1.5)])
def test_pairs_that_differ_together_scatter_by_the_root_of_two_more_and_a_fit_takes_its_share_of_both(free, beta):
    assert red_noise(np.arange(40) * 15 * MINUTE, blocks(2, 40), free) == pytest.approx(beta, rel=1e-12)


@pytest.mark.parametrize(("of", "beta"), [(3, 3**0.5), (4, 2**0.5)])
def test_of_the_lengths_up_to_half_an_hour_the_one_that_scatters_most_counts(of, beta):
    assert red_noise(np.arange(48) * 10 * MINUTE, blocks(of, 48), 0) == pytest.approx(beta, rel=1e-12)


@pytest.mark.parametrize(("step_min", "is_seen"), [(10 / 4.4999, True), (10 / 4.5001, False)])
def test_what_lasts_less_than_ten_minutes_is_not_looked_for(step_min, is_seen):
    beta = red_noise(np.arange(160) * step_min * MINUTE, blocks(4, 160), 0)
    assert (beta == pytest.approx(2.0)) if is_seen else (beta < 1.7)


@pytest.mark.parametrize(("step_min", "is_seen"), [(30 / 13.5001, True), (30 / 13.4999, False)])
def test_what_lasts_more_than_half_an_hour_is_not_looked_for(step_min, is_seen):
    beta = red_noise(np.arange(168) * step_min * MINUTE, blocks(14, 168), 0)
    assert (beta == pytest.approx(14**0.5)) is is_seen


@pytest.mark.parametrize(("count", "free", "is_told"), [(8, 0, True), (7, 0, False), (16, 4, True), (15, 4, False)])
def test_fewer_than_four_bins_beyond_those_that_a_fit_takes_tell_no_colour(count, free, is_told):
    assert (red_noise(np.arange(count) * 15 * MINUTE, blocks(2, count), free) > 1) is is_told


def test_what_fits_exactly_has_no_colour():
    assert red_noise(TIMES, np.zeros(600), 3) == 1.0
    assert red_noise(np.zeros(600), np.ones(600), 3) == 1.0


def test_frames_that_come_in_pairs_are_as_far_apart_as_their_mean():
    pairs = np.repeat(np.arange(30) * 300.0, 2) + np.tile([0.0, 5.0], 30)
    assert usual_step(pairs) == pytest.approx(150.0)


def test_an_hour_of_clouds_does_not_change_how_far_frames_usually_are_apart():
    times = np.r_[np.arange(60), 120 + np.arange(60)] * MINUTE
    assert usual_step(times) == pytest.approx(MINUTE)
    assert usual_step(np.array([0.0, 1.0, 2.0, 9.0])) == 3.0 and usual_step(np.array([0.0, 5.0])) == 5.0
    assert usual_step(times[:4]) == pytest.approx(MINUTE) and usual_step(times[:1]) == usual_step(times[:0]) == 0.0


def test_neighbours_tell_the_scatter_and_a_slope_or_a_hole_changes_nothing():
    noise = np.random.default_rng(6).normal(0, 0.01, 4000)
    noise[7] = np.nan
    assert neighbour_scatter(noise + np.linspace(1, 1.2, 4000)) == pytest.approx(0.01, rel=0.05)


def test_neighbours_that_are_mostly_the_same_scatter_all_the_same():
    assert neighbour_scatter(np.array([1.0, 1.0, 1.0, 1.2, 1.2, 1.2])) == pytest.approx(0.2 / np.sqrt(10))
    assert neighbour_scatter(np.array([1.0])) == neighbour_scatter(np.array([1.0, np.nan, 1.0])) == np.inf


def test_errors_never_shrink_and_grow_by_the_root_of_chi_squared_over_what_is_free():
    assert inflation(np.full(50, 0.1), 3) == 1.0
    assert inflation(np.full(50, 3.0), 5) == pytest.approx(3 * (50 / 45) ** 0.5)
    assert inflation(np.full(3, 2.0), 5) == pytest.approx(12**0.5)


def test_one_wild_point_changes_the_deviation_little():
    values = np.random.default_rng(4).normal(7.0, 1.0, size=5000)
    assert deviation(values) == pytest.approx(1.0, rel=0.03)
    assert deviation(np.append(values, 1e6)) == pytest.approx(deviation(values), rel=0.01)
