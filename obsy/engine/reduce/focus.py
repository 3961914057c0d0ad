"""How wide the stars of a focus frame are, from sharp to rings."""

from pathlib import Path

import numpy as np
import sep

from obsy.engine.reduce.product import Image, filled, read
from obsy.engine.reduce.shape import shapes
from obsy.engine.reduce.stars import detect

WIDE_PX = 5.0
"""Beyond this the frame is measured again, binned, since noise breaks a wide disc into pieces."""
BIN = 4
FEWEST = 3
MESH = 64
"""Pixels of a cell of the background."""


def half_flux_radius(path: Path) -> float:
    """Median half-flux radius of the frame's stars, unbinned pixels; NaN if there are none. Raises FrameError."""
    counts = read(path)[0].astype(np.float32)
    if not np.isfinite(counts[::4, ::4]).any():
        return float("nan")
    counts = filled(counts)
    stars, width = _width(counts)
    if stars >= FEWEST and width < WIDE_PX:
        return width
    rows, columns = (length // BIN for length in counts.shape)
    blocks = counts[: rows * BIN, : columns * BIN].reshape(rows, BIN, columns, BIN)
    coarse_stars, coarse = _width(blocks.mean(axis=(1, 3)))
    return BIN * coarse if coarse_stars >= FEWEST and BIN * coarse > WIDE_PX / 2 else width


def _width(counts: Image) -> tuple[int, float]:
    """How many stars could be measured and the median of their half-flux radii."""
    bare = counts - sep.Background(counts, bw=MESH, bh=MESH).back()
    full = counts >= counts.max() if counts.max() >= np.iinfo(np.uint16).max else np.zeros(counts.shape, dtype=bool)
    stars = detect(bare, 5.0, MESH, full)
    chosen = np.flatnonzero(~stars.full)[:50]
    found = shapes(bare, stars.x[chosen], stars.y[chosen], 15).hfr
    found = found[np.isfinite(found)]
    return len(found), float(np.median(found)) if len(found) else float("nan")
