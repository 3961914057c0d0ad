"""The light of many stars at once: the sum in an aperture, and the sky in a ring around each, whatever lies in it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from obsy.engine.reduce.apertures import CircularAperture
from obsy.engine.reduce.around import around, portions, steps_between

CLIP, ROUNDS = 3.0, 5
"""Sigmas beyond which a pixel of the ring is no sky, and how often that is asked again."""
FEWEST = 50
"""Pixels of sky that its level rests on."""
HALF_WIDTH = 0.3413447460685429
"""The share of normal values between their middle and one standard deviation."""
WHOLE = 1 - 1e-9
"""The share of a circle below which a pixel without a value is in it, and no rounding."""
LEFT_WITHIN = 0.98658
"""Standard deviation of a normal distribution that is cut off at three sigma, over what it was."""

Image = NDArray[np.float32]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Rings:
    """The sky around each star; NaN where too few pixels show it."""

    level: Floats
    """Mean of a pixel, in the counts' own unit, what stands out left out."""
    noise: Floats
    """Standard deviation of a pixel."""
    pixels: Floats
    """How many it rests on."""

    def times(self, gain: float) -> "Rings":
        """Return them in another unit, such as electrons, given how many of it there are in one of this."""
        return Rings(self.level * gain, self.noise * gain, self.pixels)


@dataclass(frozen=True, eq=False)
class Sums:
    """What lies in the aperture of each star."""

    flux: Floats
    """Sky taken off, in the counts' own unit; NaN where the sky is not known."""
    full: Mask
    """Whether a full pixel lies in it."""
    hole: Mask
    """Whether a pixel without a value lies in it; such are counted as sky."""
    outside: Mask
    """Whether it reaches over the frame's edge."""


def rings(counts: Image, x: Floats, y: Floats, radii: tuple[float, float]) -> Rings:
    """Return the sky in the ring between two radii (pixels) around each place.

    counts: (rows, columns), NaN where there is no value. The mean, since the median of few photons is not their mean.
    """
    right, down = steps_between(*radii)
    some = [_clipped(around(counts, x[part], y[part], right, down)) for part in portions(len(x), len(right))]
    level, noise, pixels = np.concatenate([np.zeros((3, 0)), *some], axis=1)
    return Rings(level, noise, pixels)


def sums(counts: Image, full: Mask, places: tuple[Floats, Floats], radius: float, sky: Floats) -> Sums:
    """Return the light within a radius (pixels) around each place x, y, each pixel by its share within the circle.

    counts: (rows, columns), NaN where there is no value; full: its saturated pixels; sky: level around each star.
    """
    x, y = places
    rows, columns = counts.shape
    outside = (np.minimum(x, y) + 0.5 < radius) | (columns - 0.5 - x < radius) | (rows - 0.5 - y < radius)
    right, down = steps_between(0.0, radius + 0.5)
    some = [(around(full, x[part], y[part], right, down) == 1).any(axis=1) for part in portions(len(x), len(right))]
    in_full = np.concatenate([np.zeros(0, dtype=bool), *some])
    summed, area = _summed(counts, x, y, radius)
    return Sums(summed - sky * area, in_full, area < WHOLE * np.pi * radius**2, outside)


def _summed(counts: Image, x: Floats, y: Floats, radius: float) -> tuple[Floats, Floats]:
    """The sum in each circle, and the pixels that it is of: fewer than all where some have no value.

    Whole frames are gone through only if a circle has such pixels.
    """
    if not len(x):
        return np.zeros(0), np.zeros(0)
    circles = CircularAperture(np.column_stack([x, y]), radius)
    summed, area = np.asarray(circles.do_photometry(counts)[0]), np.full(len(x), circles.area)
    if not np.isfinite(summed).all():
        known = np.isfinite(counts)
        lacking = np.asarray(circles.do_photometry((~known).astype(np.float32))[0])
        summed = np.asarray(circles.do_photometry(np.where(known, counts, np.float32(0.0)))[0])
        area = area - np.nan_to_num(lacking)
    return summed, area


def _clipped(values: Floats) -> Floats:
    """(3, rows): mean, deviation and number of each row's values.

    What lies beyond three sigmas of its median is left out, again and again.
    Sorted once, what is left of a row is a stretch of it; its sums are differences of running ones. The first deviation
    is that of the middle of the row, which a star among the pixels does not widen.
    """
    if values.shape[1] < FEWEST:
        return np.full((3, len(values)), np.nan)
    values = np.sort(values, axis=1)  # NaN comes last
    count = np.isfinite(values).sum(axis=1)
    few = count < FEWEST
    lines, first = np.arange(len(values)), np.zeros(len(values), dtype=int)
    middle = values[lines, count // 2]
    from_middle = np.nan_to_num(values - middle[:, None])
    once, twice = (np.pad(np.cumsum(each, axis=1), ((0, 0), (1, 0))) for each in (from_middle, from_middle**2))
    past = count.copy()
    low, high = ((count * (0.5 + way * HALF_WIDTH)).astype(int) for way in (-1, 1))
    sigma = (values[lines, high] - values[lines, low]) / 2
    mean = middle
    for _ in range(ROUNDS):
        centre = values[lines, (first + past) // 2]
        before = first, past
        first = (values < (centre - CLIP * sigma)[:, None]).sum(axis=1)
        past = (values <= (centre + CLIP * sigma)[:, None]).sum(axis=1)
        left = np.maximum(past - first, 1)
        shift = (once[lines, past] - once[lines, first]) / left
        mean = middle + shift
        spread = (twice[lines, past] - twice[lines, first]) / left - shift**2
        sigma = np.sqrt(np.maximum(spread, 0.0)) / LEFT_WITHIN
        if np.array_equal(before, (first, past)):
            break
    few |= past - first < FEWEST
    return np.where(few, np.nan, np.stack([mean, sigma, (past - first).astype(float)]))
