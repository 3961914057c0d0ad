"""Stars fitted together with a shape that is known: how bright each comes out, and whether its error is true."""

import numpy as np
import pytest
from photutils.psf import ImagePSF

from obsy.engine.reduce.group_fit import group_fit

SIGMA, SKY, FINE = 1.5, 15.0, 4
FWHM = 2.3548 * SIGMA
LIGHT = 5000.0


@pytest.fixture(scope="module")
def shape():
    y, x = np.mgrid[-40:41, -40:41] / FINE
    return ImagePSF(gaussian(x, y), oversampling=FINE)


def gaussian(x, y):
    return np.exp(-(x**2 + y**2) / 2 / SIGMA**2) / 2 / np.pi / SIGMA**2


def fitted(shape, stars, seed, more=()):
    """What is fitted to stars (x, y, light) with the noise of their photons; more: places without a star."""
    row, column = np.mgrid[:40, :40]
    truth = sum(light * gaussian(column - x, row - y) for x, y, light in stars)
    noise = np.sqrt(SKY**2 + truth)
    bare = truth + noise * np.random.default_rng(seed).normal(size=truth.shape)
    begun = np.array([*((x + 0.3, y - 0.2, 0.7 * light) for x, y, light in stars), *more]).T
    return group_fit(bare, noise, shape, tuple(begun), FWHM)


@pytest.mark.long
@pytest.mark.parametrize("apart", [1.3, 2.0])
def test_errors_of_close_pairs_are_as_large_as_they_scatter(shape, apart):
    pairs = [
        [(20.0, 20.0, LIGHT), (20 + apart * FWHM * np.cos(n), 20 + apart * FWHM * np.sin(n), LIGHT)] for n in range(80)
    ]
    fits = [fitted(shape, pair, n) for n, pair in enumerate(pairs)]
    pulls = np.concatenate([(each.flux - LIGHT) / each.error for each in fits])
    assert 0.85 < np.std(pulls) < 1.15 and abs(np.mean(pulls)) < 0.3  # 160 values: +-0.06 and 0.08


def test_a_place_without_a_star_costs_its_neighbour_nothing(shape):
    fit = fitted(shape, [(20.0, 20.0, LIGHT)], 1, more=[(24.0, 22.0, 700.0)])
    assert fit.flux[0] == pytest.approx(LIGHT, abs=4 * fit.error[0])
    assert abs(fit.flux[1]) < 4 * fit.error[1]


def test_who_is_led_out_of_reach_says_nothing(shape):
    row, column = np.mgrid[:40, :40]
    bare = LIGHT * gaussian(column - 20, row - 20)
    fit = group_fit(
        bare, np.full(bare.shape, SKY), shape, (np.array([16.0]), np.array([20.0]), np.array([LIGHT])), FWHM
    )
    assert np.isnan(fit.flux[0])
