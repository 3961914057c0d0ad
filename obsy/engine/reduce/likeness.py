"""Making aligned frames alike: the same brightness for the same star, the same sky behind it."""

import numpy as np
from astropy.io import fits

from obsy.engine.reduce.clip import SIGMA_PER_MAD
from obsy.engine.reduce.product import Image


def brightness(header: fits.Header) -> float:
    """How many ADU a star of magnitude 0 gives in this frame; from the exposure alone where no zero point is known."""
    exposure = float(header.get("EXPTIME", 1.0)) or 1.0
    return float(exposure * 10 ** (0.4 * float(header.get("ZEROPT", 0.0))))


def factors(headers: list[fits.Header], reference: int) -> list[float]:
    """What each frame must be multiplied by to show stars as bright as the reference frame does.

    Zero points count only if every frame has one.
    """
    if not all("ZEROPT" in header for header in headers):
        exposures = [float(header.get("EXPTIME", 1.0)) or 1.0 for header in headers]
        return [exposures[reference] / exposure for exposure in exposures]
    stars = [brightness(header) for header in headers]
    return [stars[reference] / star for star in stars]


def offset(counts: Image, reference: Image) -> float:
    """What gives `counts` the sky of `reference` when added: the median of where both have a value; else 0."""
    gap = (reference - counts).ravel()
    gap = gap[np.isfinite(gap)]
    return float(np.median(gap)) if gap.size else 0.0


def pixel_noise(counts: Image) -> float:
    """Standard deviation of a background pixel, from the differences of pixels 4 apart, which no object slopes much in.

    Two values that resampling does not link differ by sqrt(2) sigma; 1 if there is nothing to measure.
    """
    gap = np.abs(counts[:, 4:] - counts[:, :-4]).ravel()[::3]
    gap = gap[np.isfinite(gap)]
    return max(float(np.median(gap)) * SIGMA_PER_MAD / 2**0.5, 1e-6) if gap.size else 1.0
