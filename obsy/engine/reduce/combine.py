"""Many frames of one size put on one footing, and combined pixel by pixel without what only one of them shows."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from obsy.engine.mad_std import SIGMA_PER_MAD
from obsy.engine.reduce.product import Image, header_of, picture_of, read, section
from obsy.errors import FrameError

BAND_VALUES = 2_000_000
"""Values of all frames together that one band may hold; half as many take 40 % longer, twice as many 50 MB more."""
UNEVEN = 1.5
"""Frames whose noise differs more than that are held against a median by weight, which takes longer."""
VOTERS = 3
"""Of fewer nobody can say which is wrong."""
STAR = 2.0
"""By how much of a star's light frames of other widths differ, and none is wrong: a fifth more, out to three sigmas."""
SPARSE = 16
"""The level of the sky is that of every sixteenth pixel."""
QUIETEST = 1e-9
"""No frame has less noise than that, not even one of whole numbers that are all the same."""
Floats = NDArray[np.float64]


class FrameSet:
    """Several FITS files of one shape, read a band of rows at a time: memory does not grow with the sensor.

    Raises FrameError when one cannot be read, or is not of the size of the first.
    """

    def __init__(self, paths: tuple[Path, ...]) -> None:
        """Read every header, and check that the pictures fit on each other."""
        if not paths:
            raise FrameError("no-frames", "no-frames: there is nothing to combine")
        self.paths = paths
        self.headers: list[fits.Header] = []
        shapes = set()
        for path in paths:
            header = header_of(path)
            self.headers.append(header)
            shapes.add((int(header.get("NAXIS2", 0)), int(header.get("NAXIS1", 0))))
        if len(shapes) > 1:
            raise FrameError("sizes-differ", f"sizes-differ: {len(shapes)} sizes among {len(paths)} frames")
        self.shape: tuple[int, int] = shapes.pop()

    def __len__(self) -> int:
        return len(self.paths)

    def frame(self, index: int) -> Image:
        """(rows, columns) of one frame."""
        return read(self.paths[index])[0].astype(np.float32, copy=False)

    def bands(self) -> Iterator[tuple[slice, NDArray[np.float32]]]:
        """Each band of rows and its values, (frames, rows of the band, columns)."""
        rows, columns = self.shape
        height = max(1, BAND_VALUES // (columns * len(self)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened = [fits.open(path, memmap=False) for path in self.paths]
            try:
                parts = [picture_of(hdus, path)[0] for hdus, path in zip(opened, self.paths, strict=True)]
                for first in range(0, rows, height):
                    band = slice(first, min(first + height, rows))
                    cube = np.empty((len(self), band.stop - band.start, columns), dtype=np.float32)
                    for index, part in enumerate(parts):
                        cube[index] = section(part, band, self.paths[index])
                    yield band, cube
            finally:
                for hdus in opened:
                    hdus.close()


@dataclass(frozen=True)
class Footing:
    """How each frame is made alike, (counts - subtract) * factor + offset, and how much it then counts."""

    factor: Floats
    offset: Floats
    weight: Floats
    noise: Floats
    """Of one pixel of each frame so treated; no pixel is believed to be quieter."""
    subtract: Image | None = None
    """(rows, columns), taken off every frame first."""


def combined(frames: FrameSet, footing: Footing, reject: float) -> tuple[Image, float]:
    """The clipped, weighted mean of the frames, and the share of their values that was left out."""
    mean = np.empty(frames.shape, dtype=np.float32)
    kept = whole = 0
    weights = (footing.weight / footing.weight.max()).astype(np.float32)
    noise = np.maximum(footing.noise, QUIETEST).astype(np.float32)
    factor, offset = (part.astype(np.float32)[:, None, None] for part in (footing.factor, footing.offset))
    for band, cube in frames.bands():
        if footing.subtract is not None:
            np.subtract(cube, footing.subtract[band], out=cube)
        np.multiply(cube, factor, out=cube)
        np.add(cube, offset, out=cube)
        pixels = np.ascontiguousarray(cube.reshape(len(frames), -1).T)
        values, count = clipped_mean(pixels, weights, reject, noise)
        mean[band] = values.reshape(cube.shape[1:])
        kept, whole = kept + int(count.sum()), whole + int(np.isfinite(pixels).sum())
    return mean, 1.0 - kept / max(whole, 1)


def clipped_mean(values: Image, weights: Image, reject: float, noise: Image) -> tuple[Image, NDArray[np.int64]]:
    """Weighted mean of each pixel's sound values, and how many they are; NaN where there is none.

    values: (pixels, frames), NaN where a frame has no value; weights, noise: (frames,). A value is left out when it
    lies more than `reject` sigmas of its own frame from the pixel's median. A frame's sigma is its noise known
    beforehand, and larger where the pixel's values scatter more (the median of their deviations, each over its frame's
    noise): few frames, or whole numbers, otherwise look quieter than they are, and one sigma for all throws away what a
    bright sky scatters while it keeps what is wrong in a dark one. A frame with half of the weight is asked first.
    With next to no noise, the same for all, this is ccdproc's `Combiner.sigma_clipping(func='median',
    dev_func='mad_std')`. Ours, since that takes 3 times as long (python -m bench libraries), knows one sigma for all,
    and in 2.5 divides by the weights of rejected values too.
    """
    uneven = noise.max() > UNEVEN * noise.min()
    values = _not_outvoted(values, reject, noise) if uneven else values
    count = np.isfinite(values).sum(axis=1)
    median = _weighted_median(values, np.reciprocal(noise)) if uneven else _median(values, count)
    off = values - median[:, None]
    distance = np.abs(off)
    distance /= noise
    sigmas = _sigmas(distance, count)
    with np.errstate(invalid="ignore"):
        kept = distance <= (reject * sigmas)[:, None]
    total = kept @ weights
    mean = np.where(kept, off, np.float32(0)) @ weights  # about the median: small numbers lose nothing in float32
    result = np.where(total > 0, median + mean / np.maximum(total, 1e-30), np.nan)
    return result.astype(np.float32), kept.sum(axis=1)


def _not_outvoted(values: Image, reject: float, noise: Image) -> Image:
    """The values without those of a frame that has half of the weight, where most of the others are against it.

    The median by weight would be its own value, whatever it shows. Its others vote by heads, not by weight, so that one
    wrong value among them does not drive out the best; those of two frames alone cannot be told apart.
    """
    weight = np.where(np.isfinite(values), np.reciprocal(noise), np.float32(0))
    heaviest = weight.max(axis=1)
    led = np.flatnonzero((2 * heaviest >= weight.sum(axis=1)) & ((weight > 0).sum(axis=1) >= VOTERS))
    if not led.size:
        return values
    leader = weight[led].argmax(axis=1)
    others = values[led]
    gap = others - others[np.arange(led.size), leader][:, None]
    others[np.arange(led.size), leader] = np.nan
    limit = reject * np.hypot(noise, noise[leader][:, None])
    sky = np.median(_weighted_median(others[::SPARSE], np.reciprocal(noise)))
    doubted = np.flatnonzero(_outvoted(gap, limit, others))
    led, leader = led[doubted], leader[doubted]
    gap, limit, others = gap[doubted], limit[doubted], others[doubted]
    middle = _weighted_median(others, np.reciprocal(noise))
    sigmas = _sigmas(np.abs(others - middle[:, None]) / noise, np.isfinite(others).sum(axis=1))
    out = _outvoted(gap, limit * sigmas[:, None] + STAR * np.abs(middle - sky)[:, None], others)
    heard = values.copy()
    heard[led[out], leader[out]] = np.nan
    return heard


def _outvoted(gap: Image, limit: Image, others: Image) -> NDArray[np.bool_]:
    """Whether most of the others of each row lie to one side of its leader, by more than the limit."""
    against = np.maximum((gap > limit).sum(axis=1), (gap < -limit).sum(axis=1))
    most: NDArray[np.bool_] = 2 * against > np.isfinite(others).sum(axis=1)
    return most


def _sigmas(distance: Image, count: NDArray[np.int64]) -> Image:
    """How much more than by their noise the values of each row scatter; 1 where they do not."""
    more: Image = np.maximum(SIGMA_PER_MAD * _median(distance, count), 1.0)
    return more


def _median(values: Image, count: NDArray[np.int64]) -> Image:
    """The median of each row's `count` numbers; NaN sorts to the end, and stands where there is nothing else."""
    ordered = np.sort(values, axis=1)
    line = np.arange(len(values))
    last = np.maximum(count - 1, 0)
    middle: Image = (ordered[line, last // 2] + ordered[line, (last + 1) // 2]) / 2
    return middle


def _weighted_median(values: Image, weights: Image) -> Image:
    """The number of each row up to which half of the weight lies; NaN where there is nothing else.

    By the inverse of its noise, so that a quiet frame is not held against where the loud ones scatter to.
    """
    order = np.argsort(values, axis=1)
    line = np.arange(len(values))[:, None]
    ordered = values[line, order]
    heard = np.cumsum(np.where(np.isfinite(ordered), weights[order], np.float32(0)), axis=1)
    place = (heard < heard[:, -1:] / 2).sum(axis=1)
    middle: Image = ordered[line[:, 0], place]
    return middle


def offset(counts: Image, reference: Image) -> float:
    """What gives `counts` the sky of `reference` when added: the median of where both have a value; else 0."""
    gap = (reference - counts).ravel()
    gap = gap[np.isfinite(gap)]
    return float(np.median(gap)) if gap.size else 0.0
