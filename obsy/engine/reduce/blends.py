"""Which stars share their aperture with a neighbour, looked for in the pixels: detection takes a close pair for one."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from obsy.engine.reduce.around import around
from obsy.engine.reduce.star_light import Rings

CORE = 0.8
"""Star widths within which a peak is the star's own."""
BESIDE = 0.01
"""The share of a star's peak that a neighbour's must have to be told of: a hundredth of a magnitude."""
SURE = 5.0
"""Sigmas by which it must stand out of what the star itself has at that distance."""
SMALLEST = 1e-9
"""Of a sky without noise."""
STEEP = 0.02
"""The share of its own light at a distance by which a star, not quite round, may differ from its median there."""

Image = NDArray[np.float32]
Floats = NDArray[np.float64]


def blended(counts: Image, places: tuple[Floats, Floats], sky: Rings, reach: tuple[float, float]) -> NDArray[np.bool_]:
    """Return whether each star at x, y has another peak beside its own.

    counts: (rows, columns); sky: the rings around the stars, in the same unit; reach: how far peaks are looked for, and
    a star's width, pixels. A peak is a pixel that is the highest of nine once three by three are averaged, and higher
    than the star is elsewhere at its distance. Two stars closer than some one and a half widths have one.
    """
    x, y = places
    far, fwhm = reach
    edge = int(np.ceil(far)) + 2
    down, right = np.mgrid[-edge : edge + 1, -edge : edge + 1]
    stamps = around(counts, x, y, right.ravel(), down.ravel()).reshape(len(x), *right.shape) - sky.level[:, None, None]
    smooth = ndimage.uniform_filter(np.nan_to_num(stamps), size=(1, 3, 3))
    highest = smooth == ndimage.maximum_filter(smooth, size=(1, 3, 3))
    away = np.hypot(right - (x - np.round(x))[:, None, None], down - (y - np.round(y))[:, None, None])
    elsewhere = _profile(smooth, np.round(np.hypot(right, down)).astype(int))
    noise = sky.noise / 3 + SMALLEST  # of a mean of nine
    above = smooth - elsewhere
    own = smooth[:, edge, edge]
    sure = np.sqrt(noise[:, None, None] ** 2 + (STEEP * np.maximum(elsewhere, 0.0)) ** 2)
    told = highest & (away > CORE * fwhm) & (away <= far) & (above > SURE * sure)
    found: NDArray[np.bool_] = (told & (above > BESIDE * own[:, None, None])).any(axis=(1, 2))
    return found


def _profile(smooth: Floats, distance: NDArray[np.int64]) -> Floats:
    """(stars, rows, columns): the median of each stamp at each whole distance from its middle."""
    profile = np.zeros_like(smooth)
    for step in range(int(distance.max()) + 1):
        there = distance == step
        profile[:, there] = np.median(smooth[:, there], axis=1)[:, None]
    return profile
