"""By how much the light of a star scatters: photons, the sky around it and the camera; not the twinkling of the air."""

import numpy as np
from numpy.typing import NDArray

from obsy.engine.reduce.star_light import Rings

Floats = NDArray[np.float64]


def ccd_error(flux_e: Floats, sky: Rings, area_px: float, read_noise_e: float) -> Floats:
    """Return the standard error of each star's light, electrons, without scintillation.

    sky: in electrons; area_px: pixels in the aperture. Source: Merline & Howell 1995, Experimental Astronomy 6, 163,
    equation 17, whose terms of sky, dark, read noise and rounding are what the pixels around the star scatter by, at
    least the read noise; the sky's level is a mean of so many of them.
    """
    pixel = np.maximum(sky.noise, read_noise_e) ** 2
    return np.asarray(np.sqrt(np.maximum(flux_e, 0.0) + area_px * (1 + area_px / sky.pixels) * pixel))
