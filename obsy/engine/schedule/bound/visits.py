"""What one mount may visit in a night, in numbers, for a bound on what its best night is worth.

A visit is what is taken of one goal, from one side of the pier, with nothing else between. Time is a row of moments,
some seconds apart. Wherever the row begins, a schedule is paid at the moments that lie in its visits: in the mean over
all beginnings that is what its frames are worth, so with one of them it is paid no less.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from obsy.engine.schedule.bound.ways import VisitSeen, WayIn, WaysIn
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.pier import RISING, SETTING
from obsy.engine.schedule.request import Candidate
from obsy.engine.sky.grid import Floats, Grid, Mask
from obsy.schemas.value import Value

FINE_S, COARSE_S = 10.0, 60.0
SOON_S = 30.0
"""Where a way and a frame may be over sooner, moments are further apart, or there would be too many steps."""
ROUNDING = 1e-6
SIDEREAL_S = 3590.0
"""An hour angle grows by an hour in hardly less."""
Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """Arrays are (moments, visits), or (visits,)."""

    apart_s: float
    begin: int
    """The first moment at which the mount is free."""
    rate: Floats
    """What a moment is worth at most, where a visit can be paid; else 0."""
    usable: Mask
    candidate: Numbers
    """Whose visit each is, among the candidates of the night."""
    frames: Floats
    """In a moment."""
    most: Numbers
    """Moments that hold all the frames that can be had."""
    least: Numbers
    """Moments that a frame holds at least; one, where there is a way without time."""
    cap: Floats
    """Frames that can be had."""
    ways: Sequence[Sequence[WayIn]]
    """Into each visit; as many for each."""
    origins: Sequence[Sequence[int]]
    """The visits that end at each place where a way begins; at the first the mount is at the beginning."""

    @property
    def soonest(self) -> int:
        """No way and visit are over in fewer moments."""
        ways = (way.moments for each in self.ways for way in each)
        return max(1, min(ways, default=1) + int(self.least.min(initial=COARSE_S)))


class Moments(NamedTuple):
    """A row of them."""

    apart_s: float
    many: int

    @classmethod
    def over(cls, grid: Grid, apart_s: float) -> "Moments":
        """Return those of a night, and one more, since the row may begin before it."""
        return cls(apart_s, ceil((grid.count - 1) * grid.step_s / apart_s) + 1)


def visits_of(timeline: Timeline, candidates: Sequence[Candidate], caps: Sequence[int], weights: Value) -> Visits:
    """Return what a mount may visit; caps: how many frames can be had of each candidate, 0 of what it cannot take."""
    grid, german = timeline.grid, all(each.past_meridian_s is not None for each in timeline.costs.values())
    parts = [
        VisitSeen(number, each, half, free)
        for number, each in enumerate(candidates)
        if caps[number] and each.request.train in timeline.costs
        for half, free in (_halves(each, timeline) if german else [(0, taken(each, timeline))])
        if free.any()
    ]
    ways = WaysIn(timeline, parts, weights, german)
    moments = Moments.over(grid, FINE_S if ways.soonest_s >= SOON_S else COARSE_S)
    worth = [_worth(each, timeline, weights, moments) for each in parts]
    shape = len(parts), moments.many
    each_s = np.array([timeline.each_s(each.seen.request) for each in parts])
    cap = np.array([caps[each.number] for each in parts], np.float64)
    into = ways.into(moments.apart_s)
    at_once = any(way.moments == 0 for each in into for way in each)
    return Visits(
        moments.apart_s,
        floor((timeline.begin - grid.start).total_seconds() / moments.apart_s + ROUNDING),
        np.array([rate for rate, _ in worth]).reshape(shape).T.copy(),
        np.array([usable for _, usable in worth], bool).reshape(shape).T.copy(),
        np.array([each.number for each in parts], np.intp),
        moments.apart_s / each_s,
        np.ceil(cap * each_s / moments.apart_s).astype(np.intp),
        np.maximum(int(at_once), np.floor(each_s / moments.apart_s + ROUNDING).astype(np.intp)),
        cap,
        into,
        ways.origins,
    )


def taken(candidate: Candidate, timeline: Timeline) -> Mask:
    """Return at which instants a candidate can be taken from when a mount is free; a fixed time, within it."""
    grid, numbers = timeline.grid, np.arange(timeline.grid.count)
    may = candidate.free & (numbers >= floor((timeline.begin - grid.start).total_seconds() / grid.step_s))
    if candidate.fixed is None:
        return np.asarray(may)
    first, last = (
        (at - grid.start).total_seconds() / grid.step_s for at in (candidate.fixed.start, candidate.fixed.end)
    )
    return np.asarray(may & (numbers >= floor(first)) & (numbers <= ceil(last)))


def _halves(candidate: Candidate, timeline: Timeline) -> list[tuple[int, Mask]]:
    """Return when a candidate can be taken by a mount that was sent to each half of the sky.

    What is begun east of the meridian goes on past it as far as the mount tracks; west of it, as long as its sky.
    """
    free, hours = taken(candidate, timeline), candidate.hour_angle_h
    if candidate.fixed is not None:
        return [(0, free)]
    past_s = timeline.costs[candidate.request.train].past_meridian_s or 0.0
    numbers = np.arange(len(free))
    west = hours + timeline.grid.step_s / SIDEREAL_S >= 0  # by the next instant, before which a way may have begun
    begun = np.maximum.accumulate(np.where(free & west, numbers, -1))
    closed = np.maximum.accumulate(np.where(free, -1, numbers))
    east = hours <= (past_s + 2 * timeline.grid.step_s) / SIDEREAL_S
    return [(RISING, free & east), (SETTING, free & (begun > closed))]


def _worth(part: VisitSeen, timeline: Timeline, weights: Value, moments: Moments) -> tuple[Floats, Mask]:
    """Return what a visit is paid at each moment, and where it can be.

    Each moment may lie anywhere up to the next. It is paid its share of the best frame that can hold it. A block lies
    between the first and the last instant of a run in which all that is declared allows it.
    """
    request, grid = part.seen.request, timeline.grid
    each_s, step_s, last = timeline.each_s(request), grid.step_s, grid.count - 1
    hour = request.claim.total + weights.staying + weights.filter
    hour_then = hour + weights.quality * part.seen.quality_once() + weights.moon * part.seen.moonless_once()
    paid = np.where(part.free, hour_then * request.line.goal.exposure / 3600, 0.0)
    seconds = np.arange(moments.many) * moments.apart_s

    def instant(at: NDArray[Any]) -> Numbers:
        return np.floor(at / step_s).clip(0, last).astype(np.intp)

    early, first, late = (
        instant(at) for at in (seconds - each_s - 0.1, seconds - 0.1, seconds + moments.apart_s + step_s / 500)
    )
    best = _over(paid, early, late)
    within = np.append(part.free[:-1] & part.free[1:], False)
    usable = _over(within, first, late)
    return np.where(usable, best * moments.apart_s / each_s, 0.0), usable


def _over(values: NDArray[Any], first: Numbers, last: Numbers) -> NDArray[Any]:
    """Return the greatest from one instant to another, for each pair."""
    return np.max([values[np.minimum(first + n, last)] for n in range(int((last - first).max()) + 1)], axis=0)  # type: ignore[no-any-return]
