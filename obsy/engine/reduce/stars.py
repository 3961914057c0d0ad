"""Finding stars: connected places where the smoothed frame stands above its background, as SEP finds them."""

from dataclasses import dataclass

import numpy as np
import sep
from numpy.typing import NDArray
from scipy import ndimage

from obsy.engine.reduce.around import around, portions

KERNEL_PX = 1.5
"""Sigma of the smoothing; close to a well-sampled star's own, where detection is best."""
FEWEST_PIXELS = 5
"""A region of fewer pixels is not a star (KStars asks for 10 at 2 sigma)."""
POINTED = 4.0
"""A pixel over its smoothed self from which it may be hot: a single one has 14, two together 8 to 13, three 5.
Stars of FWHM 1.3 px have 3.3 to 6.7 by where in their pixel they lie, of 1.8 px 2.8 to 4.4.
"""
BRIGHTEST, WITHIN_PX = 3, 3
"""So many pixels, so near to each other, may be hot together."""
BESIDE = 0.12
"""The share of a smoothed peak that a star owes to others than its three brightest pixels. Hot ones have 0; Gaussians
of FWHM 1.3 px 0.23 to 0.32, of 1.0 px 0.12 to 0.27; Moffat stars, whose wings are wider, of 1.0 px 0.26 to 0.36.
"""
LEAST_ADU = 1e-6
"""A star is brighter than nothing even where the background has no noise."""
PIXELS_AT_ONCE = 300_000
"""SEP's own limit of bright pixels that are not yet part of a finished star."""

Image = NDArray[np.float32]
Floats = NDArray[np.float64]

KERNEL_REACH = round(3 * KERNEL_PX)
STEPS = tuple(
    each.ravel() for each in np.mgrid[-KERNEL_REACH : KERNEL_REACH + 1, -KERNEL_REACH : KERNEL_REACH + 1][::-1]
)
INNER = np.maximum(abs(STEPS[0]), abs(STEPS[1])) <= WITHIN_PX
SHARE = np.exp(-(STEPS[0] ** 2 + STEPS[1] ** 2) / (2 * KERNEL_PX**2)) / (2 * np.pi * KERNEL_PX**2)
"""By which each pixel so far to the right and down counts in a smoothed one."""


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
    hot = _hot(counts, smooth, threshold * noise)
    if len(hot[0]):
        smooth = ndimage.gaussian_filter(_mended(counts, *hot), KERNEL_PX, truncate=3.0, mode="nearest")
    found, regions = _extract(smooth / noise, threshold)
    touched = np.isin(np.arange(1, len(found) + 1), regions[full])
    flux = found["flux"] * noise[found["ypeak"], found["xpeak"]]
    order = np.argsort(-flux, kind="stable")
    return DetectedStars(found["x"][order], found["y"][order], flux[order], touched[order])


def _hot(counts: Image, smooth: Image, least: Image) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows and columns of pixels that would be taken for stars, by themselves or with two others near.

    least: the smoothed peak from which something is a star.
    """
    bright = counts >= POINTED * least
    inside = np.s_[KERNEL_REACH:-KERNEL_REACH, KERNEL_REACH:-KERNEL_REACH]  # smoothing repeats what lies at the edge
    bright[inside] &= counts[inside] >= POINTED * smooth[inside]
    y, x = np.nonzero(bright)
    right, down = STEPS
    rows, columns = [], []
    for some in portions(len(x), len(right)):
        found = around(counts, x[some].astype(float), y[some].astype(float), right, down)
        near = np.nan_to_num(found)
        peak, inner = near @ SHARE, near[:, INNER]
        first = np.argsort(-inner, axis=1)[:, :BRIGHTEST]
        of_them = (np.take_along_axis(inner, first, axis=1) * SHARE[INNER][first]).sum(axis=1)
        hot = (counts[y[some], x[some]] >= POINTED * peak) & (peak - of_them < BESIDE * peak)
        there = hot[:, None] & np.isfinite(np.take_along_axis(found[:, INNER], first, axis=1))
        rows.append((y[some, None] + down[INNER][first])[there])
        columns.append((x[some, None] + right[INNER][first])[there])
    none = np.zeros(0, dtype=np.int64)
    return np.concatenate([none, *rows]), np.concatenate([none, *columns])


def _mended(counts: Image, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Image:
    """The counts with some pixels at the median of those around them."""
    mended = counts.copy()
    right, down = (each[INNER] for each in STEPS)
    for some in portions(len(rows), len(right)):
        near = around(counts, columns[some].astype(float), rows[some].astype(float), right, down)
        mended[rows[some], columns[some]] = np.nanmedian(near, axis=1)
    return mended


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
