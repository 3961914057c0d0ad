"""What a frame's light says of the air: the magnitude that gives one count a second."""

import numpy as np
from numpy.typing import NDArray

from obsy.engine.mad_std import mad_std

FEWEST = 3
"""Stars that a zero point rests on."""

Floats = NDArray[np.float64]


def zero_point(flux_adu: Floats, magnitude: Floats, exposure_s: float) -> tuple[float, float, int] | None:
    """Median of m + 2.5 log10(flux / exposure) over the stars, its standard error and their number; None for too few.

    Source: Pogson's law; the error of a median of n normal values is 1.2533 sigma / sqrt(n), sigma by the median.
    """
    good = (flux_adu > 0) & np.isfinite(magnitude)
    if good.sum() < FEWEST or exposure_s <= 0:
        return None
    points = magnitude[good] + 2.5 * np.log10(flux_adu[good] / exposure_s)
    middle = float(np.median(points))
    return middle, 1.2533 * mad_std(points) / float(np.sqrt(good.sum())), int(good.sum())
