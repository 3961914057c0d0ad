"""The noise of a sky is what it is, in whole numbers and between stars too."""

import numpy as np
import pytest
import sep
from astropy.stats import sigma_clipped_stats

from obsy.engine.reduce.noise import pixel_noise

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


def test_a_gradient_and_holes_do_not_count_as_noise():
    counts = (sky(10.0) + np.linspace(0, 800, SIDE)).astype(np.float32)
    counts[::7, ::5] = np.nan
    assert pixel_noise(counts) == pytest.approx(10.0, rel=0.12)


def test_where_nothing_can_be_measured_it_is_one_and_never_nothing():
    assert pixel_noise(np.full((9, 9), np.nan, np.float32)) == 1.0
    assert pixel_noise(np.ones((9, 3), np.float32)) == 1.0
    assert pixel_noise(np.full((9, 9), 500.0, np.float32)) == 1e-6
