"""How noisy a picture is, by itself or beside another of the same."""

import numpy as np
from numpy.typing import NDArray

CLIP, ROUNDS = 3.0, 25
CENTRAL = 0.95
"""The share of the differences that is begun with: most of what objects do lies beyond, and what is sky comes back."""
LEFT_WITHIN = 0.98658
"""Standard deviation of a normal distribution that is cut off at three sigma, over what it was."""

Image = NDArray[np.float32]


def noise_between(first: Image, second: Image) -> float:
    """Standard deviation of one frame's pixels, from the difference of two; 0 if they do not overlap.

    Not less than half of their step: of quiet whole numbers the rarer one is no less right than the usual one.
    """
    gap = _sizes(first - second)
    return max(_scatter(gap) / 2**0.5, _step(gap) / 2)


def pixel_noise(counts: Image) -> float:
    """Standard deviation of a background pixel, from the differences of pixels 4 apart, which no object slopes much in.

    Two values that resampling does not link differ by sqrt(2) sigma; 1 if there is nothing to measure.
    """
    gap = _sizes((counts[:, 4:] - counts[:, :-4]).ravel()[::3])
    return max(_scatter(gap) / 2**0.5, 1e-6) if gap.size else 1.0


def _sizes(gap: Image) -> Image:
    """How large the differences are, in order, without those that are none."""
    sizes: Image = np.sort(np.abs(gap[np.isfinite(gap)]))
    return sizes


def _step(gap: Image) -> float:
    """The least difference that there is: of whole numbers one, or four of a camera of fewer bits."""
    place = int(np.searchsorted(gap, 0.0, side="right"))
    return float(gap[place]) if place < gap.size else 0.0


def _scatter(gap: Image) -> float:
    """Standard deviation of differences about none, given their sizes in order.

    What differs by more than three sigmas, and by more than the least step, is left out until the same are left: a
    median of whole numbers is one itself, so that skies of less than some five counts of noise had 0, 1.05 or 2.10.
    """
    if not gap.size:
        return 0.0
    heard, step = np.cumsum(np.square(gap, dtype=np.float64)), _step(gap)
    count, sigma = max(1, int(CENTRAL * gap.size)), 0.0
    for _ in range(ROUNDS):
        sigma = float(np.sqrt(heard[count - 1] / count)) / LEFT_WITHIN
        within = int(np.searchsorted(gap, max(CLIP * sigma, step), side="right"))
        if within == count:
            break
        count = within
    return sigma
