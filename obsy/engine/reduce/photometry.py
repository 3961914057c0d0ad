"""How bright stars are: the light in one aperture for all, as photutils sums it, and what it says of the sky."""

import numpy as np
from numpy.typing import NDArray

from obsy.engine.mad_std import mad_std
from obsy.engine.reduce.apertures import CircularAperture
from obsy.engine.reduce.shape import Shapes

APERTURE_FWHM = 2.5
"""Radius of the aperture, in median star widths: it holds a Gaussian but for a part in ten thousand million."""
FEWEST = 3
"""Stars that a zero point rests on."""

Image = NDArray[np.float32]
Floats = NDArray[np.float64]


def fluxes(counts: Image, deviation: Image | None, stars: Shapes) -> tuple[Floats, Floats]:
    """Return each star's flux and its standard error, ADU; NaN where its shape is not known.

    counts: (rows, columns), background taken off, no NaN; deviation: each pixel's own, or None for errors of 0.
    """
    flux, error = np.full((2, len(stars.x)), np.nan)
    known = np.flatnonzero(np.isfinite(stars.fwhm))
    if len(known):
        radius = APERTURE_FWHM * float(np.median(stars.fwhm[known]))
        places = CircularAperture(np.column_stack([stars.x[known], stars.y[known]]), radius)
        flux[known], errors = places.do_photometry(counts, error=deviation)
        error[known] = errors if len(errors) else 0.0
    return flux, error


def zero_point(flux_adu: Floats, magnitude: Floats, exposure_s: float) -> tuple[float, float, int] | None:
    """Median of m + 2.5 log10(flux / exposure) over the stars, its standard error and their number; None for too few.

    Source: Pogson's law; the error of a median of n normal values is 1.2533 sigma / sqrt(n), sigma = 1.4826 MAD.
    """
    good = (flux_adu > 0) & np.isfinite(magnitude)
    if good.sum() < FEWEST or exposure_s <= 0:
        return None
    points = magnitude[good] + 2.5 * np.log10(flux_adu[good] / exposure_s)
    middle = float(np.median(points))
    return middle, 1.2533 * mad_std(points) / float(np.sqrt(good.sum())), int(good.sum())
