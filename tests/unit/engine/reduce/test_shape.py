import numpy as np
import pytest
from astropy.modeling.fitting import TRFLSQFitter
from astropy.modeling.models import Gaussian2D

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
