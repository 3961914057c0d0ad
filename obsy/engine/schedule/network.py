"""What each telescope of several is to take in the coming nights: the goals of every night, placed all at once.

Goals, sky, constraints, overheads and worth are those of a night's own planning (`candidates`, `value`); only the
placing is the solver's. A goal is cut into pieces of about an hour. Each is a request that any train which serves its
plan may take in any night; of the trains of all sites one takes a plan, which the solver is told as a choice of one.
What counts only together has such pieces in each night by itself, all or none of them, and one of the nights.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from math import ceil, floor

import numpy as np

from obsy.engine.progress import GoalKey
from obsy.engine.schedule.network_offers import NetworkOffers, NetworkSite, NightOffer
from obsy.engine.schedule.value import finishing
from obsy.engine.sky.grid import windows
from obsy.engine.solver.problem import Choice, Placed, Problem, Starts, Task, Way
from obsy.engine.solver.solve import solve

PIECE_S = 3600.0
"""How long a piece of a goal is, if the goal is not shorter."""
STRETCH = 8
"""Instants of the grid for which a piece's worth is taken to be the same."""


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


_Piece = tuple[GoalKey, int, list[NightOffer]]
"""Frames of a goal, and who could take them, in the order of its ways."""
_Option = tuple[str, int, str, date | None]
"""A plan, the site and the train that take it, and the night, where one has to have all of it."""


def allocation(sites: Sequence[NetworkSite], days: Sequence[date], effort: float = 0.0) -> Allocation:
    """Return who takes what in some nights.

    effort: about seconds of search beyond the first answer, which OR-Tools is needed for. Raise UserError without it.
    """
    network = NetworkOffers(min(site.begin for site in sites))
    network.take_up(sites, days)
    asked = _Asked(network)
    bound = {key for goals in network.bonds.values() for key in goals}
    for key, offers in network.offers.items():
        if key not in bound:
            sizes = _pieces(offers)
            asked.add(key, offers, sizes[: max(1, ceil(_room(offers) / sizes[0]))])
    bonds = [asked.whole(list(goals), day) for goals in network.bonds.values() for day in days]
    problem = Problem(tuple(asked.made), network.all_machines(), tuple(filter(None, bonds)), asked.choices())
    answer = solve(problem, effort)
    allotted = _joined(_allotment(each, asked.tasks, sites, network) for each in answer.placed)
    return Allocation(tuple(allotted), tuple(_left(allotted, network, sites)), answer.value, answer.bound)


@dataclass(slots=True)
class _Asked:
    """What the solver is asked to place."""

    network: NetworkOffers
    tasks: list[_Piece] = field(default_factory=list)
    made: list[Task] = field(default_factory=list)
    options: dict[_Option, int] = field(default_factory=dict)

    def add(
        self, key: GoalKey, offers: Sequence[NightOffer], sizes: Sequence[int], day: date | None = None
    ) -> list[int]:
        """Ask for pieces of a goal, and return their numbers; day: of which it is to be, if only one may be."""
        first = len(self.made)
        for frames in sizes:
            ways = ((offer, self._way(offer, (frames, sizes), day)) for offer in offers)
            mine = [(offer, way) for offer, way in ways if way is not None]
            self.tasks.append((key, frames, [offer for offer, _ in mine]))
            self.made.append(Task(tuple(way for _, way in mine)))
        return [*range(first, len(self.made))]

    def whole(self, goals: Sequence[GoalKey], day: date) -> tuple[int, ...]:
        """Ask for all that goals want in one night, and return the numbers of all pieces; none if it cannot hold it."""
        offers = {key: [each for each in self.network.offers.get(key, ()) if each.night == day] for key in goals}
        if not all(mine and _room(mine) >= sum(_pieces(mine)) for mine in offers.values()):
            return ()
        return tuple(number for key, mine in offers.items() for number in self.add(key, mine, _pieces(mine), day))

    def _way(self, offer: NightOffer, piece: tuple[int, Sequence[int]], day: date | None) -> Way | None:
        """Return how a piece may be taken by a train in a night; None if it may not. Its length has its set-up."""
        request, (frames, sizes) = offer.candidate.request, piece
        setup_s, taken_s = offer.setup_s, frames * offer.each_s
        length = ceil(setup_s + taken_s)
        starts = []
        for first, last in _spans(offer):
            low = max(ceil(self.network.second(first) - setup_s), ceil(self.network.second(offer.begin)))
            high = floor(self.network.second(last) - taken_s - setup_s)
            if offer.candidate.fixed is not None:
                high = max(low, high)
            step = ceil(STRETCH * offer.grid.step_s)
            for begin in range(low, high + 1, step):
                worth = _worth(offer, self.network.zero + timedelta(seconds=begin + setup_s), frames, len(sizes))
                starts.append(Starts(begin, min(begin + step - 1, high), worth))
        if not starts:
            return None
        whose = request.line.plan, offer.site, request.train, day
        return Way(offer.machine, length, tuple(starts), option=self.options.setdefault(whose, len(self.options)))

    def choices(self) -> tuple[Choice, ...]:
        """Return that each plan goes to one train, and what counts only together to one night."""
        by_plan: defaultdict[str, list[int]] = defaultdict(list)
        for (plan, *_), number in self.options.items():
            by_plan[plan].append(number)
        return tuple(Choice(tuple(alike)) for alike in by_plan.values())


def _pieces(offers: Sequence[NightOffer]) -> list[int]:
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


def _room(offers: Sequence[NightOffer]) -> int:
    """Return how many frames of a goal all its trains and nights could hold at most."""
    spans = ((offer, last - first) for offer in offers for first, last in _spans(offer))
    return sum(floor(length.total_seconds() / offer.each_s) for offer, length in spans)


def _spans(offer: NightOffer) -> Iterator[tuple[datetime, datetime]]:
    """Yield when frames may be taken, from the begin of the first to the end of the last."""
    if offer.candidate.fixed is not None:
        yield offer.candidate.fixed.start, offer.candidate.fixed.end
        return
    ahead = offer.candidate.free & (offer.grid.seconds >= (offer.begin - offer.grid.start).total_seconds())
    for span in windows(ahead, offer.grid):
        yield span.start, span.end


def _worth(offer: NightOffer, start: datetime, frames: int, pieces: int) -> float:
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
    tasks: Sequence[_Piece],
    sites: Sequence[NetworkSite],
    network: NetworkOffers,
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


def _left(allotted: Sequence[Allotment], network: NetworkOffers, sites: Sequence[NetworkSite]) -> Iterator[Unallotted]:
    """Yield what is not taken: of goals that could be had, for want of time; of others, why they could not."""
    taken, whose = defaultdict[GoalKey, int](int), dict[str, Allotment]()
    for each in allotted:
        taken[each.plan, each.goal] += each.frames
        whose[each.plan] = each
    for key, offers in network.offers.items():
        wanted, by = sum(_pieces(offers)), whose.get(key[0])
        names = {(sites[each.site].observatory.site.name, each.candidate.request.train) for each in offers}
        why = "others are worth more, or these nights are too short for it"
        if any(key in goals for goals in network.bonds.values()):
            why = "no night has time for all that it counts together with, or others are worth more"
        if by is not None and (by.site, by.train) not in names:
            train = f"{by.train} at {by.site}" if len(sites) > 1 else by.train
            why = f"its plan goes to {train}, which cannot have this goal in these nights"
        if taken[key] < wanted:
            yield Unallotted(*key, wanted - taken[key], why)
    for key, (frames, words) in network.reasons.items():
        if key not in network.offers:
            yield Unallotted(*key, frames, words)
