"""Reproducible random numbers: each comes from a seed made of the words and numbers that name it."""

from hashlib import blake2b
from math import cos, floor, pi

import numpy as np


def seed_of(*parts: object) -> int:
    """Return a 64-bit seed, the same for the same parts on any machine and in any process."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def generator(*parts: object) -> np.random.Generator:
    """Return a generator seeded by the parts."""
    return np.random.Generator(np.random.SFC64(seed_of(*parts)))


def between(low: float, high: float, *parts: object) -> float:
    """Return one number from a uniform distribution."""
    return low + (high - low) * seed_of(*parts) / 2.0**64


def wander(moment_s: float, period_s: float, *parts: object) -> float:
    """Return a smooth curve at a moment; it passes a new random number between -1 and 1 every `period_s`."""
    step = floor(moment_s / period_s)
    weight = 0.5 - 0.5 * cos(pi * (moment_s / period_s - step))
    before, after = between(-1, 1, *parts, step), between(-1, 1, *parts, step + 1)
    return before + (after - before) * weight
