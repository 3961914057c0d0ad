"""How noisy a picture is, by itself or beside another of the same."""

import numpy as np
from numpy.typing import NDArray

SIGMA_PER_MAD = 1.482602218505602
"""Standard deviation over median absolute deviation of a normal distribution."""

CLIP, ROUNDS = 3.0, 25
CENTRAL = 0.95
"""The share of the differences that is begun with: most of what objects do lies beyond, and what is sky comes back."""
LEFT_WITHIN = 0.98658
"""Standard deviation of a normal distribution that is cut off at three sigma, over what it was."""

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

    Two values that resampling does not link differ by sqrt(2) sigma; 1 if there is nothing to measure. What differs by
    more than three sigmas is left out, until the same are left: a median of whole numbers is one itself, so that skies
    of less than some five counts of noise had 0, 1.05 or 2.10 of it.
    """
    gap = np.abs(counts[:, 4:] - counts[:, :-4]).ravel()[::3]
    gap = np.sort(gap[np.isfinite(gap)])
    if not gap.size:
        return 1.0
    heard = np.cumsum(np.square(gap, dtype=np.float64))
    count, sigma = max(1, int(CENTRAL * gap.size)), 0.0
    for _ in range(ROUNDS):
        sigma = float(np.sqrt(heard[count - 1] / count)) / LEFT_WITHIN
        within = int(np.searchsorted(gap, CLIP * sigma, side="right"))
        if within == count or sigma == 0:
            break
        count = within
    sigma = sigma or float(np.sqrt(heard[-1] / gap.size))
    return max(sigma / 2**0.5, 1e-6)
