"""The noise of a sky is what it is, in whole numbers and between stars too."""

import numpy as np
import pytest
import sep
from astropy.stats import sigma_clipped_stats

from obsy.engine.reduce.combine import clipped_mean
from obsy.engine.reduce.noise import noise_between, pixel_noise

SIDE = 500


def sky(sigma, seed=2):
    return np.random.default_rng(seed).normal(100.3, sigma, (SIDE, SIDE))


@pytest.mark.parametrize("sigma", [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 20.0])
def test_the_noise_of_whole_numbers_is_their_scatter(sigma):
    counts = np.round(sky(sigma)).astype(np.float32)
    assert pixel_noise(counts) == pytest.approx(np.std(counts), rel=0.03)
    if sigma > 0.1:  # SEP says 1 of a cell that holds hardly more than one number
        assert pixel_noise(counts) == pytest.approx(sep.Background(counts, bw=64, bh=64).globalrms, rel=0.06)


@pytest.mark.parametrize("sigma", [0.5, 10.0])
def test_it_is_what_astropy_has_of_the_same_differences(sigma):
    counts = sky(sigma).astype(np.float32)
    gap = (counts[:, 4:] - counts[:, :-4]).ravel()
    *_, theirs = sigma_clipped_stats(gap, sigma=3, maxiters=None, cenfunc="mean", stdfunc="std")
    assert pixel_noise(counts) == pytest.approx(theirs / 2**0.5, rel=0.02)
    assert pixel_noise(counts) == pytest.approx(sigma, rel=0.01)


def test_stars_do_not_count_as_noise(draw_stars):
    rng = np.random.default_rng(3)
    x, y = rng.uniform(10, SIDE - 10, (2, 200))
    stars = draw_stars((SIDE, SIDE), x, y, 10 ** rng.uniform(2, 4.5, 200), (2.0, 2.0, 0.0))
    assert pixel_noise((sky(10.0) + stars).astype(np.float32)) == pytest.approx(10.0, rel=0.04)


@pytest.mark.parametrize("sigma", [0.2, 0.25, 0.3])
def test_of_a_sky_that_is_nearly_one_number_stars_do_not_count_either(sigma, draw_stars):
    counts = np.random.default_rng(3).normal(100, sigma, (SIDE, SIDE))
    x, y = np.random.default_rng(4).uniform(10, SIDE - 10, (2, 50))
    stars = np.round(draw_stars((SIDE, SIDE), x, y, np.full(50, 3e4), (1.5, 1.5, 0.0)))
    found = pixel_noise((np.round(counts) + stars).astype(np.float32))
    assert found == pytest.approx(np.std(np.round(counts)), rel=0.25)


@pytest.mark.parametrize(("level", "sigma"), [(100.3, 0.15), (100.3, 0.2), (100.25, 0.3), (100.4, 0.1), (100.1, 0.4)])
@pytest.mark.parametrize("step", [1, 16])
def test_the_mean_of_quiet_whole_numbers_keeps_the_rarer_one(level, sigma, step):
    frames = np.round(np.random.default_rng(6).normal(level, sigma, (20, 100, 100))).astype(np.float32) * step
    noise = np.full(20, noise_between(frames[0], frames[-1]), np.float32)
    mean, _ = clipped_mean(frames.reshape(20, -1).T.copy(), np.ones(20, np.float32), 3.0, noise)
    assert mean.mean() == pytest.approx(frames.mean(), abs=0.005 * step)


def test_frames_that_do_not_overlap_have_no_noise_between_them():
    assert noise_between(np.ones((3, 3), np.float32), np.full((3, 3), np.nan, np.float32)) == 0.0


def test_a_gradient_and_holes_do_not_count_as_noise():
    counts = (sky(10.0) + np.linspace(0, 800, SIDE)).astype(np.float32)
    counts[::7, ::5] = np.nan
    assert pixel_noise(counts) == pytest.approx(10.0, rel=0.12)


def test_where_nothing_can_be_measured_it_is_one_and_never_nothing():
    assert pixel_noise(np.full((9, 9), np.nan, np.float32)) == 1.0
    assert pixel_noise(np.ones((9, 3), np.float32)) == 1.0
    assert pixel_noise(np.full((9, 9), 500.0, np.float32)) == 1e-6
