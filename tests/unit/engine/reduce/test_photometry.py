import numpy as np
import pytest

from obsy.engine.reduce.photometry import APERTURE_FWHM, fluxes
from obsy.engine.reduce.shape import shapes


@pytest.fixture
def bright(sky):
    made = sky(count=30, faintest=40000.0)
    counts = (made.counts() - made.level).astype(np.float32)
    return made, counts, shapes(counts, made.x, made.y, 15)


def test_flux_is_the_star_s_own(bright):
    made, counts, stars = bright
    assert np.median(fluxes(counts, None, stars)[0] / made.flux) == pytest.approx(1.0, abs=0.005)


def test_an_error_is_the_noise_of_the_pixels_in_the_aperture(bright):
    made, counts, stars = bright
    _, error = fluxes(counts, np.full(counts.shape, 12.0), stars)
    radius = APERTURE_FWHM * np.median(stars.fwhm)
    assert error == pytest.approx(12.0 * np.sqrt(np.pi) * radius, rel=1e-6)


def test_without_deviations_nothing_is_said_to_be_uncertain(bright):
    _, counts, stars = bright
    assert (fluxes(counts, None, stars)[1] == 0).all()


def test_what_has_no_shape_has_no_flux():
    middle = np.array([32.0])
    flat = np.zeros((64, 64), dtype=np.float32)
    assert np.isnan(fluxes(flat, None, shapes(flat, middle, middle, 15))).all()
