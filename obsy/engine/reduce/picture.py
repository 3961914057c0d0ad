"""Pictures on disk: PNG, written whole or not at all."""

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from obsy.engine.reduce.product import write


def png(pixels: NDArray[np.uint8]) -> bytes:
    """The PNG of (rows, columns) grey or (rows, columns, 3) colour; the first row is at the top."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG", compress_level=6)
    return buffer.getvalue()


def write_picture(path: Path, pixels: NDArray[np.uint8]) -> None:
    """Write the picture."""
    write(path, png(pixels))
