"""Clouds of dust and gas: smooth noise on many scales that stays where it is on the sky."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from obsy.engine.devices.simulated.chance import generator

Floats = NDArray[np.float32]
LATTICE = 64
OCTAVES = 6


@lru_cache(maxsize=32)
def _lattice(name: str, octave: int) -> Floats:
    return generator("texture", name, octave).standard_normal((LATTICE, LATTICE), dtype=np.float32)


def texture(name: str, x: Floats, y: Floats) -> Floats:
    """Noise of mean 0 and spread of about 1 at places given in units of its largest clumps.

    Source: value noise on lattices, each octave twice as fine and 0.6 as strong.
    """
    total = np.zeros_like(x)
    strength, squares = 1.0, 0.0
    for octave in range(OCTAVES):
        total += np.float32(strength) * _between(_lattice(name, octave), x * 2**octave, y * 2**octave)
        squares += strength**2
        strength *= 0.6
    return np.asarray(total * np.float32(1.6 / squares**0.5))


def _between(lattice: Floats, x: Floats, y: Floats) -> Floats:
    left, top = np.floor(x), np.floor(y)
    u, v = x - left, y - top
    u, v = u * u * (3 - 2 * u), v * v * (3 - 2 * v)
    i, j = left.astype(np.intp) % LATTICE, top.astype(np.intp) % LATTICE
    right, below = (i + 1) % LATTICE, (j + 1) % LATTICE
    upper = lattice[j, i] * (1 - u) + lattice[j, right] * u
    lower = lattice[below, i] * (1 - u) + lattice[below, right] * u
    return np.asarray(upper * (1 - v) + lower * v, dtype=np.float32)
