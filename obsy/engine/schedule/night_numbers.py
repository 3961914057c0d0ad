"""A mount's night as plain numbers, seconds from the grid's start: what may be taken when, and what moving costs."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import NamedTuple

import numpy as np

from obsy.engine.schedule.filling import goal_of
from obsy.engine.schedule.fit import Timeline, least_frames, most_frames
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.pier import RISING, SETTING, flips, sets
from obsy.engine.schedule.request import Block, Candidate
from obsy.engine.separation import separation_deg
from obsy.engine.sidereal import HOURS_PER_S
from obsy.schemas.value import Value

ROUND = 2e-3
"""Of a step: a moment is taken for the instant that it lies so little before."""
CHANGES = -1
"""For which of a candidate's places there is no number."""


class PlaceNumbers(NamedTuple):
    """Where a mount points, with what: as `Aim`, in numbers."""

    spot: int
    """One of the mount's spots."""
    picture: int
    filter: int
    half: int
    """Of the sky."""
    rests: bool = False
    """Whether the mount has been stopped or parked since."""


@dataclass(eq=False)
class CandidateNumbers:
    """A candidate with its mount; what takes a number an instant is worked out where a change first asks for it."""

    goal: int
    """Of all the night's."""
    train: str
    carried: int
    """Which of its mount's trains it is."""
    places: tuple[PlaceNumbers, PlaceNumbers]
    """Before and after the meridian."""
    costs: Overheads
    each_s: float
    hour: float
    """What an hour of it is worth whenever it is taken, and goes on."""
    exposure_h: float
    least: int
    most: int
    size: int
    turn: int | None
    seen: Candidate
    step_s: float
    weights: Value

    @cached_property
    def comes(self) -> list[int]:
        """At each instant, the first from there on at which it can be taken; the number of instants for none."""
        free = self.seen.free
        comes = np.where(free, np.arange(len(free)), len(free))[::-1]
        return np.minimum.accumulate(comes)[::-1].tolist()  # type: ignore[no-any-return]

    @cached_property
    def goes_s(self) -> list[float]:
        """At each instant at which it can be taken, until when it can."""
        free = self.seen.free
        stops = np.where(free, len(free), np.arange(len(free)))[::-1]
        last = np.minimum.accumulate(stops)[::-1] - 1  # of the run; for one that lasts to the end, the night's end
        return (last * self.step_s).tolist()  # type: ignore[no-any-return]

    @cached_property
    def angle_h(self) -> list[float]:
        """The hour angle at each instant."""
        return self.seen.hour_angle_h.tolist()  # type: ignore[no-any-return]

    @cached_property
    def sides(self) -> list[int]:
        """Which of its places it has from each instant to the next; `CHANGES` where it goes from one to the other."""
        angle_h, about_h = self.seen.hour_angle_h, ROUND * self.step_s * HOURS_PER_S
        begins, ends = sets(angle_h - about_h), sets(angle_h + self.step_s * HOURS_PER_S + about_h)
        return np.where(begins == ends, begins.astype(int), CHANGES).tolist()  # type: ignore[no-any-return]

    @cached_property
    def ends_s(self) -> tuple[list[float], list[float]]:
        """Until when what is taken at each instant may go on, by the place from which it is: its time, or its side."""
        at_s, past_s = np.arange(len(self.goes_s)) * self.step_s, self.costs.past_meridian_s
        if past_s is None:
            return self.goes_s, self.goes_s
        tracks_s = past_s - self.seen.hour_angle_h / HOURS_PER_S  # `pier.tracks_on_s`
        return np.minimum(self.goes_s, at_s + tracks_s).tolist(), self.goes_s

    @cached_property
    def spare_s(self) -> float:
        """A block ends so long before its time does."""
        return self.costs.spare_s

    @cached_property
    def paid(self) -> list[float]:
        """What an hour is worth besides by its time, summed over the instants before each."""
        rate = self.weights.quality * self.seen.quality + self.weights.moon * self.seen.moonless
        return np.concatenate([[0.0], np.cumsum(rate)]).tolist()  # type: ignore[no-any-return]

    def paid_until(self, instant: float) -> float:
        """Return that sum up to any moment, in steps of the grid."""
        paid = self.paid
        before = min(int(instant), len(paid) - 2)
        return paid[before] + (paid[before + 1] - paid[before]) * (instant - before)


@dataclass(slots=True, eq=False)
class Booked:
    """A block with a time of its own."""

    start: float
    end: float
    place: PlaceNumbers
    costs: Overheads
    carried: int


@dataclass(slots=True, eq=False)
class MountNumbers:
    """One mount's night."""

    step_s: float
    instants: int
    end_s: float
    """When the night ends."""
    begin_s: float
    weights: Value
    focused: tuple[float, ...] = ()
    """When the focus of each of its trains was last measured; minus infinity for never."""
    last: PlaceNumbers | None = None
    """Where it points at first."""
    candidates: dict[int, CandidateNumbers] = field(default_factory=dict)
    """By their number among all the night's."""
    booked: list[Booked] = field(default_factory=list)
    """In order of time."""
    spots: list[tuple[float, float]] = field(default_factory=list)
    """Right ascension and declination, degrees."""
    ways_s: dict[tuple[PlaceNumbers | None, PlaceNumbers], float] = field(default_factory=dict)
    """From one place to another, as far as anybody has asked."""
    alike: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    """The candidates of each picture with each train."""

    def way_s(self, last: PlaceNumbers | None, to: PlaceNumbers, costs: Overheads) -> float:
        """Return the seconds until the telescope points at the next target, as `Overheads.way_s`.

        costs: of the train that is to point there.
        """
        known = self.ways_s.get((last, to))
        if known is None:
            known = self.ways_s[last, to] = self._way_s(last, to, costs)
        return known

    def _way_s(self, last: PlaceNumbers | None, to: PlaceNumbers, costs: Overheads) -> float:
        if last is None:
            return costs.settle_s + costs.filter_s
        turns = last.filter != to.filter
        cost = costs.filter_s if turns else 0.0
        if flips(last.half, to.half, costs.past_meridian_s):
            return cost + costs.flip_s + costs.settle_s
        if turns or last.rests or last.picture != to.picture:
            way_deg = separation_deg(self.spots[last.spot], self.spots[to.spot])
            cost += way_deg / costs.slew_deg_s + costs.settle_s
        return cost


def mount_numbers(
    timeline: Timeline, candidates: Sequence[Candidate], fixed: Sequence[Block], weights: Value
) -> MountNumbers:
    """Return a mount's night in numbers.

    candidates: all of the night whose time is free; fixed: the mount's blocks with a time of their own, in order.
    """
    grid, names = timeline.grid, _Names()
    carried, focused = list(timeline.costs), timeline.stands.focused
    made = MountNumbers(
        grid.step_s,
        grid.count,
        (grid.count - 1) * grid.step_s,
        (timeline.begin - grid.start).total_seconds(),
        weights,
        tuple((focused[each] - grid.start).total_seconds() if each in focused else -inf for each in carried),
    )
    spots = made.spots
    if (aim := timeline.stands.aim) is not None:
        spots.append((aim.ra_deg, aim.dec_deg))
        marks = 0, names.number(aim.picture), names.number((aim.train, aim.filter))
        made.last = PlaceNumbers(*marks, aim.half, timeline.stands.rests)
    goals = {goal: number for number, goal in enumerate(dict.fromkeys(goal_of(each.request) for each in candidates))}
    for number, each in enumerate(candidates):
        if each.request.train in timeline.costs:
            where = int(np.argmax(each.free))
            spots.append((float(each.ra_deg[where]), float(each.dec_deg[where])))
            of, spot = each.request, len(spots) - 1
            picture = names.number(of.line.picture)
            marks = spot, picture, names.number((of.train, of.line.filter))
            places = PlaceNumbers(*marks, RISING), PlaceNumbers(*marks, SETTING)
            known = goals[goal_of(of)], of.train, carried.index(of.train), places
            made.candidates[number] = _numbers(each, timeline, known, weights)
            made.alike.setdefault((picture, of.train), []).append(number)
    for block in fixed:
        of = block.request
        spots.append((block.ra_deg, block.dec_deg))
        place = PlaceNumbers(
            len(spots) - 1, names.number(of.line.picture), names.number((of.train, of.line.filter)), block.half
        )
        start, end = ((at - grid.start).total_seconds() for at in (block.start, block.end))
        made.booked.append(Booked(start, end, place, timeline.costs[of.train], carried.index(of.train)))
    return made


class _Names:
    """Numbers for names, the same for the same."""

    def __init__(self) -> None:
        self._known: dict[Hashable, int] = {}

    def number(self, name: Hashable) -> int:
        return self._known.setdefault(name, len(self._known))


def _numbers(
    candidate: Candidate,
    timeline: Timeline,
    known: tuple[int, str, int, tuple[PlaceNumbers, PlaceNumbers]],
    weights: Value,
) -> CandidateNumbers:
    """Return a candidate with a mount; known: its goal, its train, which of the mount's that is, and its places."""
    request, each_s = candidate.request, timeline.each_s(candidate.request)
    return CandidateNumbers(
        *known,
        timeline.costs[request.train],
        each_s,
        request.claim.total + weights.staying + weights.filter,
        request.line.goal.exposure / 3600,
        least_frames(request.line, each_s),
        most_frames(request.line, each_s),
        candidate.size,
        request.line.turn,
        candidate,
        timeline.grid.step_s,
        weights,
    )
