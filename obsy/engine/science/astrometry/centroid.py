"""How well the middle of a star's light is known, by what its table says of its light and its sky."""

import numpy as np

from obsy.engine.reduce.shape import FWHM_PER_SIGMA
from obsy.engine.reduce.star_table import StarTable
from obsy.engine.science.same_stars import Floats

FLOOR_PX = 0.005
"""What pixels of finite size leave uncertain of the brightest star."""


def centroid_errors(table: StarTable) -> Floats:
    """Return one standard deviation of each middle along one axis, pixels; NaN where no light or width is known.

    The middle is that of the Gaussian that fits best (`reduce/shape.py`), where the light weighted by it balances:
    its variance is 16/9 s^2 / N + 8 pi s^4 B / N^2 for a Gaussian of sigma s, N electrons of light and a variance of B
    in each pixel of sky, by the propagation of photon noise through that sum; the second term is the least that any
    method has (Winick 1986, JOSA A 3, 1809). B is what the light's error has beside the star's photons and its
    twinkling.
    """
    told = table.observation
    light = np.where(table.flux > 0, table.flux, np.nan)
    twinkling = (told.scintillation or 0.0) * light
    area, (inner, outer) = np.pi * told.aperture_px**2, told.annulus_px
    ring = np.pi * (outer**2 - inner**2)
    beside = np.maximum(table.flux_error**2 - light - twinkling**2, 0.0)
    sky = beside / (area * (1 + area / ring))
    sigma2 = (table.fwhm / FWHM_PER_SIGMA) ** 2
    variance = 16 / 9 * sigma2 / light + 8 * np.pi * sigma2**2 * sky / light**2
    return np.asarray(np.sqrt(variance + FLOOR_PX**2), dtype=np.float64)
