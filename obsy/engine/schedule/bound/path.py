"""The visits of one mount that are worth most after each other, each frame less a price: a dynamic programme over time.

A visit that holds no more moments than its frames take is worth what its moments are; a longer one, in which the mount
waits, all the frames that can be had, at their best. Time is worked through in steps in which no visit that begins is
over, for all visits at once.
"""

from typing import NamedTuple

import numpy as np

from obsy.engine.schedule.bound.visits import Numbers, Visits
from obsy.engine.sky.grid import Floats

NEVER = -1e18


class Visit(NamedTuple):
    """One of a path: which, the moments from which to which it lasts, and whether the mount waits in it."""

    number: int
    begin: int
    end: int
    waits: bool


class MountPath(NamedTuple):
    """Visits one after the other, what they are worth less their prices, and how many frames of each candidate."""

    value: float
    frames: Floats
    visits: tuple[Visit, ...]


class Paths:
    """The paths of a mount that can visit something, for any prices.

    Arrays are (moments, visits), behind as many moments as a way may look back.
    """

    def __init__(self, visits: Visits) -> None:
        """Prepare what is the same for all prices."""
        self._visits, self._soonest = visits, visits.soonest
        moments, many = visits.rate.shape
        ways = np.array([way for each in visits.ways for way in each]).reshape(many, -1, 3)
        self._origin, self._moments = ways[..., 0].astype(np.intp), ways[..., 1].astype(np.intp)
        self._loss = ways[..., 2]
        self._windows(moments)
        after_first = visits.origins[1:]
        self._members = np.array([number for each in after_first for number in each], np.intp)
        self._edges = np.cumsum([0, *map(len, after_first)])[:-1]
        shape = self._before + moments + 1, many
        self._left = np.full((shape[0], len(visits.origins)), NEVER)
        self._left[self._before + visits.begin :, 0] = 0.0
        self._entered_so_far, self._reached = np.full(shape, NEVER), np.full(shape, NEVER)
        self._best = np.full((1 + int(self._level.max(initial=0)), *shape), NEVER)
        """Of so many entries up to each (a power of two), the best, less what all moments before it are worth."""
        self._look_up()

    @property
    def steps(self) -> int:
        """How many steps of time one answer takes."""
        return -(-len(self._first) // self._soonest)

    def _windows(self, moments: int) -> None:
        """For each end of a visit: between which moments one began that did not wait, and one that did at the last."""
        visits, many = self._visits, self._visits.rate.shape[1]
        held = np.zeros((moments + 1, many), np.intp)
        held[1:] = visits.usable.cumsum(axis=0)
        columns = [(held[:, n], held[:, n] - visits.most[n]) for n in range(many)]
        first = [np.searchsorted(all_held, least) for all_held, least in columns]
        waits = [np.searchsorted(all_held, least, "right") - 1 for all_held, least in columns]
        last = np.arange(moments + 1)[:, None] - visits.least
        shape = (many, moments + 1)
        self._can_wait = np.array(waits, np.intp).reshape(shape).T >= 0
        began = np.minimum(np.array(first, np.intp).reshape(shape).T, last)
        self._level = np.log2(last - began + 1).astype(np.intp)
        longest = int(self._moments.max(initial=0)) + int(visits.least.max(initial=0))
        self._before = 1 + max(longest, 2 ** int(self._level.max(initial=0)))
        self._first, self._last = began + self._before, last + self._before
        self._waited = np.minimum(np.array(waits, np.intp).reshape(shape).T, last) + self._before

    def _look_up(self) -> None:
        """Find once where in memory all stands that an answer rests on: to find it by moment and visit takes longer."""
        each = np.arange(self._reached.shape[1])
        of_last = np.ravel_multi_index((self._level, self._last, each), self._best.shape)
        of_first = np.ravel_multi_index((self._level, self._first + 2**self._level - 1, each), self._best.shape)
        self._between = of_first, of_last
        self._at_wait = np.ravel_multi_index((self._waited, each), self._reached.shape)
        self._way = (self._origin - self._moments * self._left.shape[1]).T[:, None]
        self._lost = self._loss.T[:, None]
        self._least = int(self._visits.least.min())

    def best(self, prices: Floats) -> MountPath:
        """Return the visits that are worth most; prices: of a frame of each candidate."""
        visits, frames = self._visits, np.zeros(len(prices))
        worth = np.maximum(visits.rate - prices[visits.candidate] * visits.frames, 0.0) * visits.usable
        whole = np.minimum(visits.cap * worth.max(axis=0) / visits.frames, worth.sum(axis=0))
        up_to = np.zeros((worth.shape[0] + 1, worth.shape[1]))
        np.cumsum(worth, axis=0, out=up_to[1:])
        for first in range(visits.begin, len(up_to), self._soonest):
            self._step(slice(first, min(first + self._soonest, len(up_to))), up_to, whole)
        value, found = float(self._reached[-1].max()), []
        if value > 0:
            found = self._traced(up_to, whole)
        for number, begin, end, waits in found:
            paid = worth[:, number] if waits else worth[begin:end, number]
            taken = np.count_nonzero(paid) * visits.frames[number]
            frames[visits.candidate[number]] += min(taken, visits.cap[number]) if waits else taken
        return MountPath(max(value, 0.0), frames, tuple(found))

    def _step(self, ends: slice, up_to: Floats, whole: Floats) -> None:
        """Work out what may end at some moments; all that began before is known."""
        now = slice(ends.start + self._before, ends.stop + self._before)
        new = slice(now.start - self._least, now.stop - self._least)
        begins = np.arange(new.start, new.stop)
        entered = self._entries(begins)
        np.subtract(entered, up_to[np.maximum(begins - self._before, 0)], out=self._best[0, new])
        for level in range(1, len(self._best)):
            half = 2 ** (level - 1)
            shorter = self._best[level - 1]
            np.maximum(shorter[new], shorter[new.start - half : new.stop - half], out=self._best[level, new])
        _go_on(self._entered_so_far, new, entered)
        direct = np.maximum(*(self._best.take(between[ends]) for between in self._between)) + up_to[ends]
        waited = self._entered_so_far.take(self._at_wait[ends]) + whole
        _go_on(self._reached, now, np.maximum(direct, np.where(self._can_wait[ends], waited, NEVER)))
        np.maximum.reduceat(self._reached[now][:, self._members], self._edges, axis=1, out=self._left[now, 1:])

    def _entries(self, begins: Numbers) -> Floats:
        """Return what precedes each visit that begins then, at best."""
        found = self._left.take(begins[:, None] * self._left.shape[1] + self._way) - self._lost
        return np.asarray(found.max(axis=0))

    def _traced(self, up_to: Floats, whole: Floats) -> list[Visit]:
        """Return the visits of the best path: each as it was chosen."""
        found, at = list[Visit](), len(self._reached) - 1
        number = int(self._reached[at].argmax())
        while True:
            at = int(np.searchsorted(self._reached[:, number], self._reached[at, number]))
            end = at - self._before
            window = self._best[0, self._first[end, number] : self._last[end, number] + 1, number]
            begin = int(self._first[end, number] + window.argmax())
            waited = int(self._waited[end, number])
            best = self._entered_so_far[waited, number]
            waits = self._can_wait[end, number] and best + whole[number] > window.max() + up_to[end, number]
            if waits:
                begin = int(np.searchsorted(self._entered_so_far[: waited + 1, number], best))
            found.append(Visit(number, begin - self._before, end, bool(waits)))
            ways = self._left[begin - self._moments[number], self._origin[number]] - self._loss[number]
            way = int(ways.argmax())
            if not (origin := self._origin[number, way]):
                return found[::-1]
            at, others = begin - int(self._moments[number, way]), self._visits.origins[origin]
            number = others[int(self._reached[at, others].argmax())]


def _go_on(best: Floats, now: slice, values: Floats) -> None:
    """Write down the best up to each moment of a stretch."""
    first = np.maximum(values[:1], best[now.start - 1])
    np.maximum.accumulate(np.concatenate([first, values[1:]]), axis=0, out=best[now])
