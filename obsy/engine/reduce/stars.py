"""Finding stars: connected places where the smoothed frame stands above its background."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from obsy.engine.reduce.background import SIGMAS_PER_QUARTILE_RANGE, Background

KERNEL_PX = 1.5
"""Sigma of the smoothing; close to a well-sampled star's own, where detection is best."""
FEWEST_PIXELS = 5
"""A region of fewer pixels is not a star (KStars asks for 10 at 2 sigma)."""
SHARPEST = 6.0
"""Largest peak over smoothed peak: a star of FWHM 1.6 px reaches it, a single hot pixel more than doubles it."""

LEAST_ADU = 1e-6
"""A star is brighter than nothing even where the background has no noise."""

Image = NDArray[np.float32]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class DetectedStars:
    """Detected stars, brightest first. Pixels count from 0 at the middle of the first one."""

    x: Floats
    y: Floats
    flux: Floats
    """Sum over the region, background taken off, ADU."""
    full: NDArray[np.bool_]
    """Whether a saturated pixel lies in its region."""

    def __len__(self) -> int:
        """How many there are."""
        return len(self.x)


def detect(counts: Image, sky: Background, threshold: float, full: NDArray[np.bool_]) -> DetectedStars:
    """The stars of a frame without NaN whose smoothed peak exceeds `threshold` sigmas.

    counts: (rows, columns) with the background taken off; full: its saturated pixels.
    """
    smooth = ndimage.gaussian_filter(counts, KERNEL_PX, truncate=3.0, mode="nearest")
    limit = sky.noise_image() * np.float32(threshold * _smoothing(smooth, sky))
    regions, count = ndimage.label(smooth > np.maximum(limit, LEAST_ADU), structure=np.ones((3, 3), dtype=int))
    if count == 0:
        return DetectedStars(np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0, dtype=bool))
    pixels = np.flatnonzero(regions)
    label, value = regions.ravel()[pixels] - 1, counts.ravel()[pixels].astype(float)
    weight = np.maximum(smooth.ravel()[pixels].astype(float), 0.0)
    row, column = np.divmod(pixels, counts.shape[1])

    def total(what: Floats) -> Floats:
        return np.asarray(np.bincount(label, weights=what, minlength=count), dtype=float)

    mass = np.maximum(total(weight), 1e-30)
    peak, smooth_peak = (np.full(count, -np.inf) for _ in range(2))
    np.maximum.at(peak, label, value)
    np.maximum.at(smooth_peak, label, weight)
    touched = total(full.ravel()[pixels].astype(float)) > 0
    good = (np.bincount(label, minlength=count) >= FEWEST_PIXELS) & ((peak < SHARPEST * smooth_peak) | touched)
    flux = total(value)
    order = np.flatnonzero(good)[np.argsort(-flux[good], kind="stable")]
    x, y = total(weight * column) / mass, total(weight * row) / mass
    return DetectedStars(x[order], y[order], flux[order], touched[order])


def _smoothing(smooth: Image, sky: Background) -> float:
    """How much quieter smoothing made the background; measured, since resampling and flats colour its noise.

    Never less than for white noise: 1 / (2 sqrt(pi) sigma) of the kernel.
    """
    sample = smooth.ravel()[::7]
    low, high = np.percentile(sample, [25, 50])
    measured = 2 * SIGMAS_PER_QUARTILE_RANGE * float(high - low)
    white = 1 / (2 * float(np.sqrt(np.pi)) * KERNEL_PX)
    return max(measured / sky.noise_adu, white) if sky.noise_adu > 0 else white
