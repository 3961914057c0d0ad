"""Frames as everything here wants them: wavelengths grow with the column, rows lie across the spectrum."""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Red = Literal["right", "left", "up", "down"]


def oriented(frame: NDArray[Any], red: Red) -> NDArray[Any]:
    """Return a frame turned so that red is to the right; red: where it is, up being the last row."""
    turned = frame.T if red in ("up", "down") else frame
    return np.ascontiguousarray(turned[:, ::-1] if red in ("left", "down") else turned)
