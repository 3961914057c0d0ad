"""What tells whether two images are one exposure: a hash of each block of their pixels."""

import hashlib

import numpy as np
from numpy.typing import NDArray

BLOCK = 16
"""Pixels on a side of what is told apart: as large as JPEG's own blocks of colour."""


def fingerprint(rgb: NDArray[np.uint8]) -> tuple[str, ...]:
    """Return a hash of each block of the image; empty for a block in which nothing varies, which proves nothing."""
    rows, columns = (side // BLOCK for side in rgb.shape[:2])
    blocks = rgb[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK, 3).swapaxes(1, 2)
    flat = np.ascontiguousarray(blocks).reshape(rows * columns, -1)
    varies = np.ptp(flat, axis=1) > 0
    return tuple(
        hashlib.blake2b(block.tobytes(), digest_size=4).hexdigest() if lively else ""
        for block, lively in zip(flat, varies, strict=True)
    )
