"""From counts to a picture in which one sees the object: the sky near black, faint light lifted, cores kept."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sep
from numpy.typing import NDArray
from PIL import Image as Pillow

from obsy.engine.disk import write_whole
from obsy.engine.reduce.noise import pixel_noise
from obsy.engine.reduce.product import Image, filled

EDGE_PX = 800
"""Pictures are binned until neither side is longer."""
CELL_PX = 32
ROUNDS, FEWEST_CELLS = 4, 12
"""Of the plane through the sky: how often the brightest cells are left out, and how many it must rest on."""

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Levels:
    """Where a picture is black and white, and where its curve bends from linear to logarithmic."""

    black: float
    white: float
    bend: float


def write_picture(path: Path, counts: Image) -> None:
    """Write a frame as a grey PNG, whole or not at all."""
    buffer = io.BytesIO()
    Pillow.fromarray(grey(counts)).save(buffer, format="PNG", compress_level=6)
    write_whole(path, buffer.getvalue())


def grey(counts: Image) -> Picture:
    """(rows, columns), 8 bit, first row at the top: the frame, binned and stretched; black where there is no value."""
    small = levelled(binned(counts))
    return _eight_bit(_curve(small, levels(small)))


def levels(counts: Image) -> Levels:
    """Levels that put the sky just above black: by its darkest fifth, the noise and the brightest thousandth."""
    if not np.isfinite(counts[::4, ::4]).any():
        return Levels(0.0, 1.0, 1.0)
    sound = filled(counts)
    sky = float(np.percentile(_mesh(sound), 20))
    noise = pixel_noise(sound)
    black = sky - 1.0 * noise
    white = max(float(np.percentile(sound, 99.9)), black + 100 * noise)
    return Levels(black, white, max(3.0 * noise, (white - black) / 2000))


def _mesh(counts: Image) -> Image:
    """The background at the middle of each cell; counts: no NaN."""
    return np.asarray(
        sep.Background(counts, bw=CELL_PX, bh=CELL_PX).back()[CELL_PX // 2 :: CELL_PX, CELL_PX // 2 :: CELL_PX]
    )


def levelled(counts: Image) -> Image:
    """The frame less the slope of its sky, which is the Moon's or a town's; its mean level stays.

    A plane through the cells of the background; round by round the highest are left out, for they hold the object.
    """
    if not np.isfinite(counts[::4, ::4]).any():
        return counts
    mesh = _mesh(filled(counts))
    y, x = (axis.ravel() for axis in np.mgrid[-1 : 1 : mesh.shape[0] * 1j, -1 : 1 : mesh.shape[1] * 1j])
    design, cells = np.stack([np.ones_like(x), x, y], axis=1), mesh.ravel().astype(float)
    keep = np.ones(len(cells), dtype=bool)
    plane = np.zeros(3)
    for _ in range(ROUNDS):
        plane = np.linalg.lstsq(design[keep], cells[keep], rcond=None)[0]
        above = cells - design @ plane
        keep = above <= np.percentile(above[keep], 85)
        if keep.sum() < FEWEST_CELLS:
            return counts
    rows, columns = np.mgrid[-1 : 1 : counts.shape[0] * 1j, -1 : 1 : counts.shape[1] * 1j]
    return np.asarray(counts - plane[1] * columns - plane[2] * rows, dtype=np.float32)


def binned(counts: Image) -> Image:
    """Means of square blocks, as small as EDGE_PX asks; NaN where a block has no value."""
    factor = -(-max(counts.shape) // EDGE_PX)
    rows, columns = (length // factor for length in counts.shape)
    blocks = counts[: rows * factor, : columns * factor].reshape(rows, factor, columns, factor)
    here = np.isfinite(blocks)
    total = np.where(here, blocks, 0).sum(axis=(1, 3), dtype=np.float32)
    count = here.sum(axis=(1, 3))
    small: Image = np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)
    return small


def _curve(counts: Image, at: Levels) -> Image:
    """0 at black, 1 at white, an inverse hyperbolic sine between; 0 where there is no value."""
    above = np.nan_to_num(counts - at.black, nan=0.0)
    shown = np.arcsinh(above / at.bend) / np.arcsinh((at.white - at.black) / at.bend)
    return np.asarray(np.clip(shown, 0, 1), dtype=np.float32)


def _eight_bit(shown: Image) -> Picture:
    """0 to 1 as 0 to 255, the first row moved to the top, where FITS has it at the bottom."""
    return np.ascontiguousarray((shown[::-1] * 255 + 0.5).astype(np.uint8))
