"""Evenly spaced times, on which this room works everything out, and the spans of time between them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from math import ceil, floor
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Grid:
    """`count` instants, `step_s` apart, from `start` on (aware; UTC without leap seconds)."""

    start: datetime
    step_s: float
    count: int

    def __post_init__(self) -> None:
        if self.start.tzinfo is None:
            raise ValueError(f"a grid starts at an aware time, but {self.start} has no zone")
        if not (self.step_s > 0 and self.count > 0):
            raise ValueError(f"a grid needs a positive step and count, but has {self.step_s:g} s and {self.count}")
        object.__setattr__(self, "start", self.start.astimezone(UTC))

    @classmethod
    def over(cls, start: datetime, end: datetime, step_s: float) -> Self:
        """The grid from `start` whose last instant is the first at or after `end`."""
        return cls(start, step_s, 1 + max(0, ceil((end - start).total_seconds() / step_s)))

    @cached_property
    def end(self) -> datetime:
        """The last instant."""
        return self.at(self.count - 1)

    @property
    def seconds(self) -> Floats:
        """Each instant, in seconds from the start."""
        return np.arange(self.count, dtype=np.float64) * self.step_s

    def at(self, index: int) -> datetime:
        """The instant with this index, counted from 0."""
        return self.start + timedelta(seconds=index * self.step_s)

    def index(self, when: datetime) -> int:
        """The index of the last instant at or before `when`.

        Raises ValueError if `when` lies outside the grid.
        """
        # A thousandth of a step: `at` rounds to microseconds, and index(at(i)) is i.
        found = floor((when - self.start).total_seconds() / self.step_s + 1e-3)
        if not 0 <= found < self.count:
            raise ValueError(f"{when} lies outside the times from {self.start} to {self.end}")
        return found


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
