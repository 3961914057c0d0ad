"""The pixels around many places at once, as many places at a time as memory is to be had for."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

AT_ONCE = 1_000_000
"""Pixels that are held at once: 8 MB an array of them, of which what is done with them takes some ten."""

Floats = NDArray[np.float64]
Steps = NDArray[np.int64]


def around(image: NDArray[np.generic], x: Floats, y: Floats, right: Steps, down: Steps) -> Floats:
    """(places, steps): the pixels so far from the one that each place is in; NaN outside of the frame.

    image: (rows, columns); x, y: pixels from 0 at the middle of the first; right, down: of the steps, whole pixels.
    """
    rows, columns = image.shape
    column, row = np.round(x).astype(int)[:, None] + right, np.round(y).astype(int)[:, None] + down
    there = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    found = image[np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1)].astype(float)
    found[~there] = np.nan
    return found


def steps_between(least: float, most: float) -> tuple[Steps, Steps]:
    """Return how far to the right and down those pixels lie that are at least and at most so far from one, pixels."""
    reach = int(most)
    down, right = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    away = np.hypot(down, right)
    within = (away >= least) & (away <= most)
    return right[within], down[within]


def portions(places: int, steps: int) -> Iterator[slice]:
    """Yield stretches of so many places, each of which has so many pixels, that are gone through at once."""
    length = max(1, AT_ONCE // max(1, steps))
    for begin in range(0, places, length):
        yield slice(begin, begin + length)
