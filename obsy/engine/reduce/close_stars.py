"""Stars beside others that detection takes for one with them: each peak is one."""

import warnings

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from obsy.engine.reduce.star_light import Image
from obsy.engine.reduce.star_places import MATCH_PX, StarPlaces

CLEAR = 5.0
"""Sigmas of the sky by which a peak stands out of what is around it."""
BESIDE = 3.0
"""Star widths within which a peak is beside a star."""
WHOLE = 0.7
"""Star widths within which a star has a peak of its own; else it is what lies between two."""
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


def peaks(counts: Image, full: NDArray[np.bool_], sky: tuple[float, float], fwhm: float) -> Floats:
    """Return where peaks are, (peaks, 2), x and y in pixels; sky: its level and noise a pixel, ADU.

    Source: DAOFIND, Stetson 1987, PASP 99, 191, by photutils.
    """
    from photutils.detection import DAOStarFinder  # noqa: PLC0415  a third of a second, where shapes are asked for

    level, noise = sky
    finder = DAOStarFinder(CLEAR * noise, fwhm, sharpness_range=(0.0, 2.0), roundness_range=(-2.0, 2.0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a frame without any
        found = finder(np.nan_to_num(np.asarray(counts, dtype=np.float64) - level), mask=full | ~np.isfinite(counts))
    if found is None:
        return np.zeros((0, 2))
    return np.column_stack([np.asarray(found[name], dtype=float) for name in ("x_centroid", "y_centroid")])


def with_peaks(places: StarPlaces, found: Floats, fwhm: float) -> tuple[StarPlaces, Mask]:
    """Return the places with the peaks beside them, and which of all are no star but what lies between two."""
    if not len(found) or not len(places.x):
        return places, np.zeros(len(places.x), dtype=bool)
    own = np.column_stack([places.x, places.y])
    away, _ = cKDTree(own).query(found)
    more = found[(away > max(MATCH_PX, WHOLE * fwhm)) & (away < BESIDE * fwhm)]
    every = StarPlaces(
        *(np.concatenate(pair) for pair in zip(places, (*more.T, np.full(len(more), fwhm)), strict=True))
    )
    near = cKDTree(found).query(np.column_stack(every[:2]))[0]
    between = (near > max(MATCH_PX, WHOLE * fwhm)) & (near < BESIDE * fwhm) & np.isfinite(every.fwhm)
    return every, np.asarray(between)
