"""When a height passes zero, and when it turns: exact moments from values on a grid."""

from collections.abc import Callable
from math import ceil, log2
from typing import NamedTuple

import numpy as np

from obsy.engine.sky.grid import Floats, Mask

Height = Callable[[Floats], Floats]
"""From seconds, (times,), to how far something is above its limit then, in any unit."""
PRECISION_S = 1e-3


class Crossing(NamedTuple):
    """Zero is passed, upwards or downwards."""

    at_s: float
    rises: bool


def crossings(height: Height, seconds: Floats) -> tuple[Crossing, ...]:
    """Return when a smooth height passes zero, in order, good to PRECISION_S.

    seconds: (times,), evenly spaced; between two of them it turns once at most, and where it only just reaches over
    zero is found too.
    """
    at = np.union1d(seconds, turns(height, seconds)[0])
    below = height(at) < 0
    (first,) = np.nonzero(below[:-1] != below[1:])
    low, high, rises = at[first], at[first + 1], below[first]
    for _ in range(ceil(log2((seconds[1] - seconds[0]) / PRECISION_S)) if first.size else 0):
        middle = (low + high) / 2
        is_before = (height(middle) < 0) == rises
        low, high = np.where(is_before, middle, low), np.where(is_before, high, middle)
    return tuple(Crossing(float(when), bool(up)) for when, up in zip(high, rises, strict=True))


def turns(height: Height, seconds: Floats) -> tuple[Floats, Mask]:
    """Return when a smooth height is highest or lowest, (turns,), by the parabola through three, and if it is highest.

    seconds: as for `crossings`; what turns at its ends is not found.
    """
    heights = height(seconds)
    before, here, after = heights[:-2], heights[1:-1], heights[2:]
    (found,) = np.nonzero(((here - before) * (after - here) < 0) | ((here != before) & (here == after)))
    before, here, after = before[found], here[found], after[found]
    part = 0.5 * (before - after) / (before - 2 * here + after)
    return seconds[found + 1] + part * (seconds[1] - seconds[0]), here > before
