"""How the optics dim the field: vignetting, and the shadows of dust on each filter."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from obsy.engine.devices.simulated.chance import generator

Floats = NDArray[np.float32]
CORNER_LOSS = 0.22
SPECKS = 7


@lru_cache(maxsize=16)
def shade(train: str, role: str, shape: tuple[int, int]) -> Floats:
    """The share of light that arrives at each pixel, (rows, columns), 1 at the best; fixed for a train and filter."""
    chance = generator("dust", train, role, shape)
    row = np.linspace(-1, 1, shape[0], dtype=np.float32)[:, None]
    column = np.linspace(-1, 1, shape[1], dtype=np.float32)[None, :]
    off_row, off_column = chance.normal(0, 0.05, 2).astype(np.float32)
    light = 1 - np.float32(CORNER_LOSS / 2) * ((row - off_row) ** 2 + (column - off_column) ** 2)
    y, x = np.ogrid[0 : shape[0], 0 : shape[1]]
    for _ in range(SPECKS):
        middle = chance.random(2) * shape
        outer = min(shape) * chance.uniform(0.012, 0.04)
        distance = np.hypot(y - middle[0], x - middle[1]).astype(np.float32)
        donut = (np.tanh((distance - outer * 0.4) / 3) - np.tanh((distance - outer) / 3)) / 2
        light *= 1 - np.float32(chance.uniform(0.01, 0.05)) * donut
    return np.asarray(light / light.max(), dtype=np.float32)
