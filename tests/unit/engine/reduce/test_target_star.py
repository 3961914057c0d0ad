"""A star's signal to noise on made frames of which it is known, and beside photutils."""

from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from astropy.nddata import CCDData
from numpy.typing import NDArray
from photutils.aperture import CircularAperture, aperture_photometry
from photutils.utils import calc_total_error

from obsy.engine.frames.frame import Frame
from obsy.engine.library.master import Masters
from obsy.engine.reduce.light import LightFrame
from obsy.engine.reduce.orders import LightOrder, Measures, Optics
from obsy.engine.reduce.plane import tangent
from obsy.engine.reduce.stars import DetectedStars, detect
from obsy.engine.reduce.target_star import with_target
from obsy.engine.signal import WITHIN
from obsy.schemas.pipeline import Pipeline
from tests.support.frames import A_LIGHT

SIZE, MIDDLE = 101, (50.3, 49.6)
SIGMA, GAIN = 1.7, 1.2
FWHM = 2.3548 * SIGMA
PIPELINE = Pipeline.model_validate({"kind": "pipeline", "name": "p", "steps": [{"step": "measure"}]})
OPTICS = Optics(scale_arcsec=1.9, conversion=GAIN, read_noise_e=5.0, saturation_adu=60000.0)
PLANE = tangent(10.0, 20.0, MIDDLE, np.diag([-1.9, 1.9]) / 3600)
Image = NDArray[np.float64]


def taken(truth: Image, dice: np.random.Generator) -> Image:
    """A frame of it in ADU: photons, then read noise."""
    return (dice.poisson(truth * GAIN) + dice.normal(0, OPTICS.read_noise_e, truth.shape)) / GAIN


def measured(
    counts: Image, aim: tuple[float, float] | None = (10.0, 20.0), stars: DetectedStars | None = None
) -> Measures:
    whatever = Path("whatever")
    order = LightOrder(
        Frame(**A_LIGHT | {"path": whatever}), whatever, whatever, Masters(), PIPELINE, None, OPTICS, None, aim=aim
    )
    full = counts >= OPTICS.saturation_adu
    frame = CCDData(counts.astype(np.float32), unit="adu")
    return with_target(LightFrame(order, {}, frame, full, 60.0, Measures(fwhm_px=FWHM), stars), PLANE).measures


@pytest.fixture
def truth(draw_stars):  # type: ignore[no-untyped-def]
    """Makes a sky with one star."""

    def made(flux: float, sky: float) -> Image:
        x, y = (np.array([each]) for each in MIDDLE)
        return sky + draw_stars((SIZE, SIZE), x, y, np.array([flux]), (SIGMA, SIGMA, 0.0))

    return made


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize(("flux", "sky"), [(300.0, 20.0), (1500.0, 400.0), (60000.0, 400.0), (0.0, 100.0)])
def test_the_flux_scatters_about_the_truth_by_its_error(truth, flux: float, sky: float) -> None:  # type: ignore[no-untyped-def]
    """Of 400 frames the scatter is known to 3.5 %, and 1/16 of the light lies outside of the aperture."""
    dice, image = np.random.default_rng(3), truth(flux, sky)
    found = [measured(taken(image, dice)) for _ in range(400)]
    fluxes, errors = (np.array([getattr(each, key) for each in found]) for key in ("target_adu", "target_error_adu"))
    assert np.std((fluxes - fluxes.mean()) / errors) == pytest.approx(1.0, abs=0.12)
    assert fluxes.mean() == pytest.approx(WITHIN * flux, abs=4 * errors.mean() / sqrt(400) + 0.01 * flux)


def test_a_star_s_signal_to_noise_is_that_of_photutils(truth) -> None:  # type: ignore[no-untyped-def]
    """Given the sky and its noise, which here are known."""
    sky = 400.0
    counts = taken(truth(1500.0, sky), np.random.default_rng(4))
    noise = np.full(counts.shape, sqrt(sky * GAIN + OPTICS.read_noise_e**2) / GAIN)
    error = calc_total_error(counts - sky, noise, GAIN)
    theirs = aperture_photometry(counts - sky, CircularAperture([MIDDLE], FWHM), error=error)[0]
    ours = measured(counts)
    assert ours.target_adu == pytest.approx(theirs["aperture_sum"], rel=0.02)
    assert ours.target_error_adu == pytest.approx(theirs["aperture_sum_err"], rel=0.03)


def test_where_no_star_can_be_measured_none_is() -> None:
    sky = np.full((SIZE, SIZE), 400.0) + np.random.default_rng(1).normal(0, 10, (SIZE, SIZE))
    full = sky.copy()
    full[50, 50] = 61000.0
    assert measured(full).target_adu is None
    hole = sky.copy()
    hole[50, 51] = np.nan
    assert measured(hole).target_adu is None
    assert measured(sky, aim=None).target_adu is None
    assert measured(sky, aim=(10.0275, 20.0)).target_adu is None  # its aperture reaches over the edge
    assert measured(sky, aim=(10.02, 20.0)).target_adu is not None  # the sky around it does
    assert measured(sky).target_adu is not None


def test_a_detected_star_beside_the_place_is_taken_where_it_stands(truth) -> None:  # type: ignore[no-untyped-def]
    """Coordinates of a plan are often good to some arcseconds; a star farther off than 1.5 widths is another."""
    counts = taken(truth(60000.0, 100.0), np.random.default_rng(2))
    stars = detect((counts - 100.0).astype(np.float32), 5.0, 64, np.zeros(counts.shape, bool))
    there, near = (measured(counts, (10.0, 20.0 + off / 3600), stars).target_adu for off in (0.0, 8.0))
    alone, far = (measured(counts, (10.0, 20.0 + off / 3600)).target_adu for off in (8.0, 24.0))
    assert there == near == pytest.approx(WITHIN * 60000.0, rel=0.02)
    assert alone is not None and alone < 0.6 * 60000.0
    assert measured(counts, (10.0, 20.0 + 24.0 / 3600), stars).target_adu == far
