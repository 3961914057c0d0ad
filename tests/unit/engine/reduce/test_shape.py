import numpy as np
import pytest
from astropy.modeling.fitting import TRFLSQFitter
from astropy.modeling.models import Gaussian2D
from scipy.stats import norm

from obsy.engine.reduce.shape import FWHM_PER_SIGMA, shapes


def bare(made):
    return (made.counts() - made.level).astype(np.float32)


def test_width_agrees_with_a_gaussian_fit(sky):
    made = sky(count=20, faintest=20000.0, sigma=(2.4, 1.8, 0.5))
    counts = bare(made)
    ours = shapes(counts, made.x, made.y, 15)
    theirs = []
    for x, y in zip(made.x, made.y, strict=True):
        left, bottom = round(x) - 10, round(y) - 10
        rows, columns = np.mgrid[bottom : bottom + 21, left : left + 21]
        start = Gaussian2D(counts[round(y), round(x)], x, y, 2.0, 2.0)
        fit = TRFLSQFitter()(start, columns, rows, counts[bottom : bottom + 21, left : left + 21].astype(float))
        theirs.append(FWHM_PER_SIGMA * np.sqrt((fit.x_stddev**2 + fit.y_stddev**2) / 2))
    assert np.median(ours.fwhm) == pytest.approx(np.median(theirs), rel=0.01)
    assert ours.fwhm == pytest.approx(np.array(theirs), rel=0.05)


def test_eccentricity_is_the_ellipse_s_own(sky):
    made = sky(count=20, faintest=40000.0, sigma=(3.0, 2.0, 1.1))
    ours = shapes(bare(made), made.x, made.y, 15)
    assert np.median(ours.eccentricity) == pytest.approx(np.sqrt(1 - (2 / 3) ** 2), abs=0.01)


def test_middles_are_true_to_a_fiftieth_of_a_pixel(sky):
    made = sky(count=30, faintest=40000.0)
    ours = shapes(bare(made), np.round(made.x), np.round(made.y), 15)
    assert np.hypot(ours.x - made.x, ours.y - made.y).max() < 0.02


def test_half_the_flux_of_a_gaussian_lies_within_half_its_fwhm(sky):
    made = sky(count=30, faintest=40000.0, sigma=(2.5, 2.5, 0.0))
    ours = shapes(bare(made), made.x, made.y, 15)
    assert np.median(ours.hfr) == pytest.approx(1.1774 * 2.5, rel=0.02)  # sqrt(2 ln 2) sigma


def test_what_is_no_star_has_no_width():
    middle = np.array([32.0])
    assert np.isnan(shapes(np.zeros((64, 64), dtype=np.float32), middle, middle, 15).fwhm).all()


@pytest.mark.parametrize("fwhm", [1.2, 1.6, 2.0, 2.4, 3.0])
def test_stars_that_pixels_hardly_sample_are_measured_as_true_as_wide_ones(fwhm):
    across = np.arange(4) * 40.0 + 30 + np.array([-0.45, -0.2, 0.1, 0.4])
    x, y = (each.ravel() for each in np.meshgrid(across, across + 0.3))
    edges, sigma = np.arange(191) - 0.5, fwhm / FWHM_PER_SIGMA
    shares = [np.diff(norm.cdf((edges - place[:, None]) / sigma), axis=1) for place in (y, x)]
    counts = 50_000 * np.einsum("nj,nk->jk", *shares)  # the light of a Gaussian in each pixel
    ours = shapes(counts.astype(np.float32), np.round(x), np.round(y), 15)
    pixel = FWHM_PER_SIGMA / np.sqrt(12)
    assert ours.fwhm == pytest.approx(np.full(16, np.hypot(fwhm, pixel)), rel=0.08)
    assert np.hypot(ours.x - x, ours.y - y).max() < 0.05


def test_what_has_no_shape_is_left_where_it_was():
    counts = np.zeros((64, 64), dtype=np.float32)
    counts[30, 31] = 1000.0  # a hot pixel
    ours = shapes(counts, np.array([30.6]), np.array([30.3]), 15)
    assert (ours.x[0], ours.y[0]) == (30.6, 30.3)
    assert np.isnan(ours.fwhm[0])
