"""A night's schedule, a timeline for each mount: fixed times first, then always what deserves the open moment most.

A first honest version: greedy, with every declared constraint, meridian flips and overheads respected.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from obsy.engine.schedule.fit import Timeline, block_of, fit, fit_fixed
from obsy.engine.schedule.overheads import Aim
from obsy.engine.schedule.request import NOT_CHOSEN, Block, Candidate, Reason, Request, Schedule, Unplaced
from obsy.engine.schedule.value import merit
from obsy.schemas.value import Value

TURN_S = 1800.0
"""After so long the goals of one picture change turns, where its plan says nothing."""
NO_TIME = Reason("no-time-left", "others with a higher claim fill the time when it could be taken")
TOO_LATE = Reason("no-time-left", "what is left of its time is too short for slewing, focusing and one frame")
NO_MOUNT = Reason("no-time-left", "its mount can take nothing for what is left of the night")
Lists = dict[str, tuple[str, int]]
"""The list of each plan that is one of several to choose from, and how many of it may begin."""
WEIGHTS = Value.model_construct()
CUT_OFF = Reason("cut-off", "it cannot be taken from beginning to end")


@dataclass(slots=True)
class _Filling:
    """One timeline while it is being filled."""

    timeline: Timeline
    now: datetime
    fixed: list[Block] = field(default_factory=list)
    """Still to come."""
    last: Aim | None = None
    blocks: list[Block] = field(default_factory=list)

    def add(self, block: Block) -> None:
        self.blocks.append(block)
        self.now, self.last = max(self.now, block.end), self.timeline.aim(block)


def tonight(candidates: Sequence[Candidate], timelines: Sequence[Timeline], weights: Value = WEIGHTS) -> Schedule:
    """Return the blocks of every mount, and a reason for each request that gets none.

    A goal that several trains could take is a candidate with each of them. All blocks of one plan go to one train.
    """
    possible = [candidate for candidate in candidates if candidate.refused is None]
    fillings = [_Filling(timeline, timeline.begin) for timeline in timelines]
    trains: dict[str, str] = {}
    lists = {each.request.line.plan: each.request.choice for each in possible if each.request.choice is not None}
    _place_fixed([each for each in possible if each.fixed is not None], fillings, trains, lists)
    _fill([each for each in possible if each.fixed is None], fillings, trains, lists, weights)
    blocks = [block for filling in fillings for block in _joined(filling.blocks)]
    placed = {_goal(block.request) for block in blocks}
    unplaced = _unplaced(candidates, placed, fillings)
    return Schedule(tuple(sorted(blocks, key=lambda block: block.start)), tuple(unplaced))


def _unplaced(
    candidates: Iterable[Candidate], placed: set[tuple[str, str]], fillings: Sequence[_Filling]
) -> Iterable[Unplaced]:
    """Yield each goal that has no block once, rather with the reason of a train that could have taken it."""
    reasons: dict[tuple[str, str], Unplaced] = {}
    for each in candidates:
        goal = _goal(each.request)
        if goal not in placed and (each.refused is None or goal not in reasons):
            reasons[goal] = Unplaced(each.request, each.refused or _crowded_out(each, fillings))
    return reasons.values()


def _crowded_out(candidate: Candidate, fillings: Sequence[_Filling]) -> Reason:
    """Return why what could be taken got nothing: others are only to blame where they were given something."""
    able = [each for each in fillings if candidate.request.train in each.timeline.costs]
    placed = {block.request.line.plan: block.request.choice for each in fillings for block in each.blocks}
    choice = candidate.request.choice
    if choice is not None and sum(each is not None and each[0] == choice[0] for each in placed.values()) >= choice[1]:
        return NOT_CHOSEN
    if candidate.fixed:
        return CUT_OFF
    if not able:
        return NO_MOUNT
    return NO_TIME if any(each.blocks for each in able) else TOO_LATE


def _goal(request: Request) -> tuple[str, str]:
    return request.line.plan, request.line.key


def _joined(blocks: list[Block]) -> list[Block]:
    """The same, with what goes on without a gap as one block."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if last is not None and last.request == block.request and last.end == block.start:
            joined[-1] = replace(last, count=last.count + block.count, end=block.end)
        else:
            joined.append(block)
    return joined


def _serves(filling: _Filling, request: Request, trains: dict[str, str]) -> bool:
    """Whether the mount carries the train, and the plan has not gone to another."""
    return request.train in filling.timeline.costs and trains.get(request.line.plan, request.train) == request.train


def _place_fixed(candidates: list[Candidate], fillings: list[_Filling], trains: dict[str, str], lists: Lists) -> None:
    """Give requests that need a time of their own their blocks; of those that overlap, the begun and more wanted."""
    for each in sorted(candidates, key=lambda c: (not c.begun, -c.request.claim.total, c.request.line.picture)):
        for filling in fillings:
            if not _serves(filling, each.request, trains) or not _may_begin(each.request, lists, trains):
                continue
            pieces = fit_fixed(each, filling.timeline)
            if pieces and all(p.end <= b.start or p.start >= b.end for p in pieces for b in filling.fixed):
                filling.fixed = sorted([*filling.fixed, *pieces], key=lambda block: block.start)
                trains[each.request.line.plan] = each.request.train


def _fill(
    candidates: list[Candidate], fillings: list[_Filling], trains: dict[str, str], lists: Lists, weights: Value
) -> None:
    """Place the fixed blocks, and between them always the best of what fits the mount that is free next."""
    left = {_goal(each.request): each.request.count for each in candidates}
    while unfilled := [filling for filling in fillings if filling.now < filling.timeline.grid.end]:
        filling = min(unfilled, key=lambda each: each.now)
        able = [each for each in candidates if _may_begin(each.request, lists, trains)] if lists else candidates
        best = _best(able, filling, left, trains, weights)
        following = filling.fixed[0] if filling.fixed else None
        if best is not None:
            left[_goal(best.request)] -= best.count
            trains[best.request.line.plan] = best.request.train
            filling.add(best)
        elif following and filling.timeline.arrival(filling.last, following, filling.now) >= following.start:
            filling.add(filling.fixed.pop(0))
        else:
            filling.now = filling.timeline.next_step(filling.now)


@dataclass(frozen=True, slots=True, eq=False)
class _Option:
    """What could be taken now."""

    candidate: Candidate
    block: Block
    merit: float


def _may_begin(request: Request, lists: Lists, trains: dict[str, str]) -> bool:
    """Whether a plan's list leaves it a place, beside those of its plans that have one."""
    if request.choice is None or request.line.plan in trains:
        return True
    return sum(lists[plan][0] == request.choice[0] for plan in trains if plan in lists) < request.choice[1]


def _best(
    candidates: list[Candidate],
    filling: _Filling,
    left: dict[tuple[str, str], int],
    trains: dict[str, str],
    weights: Value,
) -> Block | None:
    """The block that most deserves the moment at which the mount is free; None if nothing fits.

    The picture with the best of them is taken; which of its goals is next, is not a matter of merit.
    """
    gap = (filling.now, filling.last, filling.fixed[0] if filling.fixed else None)
    options = [
        _Option(each, block, merit(each, block, filling.timeline, filling.last, weights))
        for each in candidates
        if left[_goal(each.request)]
        and _serves(filling, each.request, trains)
        and (block := fit(each, filling.timeline, gap, left[_goal(each.request)]))
    ]
    best = max(options, key=lambda option: option.merit, default=None)
    if best is None:
        return None
    of = (best.block.request.train, best.block.request.line.picture)
    alike = [each for each in options if (each.block.request.train, each.block.request.line.picture) == of]
    return best.block if len(alike) == 1 else _in_step(alike, filling.timeline, left)


def _in_step(options: list[_Option], timeline: Timeline, left: dict[tuple[str, str], int]) -> Block:
    """The next turn of a picture's goals: of the one that lags most, unless it can all be had when no other can."""

    def can_wait(option: _Option) -> bool:
        request, index = option.candidate.request, timeline.grid.index(option.block.start)
        others = [each.candidate.free[index:] for each in options if each is not option]
        alone = option.candidate.free[index:] & ~np.logical_or.reduce(others)
        needed_s = left[_goal(request)] * timeline.each_s(request)
        return bool(needed_s <= float(alone.sum()) * timeline.grid.step_s)

    def lag(option: _Option) -> tuple[float, float]:
        request = option.block.request
        return left[_goal(request)] / request.line.size, option.merit

    chosen = max([each for each in options if not can_wait(each)] or options, key=lag)
    block, line = chosen.block, chosen.block.request.line
    if line.turn is not None or line.goal.run is not None:
        return block
    most = max(1, int(TURN_S // timeline.each_s(block.request)))
    return block_of(chosen.candidate, timeline, block.start, min(block.count, most)) or block
