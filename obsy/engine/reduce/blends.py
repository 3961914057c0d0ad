"""Which stars share their aperture with a neighbour, looked for in the pixels: detection takes a close pair for one."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from obsy.engine.reduce.around import around, portions
from obsy.engine.reduce.star_light import Rings

CORE = 0.8
"""Star widths within which light is the star's own."""
BESIDE = 0.01
"""The share of a star's peak that a neighbour's must have to be told of: a hundredth of a magnitude."""
SURE = 5.0
"""Sigmas by which it must stand out of what the star itself has at that distance."""
SMALLEST = 1e-9
"""Of a sky without noise."""
STEEP = 0.06
"""The share of its own light by which a star may differ from side to side, as its middle is not known better."""
MIDDLE = 0.5
"""Star widths from its place within which a star's highest pixel is."""
ALIKE, CLEAR = 5, 20.0
"""From so many stars, whose peaks are so many times the noise, a frame's stars are known to be lopsided."""

Image = NDArray[np.float32]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Neighbours(NamedTuple):
    """What lies beside each star; NaN where nothing does."""

    away: Floats
    """How far the nearest is from the star's middle, pixels."""
    x: Floats
    """Where the brightest is, in pixels of the frame."""
    y: Floats


def neighbours(counts: Image, places: tuple[Floats, Floats], sky: Rings, reach: tuple[float, float]) -> Neighbours:
    """Return which neighbour each star at x, y has within reach.

    counts: (rows, columns); sky: the rings around the stars, in the same unit; reach: how far neighbours are looked
    for, and a star's width, pixels. A neighbour is what one side of a star has and the other has not, where it is
    highest: so a star that is long on both sides has none, and one that is close needs no peak of its own. What most
    stars of the frame have on one side, as of coma, is no neighbour. One as bright as the star is told from some 1.3
    widths on, one of a fifth from one width.
    """
    x, y = places
    far, fwhm = reach
    edge = int(np.ceil(far)) + 3
    down, right = np.mgrid[-edge : edge + 1, -edge : edge + 1]
    lopsided, own, away = (np.zeros((len(x), *right.shape), dtype=np.float32) for _ in range(3))
    for some in portions(len(x), right.size):
        near = around(counts, x[some], y[some], right.ravel(), down.ravel()).reshape(-1, *right.shape)
        smooth = ndimage.uniform_filter(np.nan_to_num(near - sky.level[some, None, None]), size=(1, 3, 3))
        core = np.hypot(right, down) <= max(1.0, MIDDLE * fwhm)
        middle = _middles(smooth, core)
        turned = _turned(smooth, middle)
        lopsided[some], own[some] = (
            np.where(_lacking(near, middle, core), 0.0, smooth - turned),
            np.minimum(smooth, turned),
        )
        from_middle = (step - (at - edge)[:, None, None] for step, at in zip((down, right), middle, strict=True))
        away[some] = np.hypot(*from_middle)
    peak = own[:, edge - 1 : edge + 2, edge - 1 : edge + 2].max(axis=(1, 2), initial=0.0)[:, None, None]
    noise = (sky.noise / 3 + SMALLEST)[:, None, None]  # of a mean of nine
    clear = (peak > CLEAR * noise).ravel()
    if clear.sum() >= ALIKE:
        common = np.median(lopsided[clear] / peak[clear], axis=0) * peak
        lopsided, own = lopsided - common, np.maximum(own, np.abs(common) / STEEP / 4)
    light = np.maximum(own, 0.0)
    moved = away * light / np.maximum(peak, SMALLEST)  # its middle is as uncertain as its peak is noisy
    sure = np.sqrt((2 + moved**2) * noise**2 + (STEEP * light) ** 2)
    told = (away > CORE * fwhm) & (away <= far) & (lopsided > SURE * sure) & (lopsided > BESIDE * peak)
    told &= lopsided == ndimage.maximum_filter(lopsided, size=(1, 3, 3))
    return _told(told, away, lopsided, (np.round(x) - edge, np.round(y) - edge))


def _told(told: Mask, away: Floats, lopsided: Floats, corner: tuple[Floats, Floats]) -> Neighbours:
    """Where neighbours are that were told, (stars, rows, columns); corner: x, y of each stamp's first pixel."""
    has = told.any(axis=(1, 2))
    nearest = np.where(told, away, np.inf).min(axis=(1, 2), initial=np.inf)
    brightest = np.where(told, lopsided, -np.inf).reshape(len(told), told[0].size if len(told) else 1).argmax(axis=1)
    row, column = np.divmod(brightest, told.shape[2])
    x, y = (np.where(has, first + step, np.nan) for first, step in zip(corner, (column, row), strict=True))
    return Neighbours(np.where(has, nearest, np.nan), x, y)


def blended(counts: Image, places: tuple[Floats, Floats], sky: Rings, reach: tuple[float, float]) -> Mask:
    """Return whether each star has a neighbour, asked as of `neighbours`."""
    found: Mask = np.isfinite(neighbours(counts, places, sky, reach).away)
    return found


def _middles(smooth: Floats, core: Mask) -> tuple[Floats, Floats]:
    """Row and column of the summit in the core of each stamp, to a part of a pixel; exact of a Gaussian, long or round.

    It is that of the paraboloid through the logarithms of the highest pixel and its eight neighbours.
    """
    stars = np.arange(len(smooth))
    row, column = np.unravel_index(np.where(core, smooth, -np.inf).reshape(len(smooth), -1).argmax(axis=1), core.shape)
    at = {
        (down, right): np.log(np.maximum(smooth[stars, row + down, column + right], SMALLEST))
        for down in (-1, 0, 1)
        for right in (-1, 0, 1)
    }
    slope_y, slope_x = (at[1, 0] - at[-1, 0]) / 2, (at[0, 1] - at[0, -1]) / 2
    bend_y, bend_x = at[1, 0] + at[-1, 0] - 2 * at[0, 0], at[0, 1] + at[0, -1] - 2 * at[0, 0]
    twist = (at[1, 1] + at[-1, -1] - at[1, -1] - at[-1, 1]) / 4
    whole = np.maximum(bend_y * bend_x - twist**2, SMALLEST)
    down, right = (twist * slope_x - bend_x * slope_y) / whole, (twist * slope_y - bend_y * slope_x) / whole
    return row + np.clip(down, -1, 1), column + np.clip(right, -1, 1)


def _turned(smooth: Floats, middle: tuple[Floats, Floats]) -> Floats:
    """Each stamp turned by half a turn about its star."""
    row, column = (2 * at[:, None, None] for at in middle)
    down, right = np.mgrid[: smooth.shape[1], : smooth.shape[2]]
    flat = [
        ndimage.map_coordinates(each, [rows, columns], order=3, mode="nearest")
        for each, rows, columns in zip(smooth, row - down, column - right, strict=True)
    ]
    return np.array(flat).reshape(smooth.shape)


def _lacking(near: Floats, middle: tuple[Floats, Floats], core: Mask) -> Mask:
    """Where a pixel without a value has a share in what one side has or the other: everywhere if it is in the core."""
    none = ~np.isfinite(near)
    lacking = np.zeros(near.shape, dtype=bool)
    few = np.flatnonzero(none.any(axis=(1, 2)))
    if len(few):
        wide = ndimage.maximum_filter(none[few], size=(1, 5, 5))
        turned = _turned(wide.astype(float), (middle[0][few], middle[1][few]))
        lacking[few] = wide | (turned > MIDDLE) | (wide & core).any(axis=(1, 2))[:, None, None]
    return lacking
