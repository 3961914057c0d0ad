"""When something may be done: spans of time out of a yes-or-no at each instant."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from obsy.engine.sky.arrays import Mask
from obsy.engine.sky.grid import Grid


@dataclass(frozen=True)
class Window:
    """From `start` to `end`, both aware UTC."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.end - self.start


def windows(mask: Mask, grid: Grid) -> tuple[Window, ...]:
    """The spans between the first and the last instant of each run of yes, in order.

    Edges lie on the grid and err inwards, by less than a step; a lone yes has no length and makes no window.
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False]))))
    return tuple(
        Window(grid.at(int(first)), grid.at(int(past) - 1)) for first, past in edges.reshape(-1, 2) if past - first > 1
    )
