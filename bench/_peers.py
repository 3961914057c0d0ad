"""Other schedulers' rules, from what is known of them, on obsy's windows and overheads: only the choices differ.

What a rule plans is carried out by `carried_out`, so that each pays for its slews, filters, focus runs and flips.
"""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

import astropy.units as u
import numpy as np
from astroplan import (
    AirmassConstraint,
    AltitudeConstraint,
    AtNightConstraint,
    FixedTarget,
    MoonSeparationConstraint,
    Observer,
    ObservingBlock,
    PriorityScheduler,
    SequentialScheduler,
    Transitioner,
)
from astroplan import Schedule as Plan
from astropy.coordinates import EarthLocation, SkyCoord
from astropy.time import Time
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix

import tests.support.turning  # noqa: F401  astropy asks no network
from obsy.engine.night.tally import Tally
from obsy.engine.runtime.planner import prepare
from obsy.engine.runtime.seeking import AtOnce
from obsy.engine.schedule.bearings import Bearings
from obsy.engine.schedule.candidates import DoneSoFar, candidates
from obsy.engine.schedule.fit import Timeline, aim_of, fit
from obsy.engine.schedule.request import Block, Candidate, Schedule
from obsy.schemas.constraints.sun import DARK
from tests.support.problems import Problem

CHUNK_S = 3600.0
"""Rules that place whole requests get goals cut into pieces of an hour at most."""


@dataclass(frozen=True, eq=False)
class Question:
    """One mount's night: what may be taken when, and what moving about costs."""

    problem: Problem
    asked: tuple[Candidate, ...]
    timeline: Timeline

    @classmethod
    def of(cls, problem: Problem) -> "Question | None":
        """Return it with the sky of its night; None if it never gets dark."""
        planner = prepare(problem.observatory, problem.day)
        if planner.night.dusk is None:
            return None
        stands, begin = problem.observatory, planner.conditions.grid.start
        asked = candidates(stands.plans, stands.instruments, planner.conditions, DoneSoFar(), begin)
        timeline = Timeline(planner.conditions.grid, planner.costs, begin)
        return cls(problem, tuple(each for each in asked if each.refused is None), timeline)


def obsy(question: Question) -> Schedule:
    """Return what obsy plans, as a dry run tells it."""
    problem = question.problem
    planner = replace(prepare(problem.observatory, problem.day), seeking=AtOnce())
    return planner.schedule(Tally(), question.timeline.begin)


@dataclass
class _Night:
    """A night as far as it has been filled."""

    question: Question
    now: datetime

    def __post_init__(self) -> None:
        self.stands = Bearings()
        self.blocks: list[Block] = []
        self.left = {id(each): each.request.count for each in self.question.asked}

    def fits(self, each: Candidate, most: int | None = None) -> Block | None:
        """Return the frames of a goal that could be taken now."""
        left = self.left[id(each)] if most is None else min(most, self.left[id(each)])
        return fit(each, self.question.timeline, (self.now, self.stands, None), left) if left else None

    def take(self, each: Candidate, block: Block) -> None:
        block = replace(block, setup_s=(block.start - self.now).total_seconds())  # by which the mount chooses its side
        self.blocks.append(block)
        self.left[id(each)] -= block.count
        self.stands = self.question.timeline.then(self.stands, aim_of(block), self.now)
        self.now = block.end

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @property
    def over(self) -> bool:
        return self.now >= self.question.timeline.grid.end

    def cut(self, block: Block, end: datetime) -> Block | None:
        """Return as much of a block as ends by a time."""
        each_s = self.question.timeline.each_s(block.request)
        count = min(block.count, int((end - block.start).total_seconds() // each_s))
        return replace(block, count=count, end=block.start + timedelta(seconds=count * each_s)) if count > 0 else None


EKOS_STEP_S, EKOS_SHORTEST_S = 120.0, 600.0


def ekos(question: Question) -> Schedule:
    """EKOS 3.7: the first job of the list that can start now runs until one before it can, in steps of two minutes.

    A job's filters are taken one after the other; one that could run for less than ten minutes first is passed over.
    """
    night, grid = _Night(question, question.timeline.begin), question.timeline.grid
    jobs = _jobs(question.asked)
    while not night.over:
        for number, job in enumerate(jobs):
            each = next((line for line in job if night.left[id(line)]), None)
            block = night.fits(each) if each is not None else None
            if each is None or block is None:
                continue
            bumped = min((_ready(night, before, grid.end) for before in jobs[:number]), default=grid.end)
            whole = block
            block = night.cut(block, bumped)
            if block is None or (bumped < whole.end and (block.end - night.now).total_seconds() < EKOS_SHORTEST_S):
                continue
            night.take(each, block)
            break
        else:
            night.wait(EKOS_STEP_S)
    return Schedule(tuple(night.blocks), ())


def _jobs(asked: Iterable[Candidate]) -> list[list[Candidate]]:
    jobs: dict[str, list[Candidate]] = {}
    for each in asked:
        jobs.setdefault(each.request.line.plan, []).append(each)
    return sorted(jobs.values(), key=lambda job: -job[0].request.claim.total)


def _ready(night: _Night, job: Sequence[Candidate], never: datetime) -> datetime:
    """When a job could start next."""
    each = next((line for line in job if night.left[id(line)]), None)
    grid = night.question.timeline.grid
    if each is None:
        return never
    (free,) = np.nonzero(each.free[grid.index(night.now) + 1 :])
    return grid.at(grid.index(night.now) + 1 + int(free[0])) if free.size else never


def before(question: Question) -> Schedule:
    """obsy 0.1: always the block with the most of priority, little time left, height, and staying where it is."""
    night, timeline = _Night(question, question.timeline.begin), question.timeline

    def merit(each: Candidate, block: Block) -> float:
        index, request = timeline.grid.index(block.start), each.request
        rest_s = float(each.free[index:].sum()) * timeline.grid.step_s
        needed_s = request.count * timeline.each_s(request)
        highest = float(each.altitude_deg[each.free].max())
        worth = request.claim.priority + request.claim.deadline + 2.0 * needed_s / max(rest_s, needed_s)
        worth += float(each.altitude_deg[index]) / max(highest, 1.0)
        if (last := night.stands.aim) is not None:
            worth += 0.5 * (last.picture == request.line.picture)
            worth += 0.25 * (last.filter == request.line.filter)
        return worth

    while not night.over:
        options = [(each, block) for each in question.asked if (block := night.fits(each))]
        if not options:
            night.wait(timeline.grid.step_s)
            continue
        best = max(options, key=lambda option: merit(*option))
        alike = [each for each in options if each[0].request.line.picture == best[0].request.line.picture]
        each, block = max(alike, key=lambda one: (night.left[id(one[0])] / one[0].size, merit(*one)))
        if len(alike) > 1:
            block = night.cut(block, block.start + timedelta(seconds=1800.0)) or block
        night.take(each, block)
    return Schedule(tuple(night.blocks), ())


SLOT_S, GAP, LIMIT_S = 300.0, 0.01, 60.0


def slots(question: Question) -> Schedule:
    """An integer program of slots of 300 s as the network of LCO has it: priority times minutes, whole requests."""
    grid, costs = question.timeline.grid, next(iter(question.timeline.costs.values()))
    pieces = [(each, frames, many) for each in question.asked for frames, many in _pieces(question, each)]
    extra_s = costs.settle_s + costs.filter_s + costs.focus_s + 30.0 / costs.slew_deg_s
    starts: list[tuple[int, int]] = []
    worth: list[float] = []
    rows: list[int] = []
    columns: list[int] = []
    amounts: list[float] = []
    count = ceil((grid.count - 1) * grid.step_s / SLOT_S)
    for number, (each, frames, many) in enumerate(pieces):
        length_s = frames * question.timeline.each_s(each.request) + extra_s
        amounts.append(many)
        for slot in range(count):
            first, last = int(slot * SLOT_S / grid.step_s), int((slot * SLOT_S + length_s) / grid.step_s) + 1
            if last >= grid.count or not each.free[first : last + 1].all():
                continue
            starts.append((number, slot))
            worth.append(each.request.claim.priority * length_s / 60)
            rows += [number, *(len(pieces) + at for at in range(slot, min(count, slot + ceil(length_s / SLOT_S))))]
            columns += [len(starts) - 1] * (len(rows) - len(columns))
    if not starts:
        return Schedule((), ())
    matrix = coo_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(pieces) + count, len(starts)))
    most = np.array([*amounts, *[1.0] * count])
    found = milp(
        -np.array(worth),
        constraints=LinearConstraint(matrix.tocsr(), -np.inf, most),
        integrality=np.ones(len(starts)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": GAP, "time_limit": LIMIT_S},
    )
    chosen = [] if found.x is None else [starts[n] for n in np.flatnonzero(found.x > 0.5)]  # noqa: PLR2004
    plan = [(grid.start + timedelta(seconds=slot * SLOT_S), *pieces[n][:2]) for n, slot in chosen]
    return carried_out(question, plan)


def _pieces(question: Question, each: Candidate) -> Iterator[tuple[int, int]]:
    """Yield frames and how often: whole pieces of an hour, and what is left."""
    most = max(1, int(CHUNK_S // question.timeline.each_s(each.request)))
    whole, rest = divmod(each.request.count, most)
    if whole:
        yield most, whole
    if rest:
        yield rest, 1


def astroplan(question: Question, scheduler: str) -> Schedule:
    """astroplan's PriorityScheduler or SequentialScheduler, with its own constraints and transitions."""
    place, grid = question.problem.observatory.site.location, question.timeline.grid
    observer = Observer(EarthLocation.from_geodetic(place.longitude_deg, place.latitude_deg, place.elevation_m))
    costs = next(iter(question.timeline.costs.values()))
    plans = {plan.name: plan for plan in question.problem.observatory.plans}
    blocks: list[ObservingBlock] = []
    frames: list[tuple[Candidate, int]] = []
    for each in question.asked:
        when, line = plans[each.request.line.plan].when, each.request.line
        reach = question.problem.observatory.mounts[0].altitude
        limits = [AltitudeConstraint(reach.above * u.deg, reach.below * u.deg)]
        limits.append(AtNightConstraint(max_solar_altitude=(when.sun or DARK).below * u.deg))
        if when.altitude is not None:
            limits.append(AltitudeConstraint(min=when.altitude.above * u.deg))
        if when.airmass is not None:
            limits.append(AirmassConstraint(max=when.airmass.below))
        if when.moon is not None:
            limits.append(MoonSeparationConstraint(min=when.moon.farther_than * u.deg))
        there = FixedTarget(SkyCoord(each.ra_deg[0] * u.deg, each.dec_deg[0] * u.deg), name=line.picture)
        for count, many in _pieces(question, each):
            for _ in range(many):
                seconds = count * question.timeline.each_s(each.request)
                blocks.append(
                    ObservingBlock(
                        there,
                        seconds * u.s,
                        11 - each.request.claim.priority,
                        {"filter": line.filter},
                        limits,
                        name=str(len(frames)),
                    )
                )
                frames.append((each, count))
    change = {"filter": {"default": (costs.filter_s + costs.focus_s) * u.s}}
    moves = Transitioner(costs.slew_deg_s * u.deg / u.s, change)
    of = {"priority": PriorityScheduler, "sequential": SequentialScheduler}[scheduler]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        night = Plan(Time(grid.start), Time(grid.end))
        of(constraints=[], observer=observer, transitioner=moves, time_resolution=5 * u.min)(blocks, night)
        plan = [
            (block.start_time.to_datetime(grid.start.tzinfo), *frames[int(block.name)])
            for block in night.observing_blocks
        ]
    return carried_out(question, plan)


def carried_out(question: Question, plan: Iterable[tuple[datetime, Candidate, int]]) -> Schedule:
    """Take what was planned in its order, not before its time, with what moving about costs and a flip where due."""
    night = _Night(question, question.timeline.begin)
    for start, each, count in sorted(plan, key=lambda one: one[0]):
        night.now = max(night.now, start)
        wanted = count
        while wanted and not night.over:
            block = night.fits(each, wanted)
            if block is None:
                break
            night.take(each, block)
            wanted -= block.count
    return Schedule(tuple(night.blocks), ())
