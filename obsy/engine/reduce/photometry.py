"""How bright stars are: the light in one aperture for all, as photutils sums it."""

import numpy as np
from numpy.typing import NDArray
from photutils.aperture import CircularAperture

from obsy.engine.reduce.shape import Shapes

APERTURE_FWHM = 2.5
"""Radius of the aperture, in median star widths: it holds a Gaussian but for a part in ten thousand million."""

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
