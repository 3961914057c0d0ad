"""Resampling from one tangent plane to another, flux kept.

Ours, on scipy's splines: reproject takes 4 times as long at the same order, and 20 where it keeps the flux, for it asks
the sky about every pixel (python -m bench libraries).
"""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from obsy.engine.reduce.product import Image, filled

Floats = NDArray[np.float64]
STRAIGHT_PX = 0.005
"""A homography that strays less than this from an affine map is run as one, which is faster."""


def resample(counts: Image, mapping: Floats, shape: tuple[int, int]) -> Image | None:
    """(rows, columns) of `shape`, float32; NaN outside the frame and about its holes; None if they do not touch.

    mapping: (3, 3), pixels x, y, 1 of the result to pixels of `counts`. Cubic B-splines; values are multiplied by
    the area a new pixel covers in old ones, so that a star keeps its flux.
    """
    holes = ~np.isfinite(counts)
    spline = ndimage.spline_filter(filled(counts), order=3, output=np.float32, mode="mirror")
    placed = _drawn(spline, mapping, shape, order=3)
    if not np.isfinite(placed).any():
        return None
    if holes.any():
        torn = _drawn(ndimage.binary_dilation(holes).astype(np.float32), mapping, shape, order=1)
        placed[torn > 0] = np.nan
    placed *= _area(mapping, shape)
    return placed


def _drawn(pixels: Image, mapping: Floats, shape: tuple[int, int], order: int) -> Image:
    """The pixels interpolated at the mapped places, NaN beyond their edge."""
    affine, strays = _affine(mapping, shape)
    result: Image
    if strays < STRAIGHT_PX:
        swapped = affine[[1, 0]][:, [1, 0, 2]]
        result = ndimage.affine_transform(
            pixels,
            swapped[:, :2],
            swapped[:, 2],
            shape,
            np.float32,
            order,
            mode="constant",
            cval=np.nan,
            prefilter=False,
        )
        return result
    y, x = np.indices(shape, dtype=np.float64)
    px, py, depth = (row[0] * x + row[1] * y + row[2] for row in mapping)
    result = ndimage.map_coordinates(
        pixels, [py / depth, px / depth], np.float32, order, mode="constant", cval=np.nan, prefilter=False
    )
    return result


def _affine(mapping: Floats, shape: tuple[int, int]) -> tuple[Floats, float]:
    """The affine map that fits the homography best, (2, 3), and how far they differ at most, in pixels."""
    y, x = (axis.ravel() for axis in np.meshgrid(np.linspace(0, shape[0] - 1, 5), np.linspace(0, shape[1] - 1, 5)))
    places = np.column_stack([x, y, np.ones(25)])
    mapped = places @ mapping.T
    mapped = mapped[:, :2] / mapped[:, 2:]
    affine = np.round(np.linalg.lstsq(places, mapped, rcond=None)[0], 10)  # an edge is not to be missed by 1e-13
    return affine.T, float(np.abs(places @ affine - mapped).max())


def _area(mapping: Floats, shape: tuple[int, int]) -> float:
    """Old pixels in one new pixel at the middle: the determinant of the map's slope there."""
    middle = np.array([(shape[1] - 1) / 2, (shape[0] - 1) / 2, 1.0])
    x, y, depth = mapping @ middle
    slope = (mapping[:2, :2] - np.outer((x, y), mapping[2, :2]) / depth) / depth
    return abs(float(np.linalg.det(slope)))
