"""What the step says of stars' light, on a made frame; the rest is seen where frames are reduced (`test_work.py`)."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from astropy.nddata import CCDData, StdDevUncertainty

from obsy.engine.frames.frame import Frame
from obsy.engine.library.master import Masters
from obsy.engine.reduce.light import LightFrame
from obsy.engine.reduce.orders import LightOrder, Measures, Optics
from obsy.engine.reduce.steps import measure
from obsy.schemas.pipeline import Pipeline
from tests.support.frames import A_LIGHT

PIPELINE = Pipeline.model_validate({"kind": "pipeline", "name": "p", "steps": [{"step": "measure"}]})


@pytest.fixture
def bright(sky):
    return sky(count=30, faintest=40000.0)


def measured(counts, deviation: float | None = None, step=PIPELINE.steps[0]) -> LightFrame:
    whatever, optics = Path("whatever"), Optics(1.9, 1.2, 3.0, 60000.0)
    frame = Frame(**A_LIGHT | {"path": whatever})
    order = LightOrder(frame, whatever, whatever, Masters(), PIPELINE, None, optics, None)
    known = None if deviation is None else StdDevUncertainty(np.full(counts.shape, deviation, dtype=np.float32))
    adu = CCDData(counts.astype(np.float32), unit="adu", uncertainty=known)
    light = LightFrame(order, {}, adu, counts >= optics.saturation_adu, 60.0, Measures())
    return measure.run(light, step)


def test_flux_is_the_star_s_own(bright):
    assert np.median(measured(bright.counts()).fluxes / bright.flux) == pytest.approx(1.0, abs=0.005)


def test_stars_that_do_not_stand_out_of_their_pixels_errors_have_none(bright):
    """The aperture is of 10 px radius: 314 pixels of 1,000 ADU hide stars below some 89,000."""
    light = measured(bright.counts(), 1000.0)
    least = 5 * 1000 * np.sqrt(np.pi) * 2.5 * light.measures.fwhm_px
    assert 0.8e5 < least < 1e5
    assert (light.fluxes[np.isfinite(light.fluxes)] > least).all()
    assert np.isfinite(light.fluxes).sum() == pytest.approx((bright.flux > least).sum(), abs=1)


def test_a_star_whose_light_reaches_over_the_edge_has_none(bright):
    cut = bright.counts()[:, int(bright.x[0]) - 5 :]
    light = measured(cut)
    first = int(np.argmin(np.hypot(light.shapes.x - 5, light.shapes.y - bright.y[0])))
    assert np.isnan(light.fluxes[first])
    assert np.isfinite(light.fluxes).sum() > 5


def test_what_has_no_shape_has_no_flux():
    light = measured(np.zeros((64, 64)))
    assert len(light.fluxes) == 0
    assert replace(light.measures, background_adu=None, noise_adu=None).fwhm_px is None


def test_as_many_stars_are_measured_as_the_step_says(sky):
    counts = sky(count=120, faintest=40000.0).counts()
    few = measured(counts, step=PIPELINE.steps[0].model_copy(update={"stars": 50}))
    every = measured(counts)
    assert len(few.shapes.x) == 50 < len(every.shapes.x) == len(every.stars)
    np.testing.assert_array_equal(few.shapes.x, every.shapes.x[:50])
