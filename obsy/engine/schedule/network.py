"""What each telescope of several is to take in the coming nights: the goals of every night, placed all at once.

Goals, sky, constraints, overheads and worth are those of a night's own planning (`candidates`, `value`); only the
placing is the solver's. A goal is cut into pieces of about an hour. Each is a request that any train which serves its
plan may take in any night; of the trains of all sites one takes a plan, which the solver is told as a choice of one.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from math import ceil, floor

import numpy as np

from obsy.engine.declare.observatory import Observatory
from obsy.engine.progress import GoalKey
from obsy.engine.schedule.candidates import DoneSoFar, candidates
from obsy.engine.schedule.conditions import observing_conditions, observing_night
from obsy.engine.schedule.overheads import Overheads, counted
from obsy.engine.schedule.request import Candidate
from obsy.engine.schedule.value import finishing
from obsy.engine.sky.grid import Grid, windows
from obsy.engine.solver.problem import Choice, Machine, Placed, Problem, Starts, Task, Way
from obsy.engine.solver.solve import solve
from obsy.schemas.value import Value

PIECE_S = 3600.0
"""How long a piece of a goal is, if the goal is not shorter."""
STEP_S = 120.0
STRETCH = 8
"""Instants of the grid for which a piece's worth is taken to be the same."""
WAY_DEG = 45.0
"""A slew to a piece's target, as far as such slews are in the mean."""


@dataclass(frozen=True, eq=False)
class NetworkSite:
    """A site, and what its store knows to be done and its journals to cost there."""

    observatory: Observatory
    done: DoneSoFar
    begin: datetime
    """From when on it is free."""


@dataclass(frozen=True, slots=True)
class Allotment:
    """Frames of a goal, for one train in one night."""

    plan: str
    goal: str
    site: str
    train: str
    night: date
    start: datetime
    end: datetime
    frames: int


@dataclass(frozen=True, slots=True)
class Unallotted:
    """What no telescope takes of a goal, and why."""

    plan: str
    goal: str
    frames: int
    reason: str


@dataclass(frozen=True, slots=True)
class Allocation:
    """Who takes what, in order of time, and how good that is proven to be, in the points of a night's worth."""

    allotted: tuple[Allotment, ...]
    left: tuple[Unallotted, ...]
    value: float
    at_most: float


@dataclass(frozen=True, slots=True)
class _Offer:
    """A goal that a train could take in a night."""

    candidate: Candidate
    grid: Grid
    night: date
    site: int
    machine: int
    costs: Overheads
    begin: datetime
    weights: Value

    @property
    def each_s(self) -> float:
        return self.costs.each_s(self.candidate.request.line)

    @property
    def setup_s(self) -> float:
        return self.costs.filter_s + WAY_DEG / self.costs.slew_deg_s + self.costs.settle_s


@dataclass(slots=True)
class _Network:
    zero: datetime
    machines: dict[tuple[int, str], int] = field(default_factory=dict)
    open: defaultdict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    offers: defaultdict[GoalKey, list[_Offer]] = field(default_factory=lambda: defaultdict(list))
    reasons: dict[GoalKey, tuple[int, str]] = field(default_factory=dict)
    """Of each goal that was refused, how many frames it wants, and why it was first."""

    def second(self, at: datetime) -> float:
        return (at - self.zero).total_seconds()

    def take_up(self, number: int, site: NetworkSite, day: date) -> None:
        """Add what a site could take in a night."""
        here = site.observatory
        tonight = observing_night(here, day)
        if not tonight.dark:
            return
        conditions = observing_conditions(here, tonight, STEP_S)
        grid = conditions.grid
        begin = min(max(site.begin, grid.start), grid.end)
        for mount in here.mounts:
            machine = self.machines.setdefault((number, mount.name), len(self.machines))
            first, last = ceil(self.second(begin)), floor(self.second(grid.end))
            if first < last:
                self.open[machine].append((first, last))
        whose = {each.name: each for each in here.instruments}
        for each in candidates(here.plans, here.instruments, conditions, site.done, begin):
            key = each.request.line.plan, each.request.line.key
            if each.refused is not None:
                self.reasons.setdefault(key, (each.request.count, each.refused.words))
                continue
            train = whose[each.request.train]
            cost = counted(site.done.costs, train)
            machine = self.machines[number, train.mount.name]
            self.offers[key].append(_Offer(each, grid, day, number, machine, cost, begin, here.value))

    def all_machines(self) -> tuple[Machine, ...]:
        """Return every mount, busy but in its nights."""
        found = []
        for machine in self.machines.values():
            spans = sorted(self.open[machine]) or [(0, 1)]
            gaps = tuple((a[1], b[0]) for a, b in zip(spans, spans[1:], strict=False))
            found.append(Machine(spans[0][0], spans[-1][1], gaps))
        return tuple(found)


def allocation(sites: Sequence[NetworkSite], days: Sequence[date], effort: float = 0.0) -> Allocation:
    """Return who takes what in some nights.

    effort: about seconds of search beyond the first answer, which OR-Tools is needed for. Raise UserError without it.
    """
    network = _Network(min(site.begin for site in sites))
    for number, site in enumerate(sites):
        for day in days:
            network.take_up(number, site, day)
    options: dict[tuple[str, int, str], int] = {}
    tasks: list[tuple[GoalKey, int, list[_Offer]]] = []
    made = []
    for key, offers in network.offers.items():
        sizes = _pieces(offers)
        for frames in sizes[: max(1, ceil(_room(offers) / sizes[0]))]:
            mine = [(offer, way) for offer in offers if (way := _way(offer, (frames, sizes), network, options))]
            tasks.append((key, frames, [offer for offer, _ in mine]))
            made.append(Task(tuple(way for _, way in mine)))
    by_plan: defaultdict[str, list[int]] = defaultdict(list)
    for (plan, *_), number in options.items():
        by_plan[plan].append(number)
    choices = tuple(Choice(tuple(alike)) for alike in by_plan.values())
    answer = solve(Problem(tuple(made), network.all_machines(), choices=choices), effort)
    allotted = _joined(_allotment(each, tasks, sites, network) for each in answer.placed)
    return Allocation(tuple(allotted), tuple(_left(allotted, network, sites)), answer.value, answer.bound)


def _pieces(offers: Sequence[_Offer]) -> list[int]:
    """Return the frames of each piece of a goal; what has a time of its own is one."""
    first = offers[0]
    each_s = max(offer.each_s for offer in offers)
    if first.candidate.fixed is not None:
        return [max(1, floor(first.candidate.fixed.length.total_seconds() / each_s))]
    left, least = max(offer.candidate.request.count for offer in offers), 0.0
    if (run := first.candidate.request.line.goal.run) is not None:
        least = run.at_least
    most = max(1, floor(PIECE_S / each_s), ceil(least / each_s))
    return [most] * (left // most) + ([left % most] if left % most else [])


def _room(offers: Sequence[_Offer]) -> int:
    """Return how many frames of a goal all its trains and nights could hold at most."""
    spans = ((offer, last - first) for offer in offers for first, last in _spans(offer))
    return sum(floor(length.total_seconds() / offer.each_s) for offer, length in spans)


def _way(
    offer: _Offer, piece: tuple[int, list[int]], network: _Network, options: dict[tuple[str, int, str], int]
) -> Way | None:
    """Return how a piece may be taken by a train in a night; None if it may not. Its set-up is part of its length."""
    request, (frames, sizes) = offer.candidate.request, piece
    setup_s, taken_s = offer.setup_s, frames * offer.each_s
    length = ceil(setup_s + taken_s)
    starts = []
    for first, last in _spans(offer):
        low = max(ceil(network.second(first) - setup_s), ceil(network.second(offer.begin)))
        high = floor(network.second(last) - taken_s - setup_s)
        if offer.candidate.fixed is not None:
            high = max(low, high)
        step = ceil(STRETCH * offer.grid.step_s)
        for begin in range(low, high + 1, step):
            worth = _worth(offer, network.zero + timedelta(seconds=begin + setup_s), frames, len(sizes))
            starts.append(Starts(begin, min(begin + step - 1, high), worth))
    if not starts:
        return None
    whose = request.line.plan, offer.site, request.train
    return Way(offer.machine, length, tuple(starts), option=options.setdefault(whose, len(options)))


def _spans(offer: _Offer) -> Iterator[tuple[datetime, datetime]]:
    """Yield when frames may be taken, from the begin of the first to the end of the last."""
    if offer.candidate.fixed is not None:
        yield offer.candidate.fixed.start, offer.candidate.fixed.end
        return
    ahead = offer.candidate.free & (offer.grid.seconds >= (offer.begin - offer.grid.start).total_seconds())
    for span in windows(ahead, offer.grid):
        yield span.start, span.end


def _worth(offer: _Offer, start: datetime, frames: int, pieces: int) -> float:
    """Return what a piece is worth from a start on: as a night's planning has it, by its middle."""
    candidate, weights = offer.candidate, offer.weights
    middle = start + timedelta(seconds=frames * offer.each_s / 2)
    at = int(np.clip((middle - offer.grid.start).total_seconds() / offer.grid.step_s, 0, offer.grid.count - 1))
    hourly = candidate.request.claim.total + weights.staying + weights.filter
    hourly += weights.quality * float(candidate.quality[at]) + weights.moon * float(candidate.moonless[at])
    exposed_h = frames * candidate.request.line.goal.exposure / 3600
    return hourly * exposed_h + weights.completion * finishing(candidate) / pieces


def _allotment(
    placed: Placed,
    tasks: Sequence[tuple[GoalKey, int, list[_Offer]]],
    sites: Sequence[NetworkSite],
    network: _Network,
) -> Allotment:
    (plan, goal), frames, offers = tasks[placed.task]
    offer = offers[placed.way]
    start = network.zero + timedelta(seconds=placed.start + offer.setup_s)
    end = start + timedelta(seconds=frames * offer.each_s)
    site = sites[offer.site].observatory.site.name
    return Allotment(plan, goal, site, offer.candidate.request.train, offer.night, start, end, frames)


def _joined(pieces: Iterator[Allotment]) -> list[Allotment]:
    """Return pieces of one goal that follow each other as one, all in order of time."""
    ordered = sorted(pieces, key=lambda each: (each.site, each.train, each.start))
    found: list[Allotment] = []
    for each in ordered:
        last = found[-1] if found else None
        if last is not None and last == replace(each, start=last.start, end=last.end, frames=last.frames):
            found[-1] = replace(last, end=each.end, frames=last.frames + each.frames)
        else:
            found.append(each)
    return sorted(found, key=lambda each: (each.night, each.site, each.start, each.train))


def _left(allotted: Sequence[Allotment], network: _Network, sites: Sequence[NetworkSite]) -> Iterator[Unallotted]:
    """Yield what is not taken: of goals that could be had, for want of time; of others, why they could not."""
    taken, whose = defaultdict[GoalKey, int](int), dict[str, Allotment]()
    for each in allotted:
        taken[each.plan, each.goal] += each.frames
        whose[each.plan] = each
    for key, offers in network.offers.items():
        wanted, by = sum(_pieces(offers)), whose.get(key[0])
        names = {(sites[each.site].observatory.site.name, each.candidate.request.train) for each in offers}
        why = "others are worth more, or these nights are too short for it"
        if by is not None and (by.site, by.train) not in names:
            train = f"{by.train} at {by.site}" if len(sites) > 1 else by.train
            why = f"its plan goes to {train}, which cannot have this goal in these nights"
        if taken[key] < wanted:
            yield Unallotted(*key, wanted - taken[key], why)
    for key, (frames, words) in network.reasons.items():
        if key not in network.offers:
            yield Unallotted(*key, frames, words)
