"""The mean of many frames, pixel by pixel, without what only one of them shows."""

import numpy as np
from numpy.typing import NDArray

SIGMA_PER_MAD = 1.482602218505602
"""Standard deviation over median absolute deviation of a normal distribution."""

Image = NDArray[np.float32]


def clipped_mean(values: Image, weights: Image, reject: float, floor: float) -> tuple[Image, NDArray[np.int64]]:
    """Weighted mean of each pixel's sound values, and how many they are; NaN where there is none.

    values: (pixels, frames), NaN where a frame has no value; weights: (frames,). A value is left out when it lies more
    than `reject` sigmas from the pixel's median; sigma comes from the pixel's median absolute deviation, but is never
    below `floor`, the noise known beforehand: few frames, or whole numbers, otherwise look quieter than they are.
    With a floor of 0 this is ccdproc's `Combiner.sigma_clipping(func='median', dev_func='mad_std')`. Ours, since that
    takes 3 times as long (python -m bench libraries), and in 2.5 divides by the weights of rejected values too.
    """
    finite = np.isfinite(values)
    count = finite.sum(axis=1)
    median = _median(values, count)
    off = values - median[:, None]
    distance = np.abs(off)
    sigma = np.maximum(SIGMA_PER_MAD * _median(distance, count), floor)
    with np.errstate(invalid="ignore"):
        kept = distance <= (reject * sigma)[:, None]
    total = kept @ weights
    mean = np.where(kept, off, np.float32(0)) @ weights  # about the median: small numbers lose nothing in float32
    result = np.where(total > 0, median + mean / np.maximum(total, 1e-30), np.nan)
    return result.astype(np.float32), kept.sum(axis=1)


def _median(values: Image, count: NDArray[np.int64]) -> Image:
    """The median of each row's `count` numbers; NaN sorts to the end, and stands where there is nothing else."""
    ordered = np.sort(values, axis=1)
    line = np.arange(len(values))
    last = np.maximum(count - 1, 0)
    middle: Image = (ordered[line, last // 2] + ordered[line, (last + 1) // 2]) / 2
    return middle


def noise_between(first: Image, second: Image) -> float:
    """Standard deviation of one frame's pixels, from the difference of two; 0 if they do not overlap.

    Source: the mean absolute value of a normal difference is 2 sigma / sqrt(pi); the largest hundredth is left out.
    """
    gap = np.abs(first - second).ravel()
    gap = np.sort(gap[np.isfinite(gap)])[: max(1, int(0.99 * gap.size))]
    return float(gap.mean() * np.sqrt(np.pi) / 2) if gap.size else 0.0
