"""The middle of a star's light is as uncertain as photons leave it: held against the fit that found it."""

import numpy as np
import pytest

from obsy.engine.reduce.shape import shapes
from obsy.engine.reduce.star_table import Observation, StarTable
from obsy.engine.science.astrometry.centroid import centroid_errors


@pytest.mark.parametrize(("light", "sky"), [(20_000.0, 25.0), (3_000.0, 200.0)])
def test_the_error_of_a_middle_is_what_drawn_photons_give(light, sky):
    rng, sigma, rows = np.random.default_rng(5), 1.4, 12
    middles = np.indices((rows, rows)).reshape(2, -1) * 32 + 20 + rng.uniform(-0.5, 0.5, (2, rows**2))
    span, frame = np.arange(rows * 32 + 10.0), np.full((rows * 32 + 10,) * 2, sky)
    for x, y in middles.T:
        across, up = (np.exp(-((span - each) ** 2) / 2 / sigma**2) for each in (x, y))
        frame += light / (2 * np.pi * sigma**2) * up[:, None] * across
    seen = shapes((rng.poisson(frame) - sky).astype(np.float32), *middles, 15)
    off = np.concatenate([seen.x - middles[0], seen.y - middles[1]])
    said = centroid_errors(_table(light, sky, sigma * 2.3548))[0]
    assert np.std(off) / said == pytest.approx(1.0, abs=0.12)


def _table(light, sky, fwhm):
    about = Observation("ab" * 32, 60.0, 5.0, (10.0, 18.0), 1.0, scintillation=0.0)
    area, ring = np.pi * 25.0, np.pi * (18.0**2 - 100.0)
    one = np.ones(1)
    error = np.sqrt(light + area * (1 + area / ring) * sky) * one
    return StarTable(
        one, one, one, one, light * one, error, sky * one, fwhm * one, np.zeros(1, int), np.array([""]), about
    )
