"""Finding stars: connected places where the smoothed frame stands above its background, as SEP finds them."""

from dataclasses import dataclass

import numpy as np
import sep
from numpy.typing import NDArray
from scipy import ndimage

KERNEL_PX = 1.5
"""Sigma of the smoothing; close to a well-sampled star's own, where detection is best."""
FEWEST_PIXELS = 5
"""A region of fewer pixels is not a star (KStars asks for 10 at 2 sigma)."""
SHARPEST = 9.0
"""Largest peak over smoothed peak. A single hot pixel has 14, less noise; two beside each other 8, which are let pass:
a Moffat star of FWHM 1.66 px has 4 to 8 by where in its pixel it lies, and at 6 half of the stars were lost.
"""
LEAST_ADU = 1e-6
"""A star is brighter than nothing even where the background has no noise."""
PIXELS_AT_ONCE = 300_000
"""SEP's own limit of bright pixels that are not yet part of a finished star."""

Image = NDArray[np.float32]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class DetectedStars:
    """Detected stars, brightest first. Pixels count from 0 at the middle of the first one."""

    x: Floats
    y: Floats
    flux: Floats
    """Sum over the region, background taken off, ADU, as the smoothed frame has it."""
    full: NDArray[np.bool_]
    """Whether a saturated pixel lies in its region."""

    def __len__(self) -> int:
        return len(self.x)


def detect(counts: Image, threshold: float, mesh: int, full: NDArray[np.bool_]) -> DetectedStars:
    """Return the stars whose smoothed peak exceeds `threshold` sigmas of the smoothed frame's own noise.

    The noise is measured, cell by cell, where it counts: resampling and flats colour it, vignetting raises it.
    counts: (rows, columns) with the background taken off, no NaN; mesh: pixels of a cell; full: its saturated pixels.
    """
    smooth = ndimage.gaussian_filter(counts, KERNEL_PX, truncate=3.0, mode="nearest")
    noise = np.maximum(sep.Background(smooth, bw=mesh, bh=mesh).rms(dtype=np.float32), LEAST_ADU)
    found, regions = _extract(smooth / noise, threshold)
    touched = np.isin(np.arange(1, len(found) + 1), regions[full])
    sharp = counts[found["ypeak"], found["xpeak"]] >= SHARPEST * smooth[found["ypeak"], found["xpeak"]]
    labels = np.flatnonzero(~sharp | touched)
    flux = found["flux"] * noise[found["ypeak"], found["xpeak"]]
    order = labels[np.argsort(-flux[labels], kind="stable")]
    return DetectedStars(found["x"][order], found["y"][order], flux[order], touched[order])


def _extract(signal: Image, threshold: float) -> tuple[NDArray[np.void], NDArray[np.int32]]:
    """Return SEP's regions and their map; deblending is off, as in KStars: a trail or a galaxy is one thing."""
    for room in (PIXELS_AT_ONCE, signal.size):
        sep.set_extract_pixstack(room)
        try:
            found, regions = sep.extract(
                signal,
                threshold,
                filter_kernel=None,
                minarea=FEWEST_PIXELS,
                deblend_nthresh=1,
                clean=False,
                segmentation_map=True,
            )
        except Exception as fault:  # SEP raises nothing finer
            if room == signal.size or "pixel buffer full" not in str(fault):
                raise
        else:
            return found, regions
    raise AssertionError("unreachable")
