"""Frames put on one footing and combined with rejection."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from obsy.engine.reduce.clip import clipped_mean
from obsy.engine.reduce.frameset import FrameSet
from obsy.engine.reduce.product import Image

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Footing:
    """How each frame is made alike, (counts - subtract) * factor + offset, and how much it then counts."""

    factor: Floats
    offset: Floats
    weight: Floats
    noise: float
    """Of one pixel of a typical frame so treated; no pixel is believed to be quieter."""
    subtract: Image | None = None
    """(rows, columns), taken off every frame first."""


def combined(frames: FrameSet, footing: Footing, reject: float) -> tuple[Image, NDArray[np.uint16]]:
    """The clipped, weighted mean of the frames and how many values each of its pixels rests on."""
    mean = np.empty(frames.shape, dtype=np.float32)
    count = np.empty(frames.shape, dtype=np.uint16)
    weights = (footing.weight / footing.weight.max()).astype(np.float32)
    factor, offset = (part.astype(np.float32)[:, None, None] for part in (footing.factor, footing.offset))
    for band, cube in frames.bands():
        if footing.subtract is not None:
            np.subtract(cube, footing.subtract[band], out=cube)
        np.multiply(cube, factor, out=cube)
        np.add(cube, offset, out=cube)
        pixels = np.ascontiguousarray(cube.reshape(len(frames), -1).T)
        values, kept = clipped_mean(pixels, weights, reject, footing.noise)
        mean[band], count[band] = values.reshape(cube.shape[1:]), kept.reshape(cube.shape[1:])
    return mean, count
