"""A bound on every answer, from prices of time: a Lagrangian relaxation of "one thing at a time", in numpy alone.

Every lane is cut into bins, and a second of a bin has a price. A task alone, paying for its seconds (its least set-up
among them), takes the start that leaves it most: its value and the prices are linear between few seconds: one
of those. What all tasks are left with, and the price of all seconds, is at least any answer's value; subgradients,
each with a part of the one before, lower it. Lanes that are alike have one price between them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from obsy.engine.solver.lanes import Places, Slot
from obsy.engine.solver.problem import Starts

BINS = 96
"""Of a lane, at most."""
FEWEST = 12
CANDIDATES = 600_000
"""Starts to weigh in a round, at most, about: more lanes have fewer bins."""
PATIENCE = 20
"""Rounds without a better bound, after which the steps become smaller."""
HALVINGS = 12
"""In the search for the price to begin with."""
NEW = 0.6
"""The part that the newest subgradient has in a step's direction."""

Numbers = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class _Lanes:
    """Lanes that are alike: the same seconds, and the same slots on each."""

    begin: int
    """When it opens, or as much before as the set-up of a task from rest is shorter than from any other."""
    end: int
    numbers: tuple[int, ...]
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Second:
    """Moments on lanes, as what is paid up to them is reckoned: the edge before, and the part of the bin since."""

    edge: Indices
    part: Numbers

    def paid(self, up_to: Numbers) -> Numbers:
        """Return what the seconds before cost; `up_to` is (lanes * (bins + 1),)."""
        below = up_to[self.edge]
        return np.asarray(below + self.part * (up_to[self.edge + 1] - below))


@dataclass(frozen=True, slots=True, eq=False)
class Priced:
    """A bound, and what the seconds of each lane cost that prove it."""

    bound: float
    """No answer is worth more."""
    edges: Numbers
    """(lanes, bins + 1), seconds."""
    up_to: Numbers
    """What all seconds before each edge cost; (lanes, bins + 1)."""


def priced(places: Places, value: float, rounds: int, times: Sequence[int] = ()) -> Priced:
    """Return a bound after so many rounds, or fewer where it meets `value`, an answer's.

    times: how often each task may be done, if more than once.
    """
    lanes = _alike(places)
    size = sum(len(each.slots) for each in lanes)
    if not size:
        nothing = np.zeros((len(places.lanes), 2))
        return Priced(0.0, nothing, nothing)
    relaxed = _Relaxed(places, lanes, max(FEWEST, min(BINS, CANDIDATES // (2 * size))))
    if times:
        relaxed.repeat(times)
    return relaxed.lowered(value, rounds)


def _alike(places: Places) -> list[_Lanes]:
    """Return the lanes in kinds, each with the slots of one of them."""
    of_lane: list[list[Slot]] = [[] for _ in places.lanes]
    for slot in chain.from_iterable(places.slots):
        of_lane[slot.lane].append(slot)
    kinds: dict[tuple[object, ...], list[int]] = {}
    for number, (lane, slots) in enumerate(zip(places.lanes, of_lane, strict=True)):
        marks = tuple((each.task, each.length, each.lead, each.from_rest, each.starts) for each in slots)
        kinds.setdefault((lane.begin, lane.end, marks), []).append(number)
    found = []
    for each in kinds.values():
        lane, mine = places.lanes[each[0]], tuple(of_lane[each[0]])
        early = max((slot.lead - slot.from_rest for slot in mine), default=0)
        found.append(_Lanes(lane.begin - max(0, early), lane.end, tuple(each), mine))
    return found


class _Relaxed:
    """The problem without "one thing at a time", at prices of so many bins a lane."""

    def __init__(self, places: Places, lanes: list[_Lanes], bins: int) -> None:
        edges = np.array([np.linspace(each.begin, each.end, bins + 1) for each in lanes])
        self._kinds = np.zeros(len(places.lanes), np.intp)
        for kind, each in enumerate(lanes):
            self._kinds[list(each.numbers)] = kind
        self._edges, self._counts = edges, np.array([[len(each.numbers)] for each in lanes])
        self._width = np.diff(edges, axis=1)
        found = [_offers(slot, at, edges[at]) for at, each in enumerate(lanes) for slot in each.slots]
        task, lane, begin, end, value = (np.concatenate(column) for column in zip(*found, strict=True))
        order = np.argsort(task, kind="stable")
        self._begin, self._end, self._value = begin[order], end[order], value[order]
        self._lane = lane[order].astype(np.intp)
        self._from, self._to = self._second(self._begin), self._second(self._end)
        self._first = np.flatnonzero(np.diff(task[order], prepend=-1))
        self._tasks = task[order][self._first].astype(np.intp)
        self._times = np.ones(len(self._tasks))
        rows = {int(each): row for row, each in enumerate(self._tasks)}
        self._kept = [rows[each] for each in sorted(places.kept)]
        groups = [[each for each in group if each in rows] for group in places.problem.together]
        self._together = [[rows[each] for each in group] for group in groups]
        self._choices = list(_simple(places, rows))

    def repeat(self, times: Sequence[int]) -> None:
        """Let each task be done so many times."""
        self._times = np.array(times, dtype=np.float64)[self._tasks]

    def lowered(self, value: float, rounds: int) -> Priced:
        """Return the lowest bound that so many rounds find; `value` is what the best answer that is known is worth."""
        lowest, pace, since, direction = float("inf"), 1.0, 0, np.zeros(self._width.shape)
        prices = best = self._level()
        for _ in range(rounds):
            bound, slope = self._bound(prices)
            direction = slope if not direction.any() else NEW * slope + (1 - NEW) * direction
            since += 1
            if bound < lowest - 1e-6 * abs(bound):
                lowest, best, since = bound, prices, 0
            if lowest <= value or not slope.any():
                break
            if since >= PATIENCE:
                pace, since = pace / 2, 0
            step = pace * max(bound - value, 1e-4 * abs(bound)) / float((direction**2).sum())
            prices = np.maximum(0.0, prices - step * direction)
        return Priced(lowest, self._edges[self._kinds], self._up_to(best)[self._kinds])

    def _level(self) -> Numbers:
        """Return the one price of all seconds that has the lowest bound, about: halfway between demand and none."""
        low, high = 0.0, float((self._value / (self._end - self._begin)).max(initial=0.0))
        for _ in range(HALVINGS):
            price = (low + high) / 2
            _, slope = self._bound(np.full(self._width.shape, price))
            low, high = (price, high) if slope.sum() < 0 else (low, price)
        return np.full(self._width.shape, high if low else 0.0)

    def _bound(self, prices: Numbers) -> tuple[float, Numbers]:
        """Return the bound at some prices, and how it changes with each."""
        up_to = self._up_to(prices).ravel()
        left = self._value - self._to.paid(up_to) + self._from.paid(up_to)
        best = np.maximum.reduceat(left, self._first)
        where, best = _where_best(left, best, self._first), best * self._times
        keep = self._worthwhile(best)
        used = self._used(where[keep], self._times[keep])
        return float(best[keep].sum() + (prices * self._width * self._counts).sum()), self._width * self._counts - used

    def _up_to(self, prices: Numbers) -> Numbers:
        """Return what the seconds before each edge cost."""
        up_to = np.zeros(self._edges.shape)
        np.cumsum(prices * self._width, axis=1, out=up_to[:, 1:])
        return up_to

    def _worthwhile(self, best: Numbers) -> NDArray[np.bool_]:
        """Return which tasks are taken that are left with so much; rules between them hold where that is easy."""
        keep = best > 0
        keep[self._kept] = True
        for rows in self._together:
            keep[rows] = bool(best[rows].sum() > 0)
        for options, most in self._choices:
            worth = [float(best[rows][keep[rows]].sum()) for rows in options]
            for at in sorted(range(len(options)), key=lambda n: (-worth[n], n))[most:]:
                keep[options[at]] = False
        return keep

    def _used(self, taken: Indices, times: Numbers) -> Numbers:
        """Return the seconds of each bin that some offers take, each so many times."""
        used = np.zeros(self._width.shape)
        for lane, edges in enumerate(self._edges):
            here = self._lane[taken] == lane
            mine = taken[here]
            passed = times[here] @ np.clip(edges, self._begin[mine, None], self._end[mine, None])
            used[lane] = np.diff(passed)
        return used

    def _second(self, second: Numbers) -> _Second:
        place = (second - self._edges[self._lane, 0]) / self._width[self._lane, 0]
        edge = np.clip(place.astype(np.intp), 0, self._width.shape[1] - 1)
        return _Second(self._lane * self._edges.shape[1] + edge, place - edge)


def _offers(slot: Slot, lane: int, edges: Numbers) -> tuple[Numbers, ...]:
    """Return what a slot offers: (task, lane, from when on is paid, until when, value)."""
    stretches = (starts_worth(slot, each, edges) for each in slot.starts)
    starts, value = map(np.concatenate, zip(*stretches, strict=True))
    same = np.ones(len(starts))
    return same * slot.task, same * lane, starts - slot.lead, starts + slot.length, value


def starts_worth(slot: Slot, each: Starts, edges: Numbers) -> tuple[Numbers, Numbers]:
    """Return the starts of a stretch, in order, between which neither the value nor what is paid changes its slope."""
    turns = np.concatenate([edges + slot.lead, edges - slot.length])
    inside = np.sort(turns[(turns > each.first) & (turns < each.last)])
    starts = np.concatenate([[float(each.first)], inside, [float(each.last)]])
    steep = (each.end_value - each.value) / max(1, each.last - each.first)
    return starts, each.value + steep * (starts - each.first)


def _where_best(left: Numbers, best: Numbers, first: Indices) -> Indices:
    """Return the first offer of each task that leaves it its best."""
    counts = np.diff(first, append=len(left))
    alike = np.flatnonzero(left == np.repeat(best, counts))
    _, at = np.unique(np.repeat(np.arange(len(first)), counts)[alike], return_index=True)
    return np.asarray(alike[at])


def _simple(places: Places, rows: dict[int, int]) -> Iterator[tuple[list[list[int]], int]]:
    """Yield the choices whose options are each all that some tasks have, no task being in two rules."""
    seen = places.kept.union(*places.problem.together)
    only: dict[int, list[int]] = {}
    for task, slots in enumerate(places.slots):
        taken = {slot.option for slot in slots}
        option = taken.pop() if len(taken) == 1 else None
        if option is not None and task not in seen:
            only.setdefault(option, []).append(task)
    for choice in places.problem.choices:
        options = [only.pop(each, []) for each in choice.options]
        yield [[rows[task] for task in tasks] for tasks in options], choice.most
