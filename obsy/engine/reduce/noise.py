"""How noisy a picture is, by itself or beside another of the same."""

import numpy as np
from numpy.typing import NDArray

SIGMA_PER_MAD = 1.482602218505602
"""Standard deviation over median absolute deviation of a normal distribution."""

Image = NDArray[np.float32]


def noise_between(first: Image, second: Image) -> float:
    """Standard deviation of one frame's pixels, from the difference of two; 0 if they do not overlap.

    Source: the mean absolute value of a normal difference is 2 sigma / sqrt(pi); the largest hundredth is left out.
    """
    gap = np.abs(first - second).ravel()
    gap = np.sort(gap[np.isfinite(gap)])[: max(1, int(0.99 * gap.size))]
    return float(gap.mean() * np.sqrt(np.pi) / 2) if gap.size else 0.0


def pixel_noise(counts: Image) -> float:
    """Standard deviation of a background pixel, from the differences of pixels 4 apart, which no object slopes much in.

    Two values that resampling does not link differ by sqrt(2) sigma; 1 if there is nothing to measure.
    """
    gap = np.abs(counts[:, 4:] - counts[:, :-4]).ravel()[::3]
    gap = gap[np.isfinite(gap)]
    return max(float(np.median(gap)) * SIGMA_PER_MAD / 2**0.5, 1e-6) if gap.size else 1.0
