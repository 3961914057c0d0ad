"""By how much the light of a star scatters: photons, the sky around it, the camera, and the twinkling of the air."""

from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray

from obsy.engine.reduce.star_light import Rings

TWINKLING = 1.5
"""How much stronger scintillation is than Young's law has it: a usual night's value; sites lie between 1.3 and 1.7.

Source: Osborn, Föhring, Dhillon & Wilson 2015, MNRAS 452, 1707, its medians of six observatories, from memory, rounded.
"""
SCALE_HEIGHT_M = 8000.0

Floats = NDArray[np.float64]


def ccd_error(flux_e: Floats, sky: Rings, area_px: float, read_noise_e: float) -> Floats:
    """Return the standard error of each star's light, electrons, without scintillation.

    sky: in electrons; area_px: pixels in the aperture. Source: Merline & Howell 1995, Experimental Astronomy 6, 163,
    equation 17, whose terms of sky, dark, read noise and rounding are what the pixels around the star scatter by, at
    least the read noise; the sky's level is a mean of so many of them.
    """
    pixel = np.maximum(sky.noise, read_noise_e) ** 2
    return np.asarray(np.sqrt(np.maximum(flux_e, 0.0) + area_px * (1 + area_px / sky.pixels) * pixel))


def scintillation(aperture_mm: float, exposure_s: float, airmass: float, elevation_m: float) -> float:
    """Return by which share of itself a star's light scatters since it twinkles, in one exposure.

    Source: Young 1967, AJ 72, 747, in the form of Osborn et al. 2015, equation 7: 10^-5 C^2 D^(-4/3) / t
    sec(z)^3 exp(-2 h / H), D in metres. For exposures much longer than a wind takes across the aperture.
    """
    young = 1e-5 * (aperture_mm / 1000) ** (-4 / 3) / exposure_s * airmass**3
    return TWINKLING * sqrt(young * exp(-2 * elevation_m / SCALE_HEIGHT_M))
