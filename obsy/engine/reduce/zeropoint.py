"""How bright a star must be to give one count a second: the frame's transparency as a number."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FEWEST = 3


def zero_point(flux_adu: Floats, magnitude: Floats, exposure_s: float) -> tuple[float, float] | None:
    """Median of m + 2.5 log10(flux / exposure) over the stars, and its standard error; None for too few stars.

    Source: Pogson's law; the error of a median of n normal values is 1.2533 sigma / sqrt(n), sigma = 1.4826 MAD.
    """
    good = (flux_adu > 0) & np.isfinite(magnitude)
    if good.sum() < FEWEST or exposure_s <= 0:
        return None
    points = magnitude[good] + 2.5 * np.log10(flux_adu[good] / exposure_s)
    middle = float(np.median(points))
    scatter = 1.4826 * float(np.median(np.abs(points - middle)))
    return middle, 1.2533 * scatter / float(np.sqrt(good.sum()))
