"""What many candidates can deserve at most at a moment, all at once: only the best of them are looked at one by one."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from obsy.engine.schedule.bearings import Aim
from obsy.engine.schedule.request import Candidate
from obsy.engine.schedule.value import finishing
from obsy.engine.sky.grid import Floats, Mask
from obsy.schemas.value import Value


@dataclass(frozen=True, slots=True, eq=False)
class MeritBounds:
    """The candidates of a night whose time is not fixed; arrays are (candidates, times), on the night's grid."""

    rest: NDArray[np.int32]
    """How many instants are free from each on, and, with one column more, none after the last."""
    coming: NDArray[np.int32]
    """The first free instant from each on; their number for none, and in one column more."""
    quality: NDArray[np.float32]
    moonless: NDArray[np.float32]
    exposure_h: Floats
    finishing: Floats
    """What finishing each counts as, hours."""
    pictures: NDArray[np.str_]
    filters: NDArray[np.str_]
    opens: Sequence[tuple[int, int]]
    """Each instant at which a candidate can be taken and could not just before, in order, and which candidate."""

    @classmethod
    def of(cls, candidates: Sequence[Candidate]) -> Self:
        """Return what is the same for every way to fill the night."""
        free = np.array([each.free for each in candidates]).reshape(len(candidates), -1 if candidates else 0)
        rest = np.zeros((free.shape[0], free.shape[1] + 1), np.int32)
        rest[:, :-1] = free[:, ::-1].cumsum(axis=1, dtype=np.int32)[:, ::-1]
        coming = np.full(rest.shape, free.shape[1], np.int32)
        instants = np.where(free, np.arange(free.shape[1], dtype=np.int32), coming[:, :-1])
        coming[:, :-1] = np.minimum.accumulate(instants[:, ::-1], axis=1)[:, ::-1]
        return cls(
            rest,
            coming,
            np.array([each.quality_once().astype(np.float32) for each in candidates], np.float32),
            np.array([each.moonless_once().astype(np.float32) for each in candidates], np.float32),
            np.array([each.request.line.goal.exposure / 3600 for each in candidates]),
            np.array([finishing(each) for each in candidates]),
            np.array([each.request.line.picture for each in candidates], np.str_),
            np.array([each.request.line.filter for each in candidates], np.str_),
            sorted((at, index) for index, each in enumerate(candidates) for at in each.opens),
        )

    def begins(self, span: tuple[int, int]) -> Mask:
        """Whether a candidate can begin in a span of instants; (candidates,)."""
        first, last = span
        return self.rest[:, first] > self.rest[:, last + 1]

    def comes(self, able: Mask, first: int) -> int:
        """Return the first instant from one on at which any of some candidates is free; their number for none."""
        return int(self.coming[able, first].min(initial=self.coming.shape[1] - 1))

    def at_most(self, span: tuple[int, int], needed_s: Floats, step_s: float, weights: Value) -> Floats:
        """Return what a block that begins in a span of instants may deserve, its claim and what was before apart.

        needed_s: how long each candidate takes. What cannot begin in the span has minus infinity.
        """
        if not len(self.rest):
            return np.zeros(0)
        first, last = span
        during, rest_s = slice(first, last + 1), self.rest[:, last] * step_s
        most = (
            weights.urgency * (needed_s / np.maximum(np.maximum(rest_s, needed_s), 1e-9))
            + weights.quality * self.quality[:, during].max(axis=1)
            + weights.moon * self.moonless[:, during].max(axis=1)
        )
        return np.where(self.begins(span), most, -np.inf)

    def staying(self, last: Aim | None, weights: Value) -> Floats | float:
        """Return what a block may deserve at most for what was taken before it."""
        if last is None:
            return 0.0
        same = self.pictures == last.picture, self.filters == last.filter
        return np.asarray(weights.staying * same[0] + weights.filter * same[1], np.float64)

    def opening(self, first: int, last: int) -> Sequence[tuple[int, int]]:
        """Return what opens between two instants, both excluded."""
        begin = bisect_right(self.opens, (first + 1,))
        return self.opens[begin : bisect_right(self.opens, (last,))]
