"""What a picture adds to a night at most where time has a price, in whole frames and whole goals.

Its time is a row of cells, each as long as a frame with its download. Two of its frames never begin in one cell, so a
cell is worth what the best frame that begins in it is, less the least that its time may cost, and so many frames are
worth no more than as many of the best cells. What finishes goals and brings the picture on goes by how many frames
that is, however they are shared out. Its set-ups are the way from the nearest other target, once, and another filter
for each goal more that so many frames need.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf, isinf
from typing import NamedTuple

import numpy as np

from obsy.engine.schedule.bound.stakes import PictureStake
from obsy.engine.schedule.bound.visits import Numbers, taken
from obsy.engine.schedule.bound.ways import VisitSeen, nearest_deg, way_s
from obsy.engine.schedule.fit import Timeline, most_frames
from obsy.engine.schedule.request import Candidate
from obsy.engine.sky.grid import Floats, Mask
from obsy.schemas.value import Value

EARLY_S = 0.1
"""A block may begin a moment before the instant that allows it."""
MOST_CELLS = 20_000
"""Of a picture in one go: above, there would be too much to sort."""
MARGIN_S = 60.0


class Ends(NamedTuple):
    """Which of a mount's stretches of time a span touches, the first and the last; (cells,)."""

    first: Numbers
    last: Numbers


class Taken(NamedTuple):
    """What is taken of a picture at some prices: what it adds less its time's, and seconds of each stretch."""

    value: float
    seconds: Floats


@dataclass(frozen=True, slots=True)
class Lost:
    """What a picture's set-ups take at the very least: seconds, and points of its first frames."""

    way_s: float
    way: float
    filter_s: float
    filter: float
    refund_s: float
    refund: float
    before: int
    """A set-up begins at most so many stretches before its frames do."""
    focus_part: float
    """Of exposures, what their focus runs take: none lasts longer than `every` and a block."""
    focus_back: int
    """The run is so many stretches before its frames at most."""
    focused: int
    """Up to this stretch the last known run may do."""

    def focus(self, prices: Floats) -> Floats:
        """Return what focus runs add to the price of a second, by stretch: each in the cheapest that it may be in."""
        least = prices.copy()
        for back in range(1, min(self.focus_back + 1, len(prices))):
            least[back:] = np.minimum(least[back:], prices[:-back])
        least[: self.focused] = 0.0
        return self.focus_part * least


@dataclass(frozen=True, slots=True, eq=False)
class PictureSpan:
    """The goals of a picture with frames of one length, with one train."""

    mount: int
    each_s: float
    pays: Floats
    """The best frame that begins in each cell; (cells,)."""
    ends: Ends
    adds: Floats
    """What goals add at most: by how many of them are begun, and frames; (goals + 1, frames + 1)."""
    lost: Lost

    def best(self, prices: Floats) -> Taken:
        """Return what it adds at most; prices: of a second of its mount, by stretch."""
        least, lost = _least(prices, self.ends), self.lost
        focus = lost.focus(prices)
        net = self.pays - self.each_s * (prices[least] + focus[_least(focus, self.ends)])
        order = np.argsort(-net, kind="stable")[: self.adds.shape[1] - 1]
        cheapest = self.cheapest(prices)
        begun = np.arange(len(self.adds))[:, None]
        ways = np.where(
            begun > 0,
            prices[cheapest] * (lost.way_s + (begun - 1) * lost.filter_s) + lost.way + (begun - 1) * lost.filter,
            0.0,
        )
        alone = self.adds - ways
        worth = alone.max(axis=0) + np.concatenate([[0.0], np.cumsum(net[order])])
        frames = int(worth.argmax())
        seconds = np.zeros(len(prices))
        np.add.at(seconds, least[order[:frames]], self.each_s * (1 + lost.focus_part))
        goals = int(alone[:, frames].argmax())
        if goals:
            seconds[cheapest] += lost.way_s + (goals - 1) * lost.filter_s
        return Taken(max(float(worth[frames]), 0.0), seconds)

    def cheapest(self, prices: Floats) -> int:
        """Return the stretch in which a set-up costs least."""
        first, last = max(0, int(self.ends.first.min()) - self.lost.before), int(self.ends.last.max())
        return first + int(prices[first : last + 1].argmin())

    def refund(self, prices: Floats) -> float:
        """Return what it may be charged too much if it is the first of its mount's night."""
        return float(prices[self.cheapest(prices)]) * self.lost.refund_s + self.lost.refund


@dataclass(frozen=True, slots=True, eq=False)
class FixedSpan:
    """What has a time of its own, with one train: without set-ups, and as often as it fits."""

    mount: int
    each_s: float
    pays: Floats
    ends: Ends

    def best(self, prices: Floats) -> Taken:
        """Return what it adds at most."""
        least = _least(prices, self.ends)
        net = self.pays - self.each_s * prices[least]
        seconds, pays = np.zeros(len(prices)), net > 0
        np.add.at(seconds, least[pays], self.each_s)
        return Taken(float(net[pays].sum()), seconds)


def _least(prices: Floats, ends: Ends) -> Numbers:
    """Return the cheapest stretch that each cell touches."""
    best = ends.first.copy()
    for further in range(1, int((ends.last - ends.first).max()) + 1):
        other = np.minimum(ends.first + further, ends.last)
        best = np.where(prices[other] < prices[best], other, best)
    return best


class NightSpans:
    """Builds the spans of a night; stretch_s: how long a stretch of one price is."""

    def __init__(
        self, candidates: Sequence[Candidate], timelines: Sequence[Timeline], weights: Value, stretch_s: float
    ) -> None:
        """Note what is the same for all of them."""
        self._candidates, self._timelines, self._weights, self._stretch_s = candidates, timelines, weights, stretch_s
        mounts = [[n for n, each in enumerate(timelines) if c.request.train in each.costs] for c in candidates]
        self.possible = all(len(each) <= 1 for each in mounts)
        """Each train is on one mount."""
        self._mounts = [each[0] if each else -1 for each in mounts]
        self._near = [inf] * len(candidates)
        for mount in range(len(timelines)):
            mine = [n for n, of in enumerate(self._mounts) if of == mount and candidates[n].free.any()]
            parts = [VisitSeen(n, candidates[n], 0, candidates[n].free) for n in mine]
            for n, degrees in zip(mine, nearest_deg(parts), strict=True):
                self._near[n] = degrees
        self._fixed = {each.request.line.picture for each in candidates if each.fixed is not None}

    def fixed(self) -> Iterator[FixedSpan]:
        """Yield those with a time of their own."""
        for n, each in enumerate(self._candidates):
            if each.fixed is not None and self._mounts[n] >= 0:
                timeline = self._timelines[self._mounts[n]]
                cells = self._cells([n], taken(each, timeline), None)
                if len(cells[0]):
                    yield FixedSpan(self._mounts[n], timeline.each_s(each.request), *cells)

    def of(self, stake: PictureStake) -> Iterator[PictureSpan]:
        """Yield what a picture is made of; what brings it on is shared among its lengths of frames by their time."""
        by_length: defaultdict[float, list[int]] = defaultdict(list)
        for at, n in enumerate(stake.numbers):
            if self._mounts[n] >= 0:
                by_length[self._timelines[self._mounts[n]].each_s(self._candidates[n].request)].append(at)
        times = {each_s: each_s * float(stake.counts[mine].sum()) for each_s, mine in by_length.items()}
        for each_s, mine in by_length.items():
            numbers = [stake.numbers[at] for at in mine]
            timeline = self._timelines[self._mounts[numbers[0]]]
            free = np.any([taken(self._candidates[n], timeline) for n in numbers], axis=0)
            pays, ends = self._cells(numbers, free, timeline.costs[self._candidates[numbers[0]].request.train].spare_s)
            if len(pays):
                adds = _adds(stake, mine, len(pays), times[each_s] / sum(times.values()))
                yield self._span(numbers, (pays, ends), adds, len(by_length) > 1)

    def _span(self, numbers: Sequence[int], cells: tuple[Floats, Ends], adds: Floats, parted: bool) -> PictureSpan:
        first, weights = self._candidates[numbers[0]].request, self._weights
        mount = self._mounts[numbers[0]]
        timeline = self._timelines[mount]
        costs, exposure_h = timeline.costs[first.train], first.line.goal.exposure / 3600
        filters = {self._candidates[n].request.line.filter for n in numbers}
        way, loss = way_s(min(self._near[n] for n in numbers), costs), weights.staying * exposure_h
        change_s, change = min(costs.settle_s + costs.filter_s, way), min(weights.filter * exposure_h, loss)
        if parted:  # from a goal of the same picture, with frames of another length, through whatever filter
            way, loss, change_s, change = 0.0, 0.0, 0.0, 0.0
        if len(filters) < len(numbers):
            change_s, change = 0.0, 0.0
        if first.line.picture in self._fixed:
            way, loss, change_s, change = 0.0, 0.0, 0.0, 0.0
        known = timeline.stands.aim is not None
        refund_s, refund = (way, loss) if known else (max(0.0, way - costs.settle_s - costs.filter_s), 0.0)
        before = ceil(costs.longest_s / self._stretch_s)
        lost = Lost(way, loss, change_s, change, refund_s, refund, before, *self._focus(first.train, timeline))
        return PictureSpan(mount, timeline.each_s(first), *cells, adds, lost)

    def _focus(self, train: str, timeline: Timeline) -> tuple[float, int, int]:
        """Return the part of a train's exposures that focus runs take, and where they may be."""
        costs, mount = timeline.costs[train], self._timelines.index(timeline)
        mine = [each for each, of in zip(self._candidates, self._mounts, strict=True) if of == mount]
        if isinf(costs.focus_every_s) or not costs.focus_s or any(each.fixed is not None for each in mine):
            return 0.0, 0, 0
        lengths = ((timeline.each_s(each.request), each.request) for each in mine if each.request.train == train)
        longest_s = max(each_s * most_frames(request.line, each_s) for each_s, request in lengths)
        lasts_s, focused = costs.focus_every_s + longest_s + MARGIN_S, 0
        if train in timeline.stands.focused:
            since_s = (timeline.stands.focused[train] - timeline.grid.start).total_seconds()
            focused = max(0, ceil((since_s + lasts_s) / self._stretch_s))
        return costs.focus_s / lasts_s, ceil((lasts_s + costs.focus_s) / self._stretch_s) + 1, focused

    def _cells(self, numbers: Sequence[int], free: Mask, spare_s: float | None) -> tuple[Floats, Ends]:
        """Return what the cells are worth, and the stretches of time that what begins in one may touch."""
        timeline = self._timelines[self._mounts[numbers[0]]]
        each_s, step_s = timeline.each_s(self._candidates[numbers[0]].request), timeline.grid.step_s
        edges = np.flatnonzero(np.diff(np.concatenate([[False], free, [False]]).astype(np.int8)))
        begins = []
        for first, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            length_s = (stop - 1 - first) * step_s + EARLY_S
            many = floor(length_s / each_s) + 1 if spare_s is None else floor((length_s - spare_s) / each_s + 1e-5)
            self.possible = self.possible and many <= MOST_CELLS
            if self.possible:
                begins.append(first * step_s - EARLY_S + each_s * np.arange(many))
        at = np.concatenate([np.zeros(0), *begins])
        paid = np.max([self._paid(n) for n in numbers], axis=0)
        last = len(free) - 1
        low, high = ((t / step_s).astype(int).clip(0, last) for t in (at, at + each_s + EARLY_S))
        best = paid[low]
        for further in range(1, int((high - low).max(initial=0)) + 1):
            best = np.maximum(best, paid[np.minimum(low + further, high)])
        stretches = int(last * step_s / self._stretch_s)
        touched = ((t / self._stretch_s).astype(int).clip(0, stretches) for t in (at - EARLY_S, at + 2 * each_s))
        return best, Ends(*touched)

    def _paid(self, number: int) -> Floats:
        """Return what a frame is worth by the instant at which it begins; 0 where none can."""
        seen, weights = self._candidates[number], self._weights
        hour = seen.request.claim.total + weights.staying + weights.filter
        hour_then = hour + weights.quality * seen.quality_once() + weights.moon * seen.moonless_once()
        return np.where(seen.free, hour_then * seen.request.line.goal.exposure / 3600, 0.0)


def _adds(stake: PictureStake, mine: Sequence[int], cells: int, part: float) -> Floats:
    """Return what goals of a picture add at most, by how many are begun and how many frames they have in all.

    part: of what the picture adds that comes on: any mean of what its goals let it do is more than the least of them.
    """
    counts, sizes, caps = stake.counts[mine], stake.sizes[mine], stake.caps[mine]
    done = [at for at, n in enumerate(mine) if stake.caps[n] >= stake.counts[n]]
    finished = np.concatenate([[0.0], np.cumsum(np.sort(stake.finished[mine][done])[::-1])])
    each = zip(counts, caps, sizes, strict=True)
    ladder = np.concatenate([(count - np.arange(cap + 1)) / size for count, cap, size in each])
    most = int(min(caps.sum(), cells))
    levels = np.unique(np.maximum(ladder, stake.stuck))
    found = np.full((len(mine) + 1, most + 1), -np.inf)
    needs = np.minimum(np.maximum(0.0, np.ceil(counts - levels[:, None] * sizes - 1e-9)), caps)
    extra = np.sort((counts - needs)[:, done], axis=1)
    extra = np.concatenate([np.zeros((len(levels), 1)), np.cumsum(extra, axis=1)], axis=1)
    begun = (needs > 0).sum(axis=1)
    comes_on = part * stake.whole * (stake.lag - levels)
    for many in range(len(done) + 1):
        frames = (needs.sum(axis=1) + extra[:, many]).astype(int)
        fits = frames <= most
        np.maximum.at(found, (begun[fits], frames[fits]), (comes_on + finished[many])[fits])
    found = np.maximum.accumulate(np.maximum.accumulate(found, axis=1), axis=0)
    room = np.concatenate([[0.0], np.cumsum(np.sort(caps)[::-1])])
    for goals, frames in enumerate(room.tolist()):
        found[goals, int(frames) + 1 :] = -np.inf
    return found
