"""One way to fill a night: fixed times first, and then always the block that deserves the open moment most."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush

import numpy as np

from obsy.engine.schedule.bearings import Bearings
from obsy.engine.schedule.fit import Room, Timeline, aim_of, block_of, fit_fixed, joined_blocks, least_frames, room_for
from obsy.engine.schedule.merit_bounds import MeritBounds
from obsy.engine.schedule.option import Option
from obsy.engine.schedule.request import Block, Candidate, Request
from obsy.engine.schedule.value import finishing, merit
from obsy.engine.sky.grid import Floats
from obsy.schemas.value import Value

TURN_S = 1800.0
"""After so long the goals of one picture change turns, where its plan says nothing and they are to keep in step."""
SHORTEST_S = 300.0
"""What gives way sooner to something that is wanted more is not begun."""
SOON_H = 0.2
"""What could be finished sooner deserves no more for it."""
ROUNDING = 1e-4
"""A bound on what is deserved may lie so much too low."""
Goal = tuple[str, str]
Lists = dict[str, tuple[str, int]]
"""The list of each plan that is one of several to choose from, and how many of it may begin."""


@dataclass(frozen=True, slots=True)
class FillingRule:
    """What decides which block is next; all rules keep all promises."""

    weights: Value
    turn_s: float | None = TURN_S
    """How long a goal has its turn; None for until it is finished."""
    gives_way: bool = False
    """Whether a block ends where something that is wanted more can begin."""
    finishing: float = 0.0
    """How much what can be finished soon deserves more, and what takes long to reach less."""
    more: Mapping[Goal, float] = field(default_factory=dict)
    """By goal: what it is to deserve more, for a try."""


@dataclass(slots=True)
class Filling:
    """One timeline while it is being filled."""

    timeline: Timeline
    now: datetime
    claims: Floats
    """Of each candidate, at any time; minus infinity of those whose train the mount does not carry."""
    needed_s: Floats
    """How long each candidate takes."""
    stands: Bearings
    fixed: list[Block] = field(default_factory=list)
    """Still to come."""
    blocks: list[Block] = field(default_factory=list)

    def add(self, block: Block) -> None:
        """Take a block next; one whose time is not its own is begun now, to the microsecond."""
        setup_s = (block.start - self.now).total_seconds()
        if block.fixed:
            setup_s = self.timeline.between(self.stands, aim_of(block), self.now)
        block = replace(block, setup_s=setup_s)
        self.blocks.append(block)
        self.stands = self.timeline.then(self.stands, aim_of(block), self.now)
        self.now = max(self.now, block.end)


class NightFilling:
    """Every mount's night, filled by one rule."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        timelines: Sequence[Timeline],
        rule: FillingRule,
        bounding: MeritBounds | None = None,
    ) -> None:
        """Begin with nothing.

        candidates: those that can be taken tonight; bounding: theirs, where it is known.
        """
        self._rule, self._trains = rule, dict[str, str]()
        self._fixed = [each for each in candidates if each.fixed is not None]
        self._free = free_of(candidates)
        self._bounding = bounding or MeritBounds.of(self._free)
        self.fillings = [self._filling(timeline) for timeline in timelines]
        self._left = {goal_of(each.request): each.request.count for each in self._free}
        self._goals = [goal_of(each.request) for each in self._free]
        self._pictures: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for index, each in enumerate(self._free):
            self._pictures[each.request.train, each.request.line.picture].append(index)
        self._lists: Lists = {
            each.request.line.plan: each.request.choice for each in candidates if each.request.choice is not None
        }

    def _filling(self, timeline: Timeline) -> Filling:
        claims, needed_s = np.full(len(self._free), -np.inf), np.zeros(len(self._free))
        for index, each in enumerate(self._free):
            if each.request.train in timeline.costs:
                claims[index] = self._wanted(each)
                needed_s[index] = each.request.count * timeline.each_s(each.request)
        return Filling(timeline, timeline.begin, claims, needed_s, timeline.stands)

    def _wanted(self, candidate: Candidate) -> float:
        return candidate.request.claim.total + self._rule.more.get(goal_of(candidate.request), 0.0)

    def filled(self) -> tuple[Block, ...]:
        """Return the blocks of all mounts, each mount's in order of time."""
        self._place_fixed()
        while unfilled := [each for each in self.fillings if each.now < each.timeline.grid.end]:
            filling = min(unfilled, key=lambda each: each.now)
            best, following = self._best(filling), filling.fixed[0] if filling.fixed else None
            if best is not None:
                self._left[goal_of(best.request)] -= best.count
                self._trains[best.request.line.plan] = best.request.train
                filling.add(best)
            elif following and filling.timeline.arrival(filling.stands, following, filling.now) >= following.start:
                filling.add(filling.fixed.pop(0))
            else:
                filling.now = self._next(filling)
        return tuple(block for filling in self.fillings for block in joined_blocks(filling.blocks))

    def _next(self, filling: Filling) -> datetime:
        """Return the next instant of the grid at which a block might begin, for all that is known; or its end."""
        timeline, grid = filling.timeline, filling.timeline.grid
        able = (np.array([self._left[goal] for goal in self._goals]) > 0) & (filling.claims > -np.inf)
        if filling.fixed or not able.any():
            return timeline.next_step(filling.now) if filling.fixed else grid.end
        after, early = grid.index(filling.now) + 1, int(timeline.longest_s // grid.step_s) + 2
        comes = self._bounding.comes(able, after)
        return grid.at(max(after, comes - early)) if comes < grid.count else grid.end

    def _place_fixed(self) -> None:
        """Give requests with a time of their own their blocks; of those that overlap, the begun and the more wanted."""
        for each in sorted(self._fixed, key=lambda c: (not c.begun, -c.request.claim.total, c.request.line.picture)):
            for filling in self.fillings:
                if not self._serves(filling, each.request):
                    continue
                pieces = fit_fixed(each, filling.timeline)
                if pieces and all(p.end <= b.start or p.start >= b.end for p in pieces for b in filling.fixed):
                    filling.fixed = sorted([*filling.fixed, *pieces], key=lambda block: block.start)
                    self._trains[each.request.line.plan] = each.request.train

    def _serves(self, filling: Filling, request: Request) -> bool:
        """Whether the mount carries the train, the plan has not gone to another, and its list leaves it a place."""
        plan = request.line.plan
        if request.train not in filling.timeline.costs or self._trains.get(plan, request.train) != request.train:
            return False
        if request.choice is None or plan in self._trains:
            return True
        begun = sum(self._lists[each][0] == request.choice[0] for each in self._trains if each in self._lists)
        return begun < request.choice[1]

    def _best(self, filling: Filling) -> Block | None:
        """Return the block that most deserves the moment at which the mount is free; None if nothing fits.

        The picture with the best of them is taken; which of its goals is next, is not a matter of merit.
        """
        looked: dict[int, Option | None] = {}

        def option(index: int) -> Option | None:
            if index not in looked:
                looked[index] = self._option(index, filling)
            return looked[index]

        for best in self._ranked(filling, option):
            of = (best.candidate.request.train, best.candidate.request.line.picture)
            alike = [each for each in map(option, self._pictures[of]) if each is not None]
            chosen, block = (best, best.block) if len(alike) == 1 else self._in_step(alike, filling.timeline)
            cut = self._giving_way(chosen.candidate, block, filling) if self._rule.gives_way else block
            if cut is not None:
                return cut
        return None

    def _able(self, index: int, filling: Filling) -> bool:
        return self._left[self._goals[index]] > 0 and self._serves(filling, self._free[index].request)

    def _option(self, index: int, filling: Filling) -> Option | None:
        """Return what could be taken of a candidate now, if anything."""
        if not self._able(index, filling):
            return None
        each, left = self._free[index], self._left[self._goals[index]]
        gap = (filling.now, filling.stands, filling.fixed[0] if filling.fixed else None)
        room = room_for(each, filling.timeline, gap, left)
        return None if room is None else Option(each, filling.timeline, room, self._merit(each, room, filling))

    def _ranked(self, filling: Filling, option: Callable[[int], Option | None]) -> Iterator[Option]:
        """Yield what could be taken now, the most deserving first, of equals the first.

        Each is looked at only when nothing that was looked at surely deserves more.
        """
        bounds = self._bounds(filling)
        waiting: list[tuple[float, int, Option]] = []
        for index in np.argsort(-bounds, kind="stable")[: np.count_nonzero(bounds > -np.inf)]:
            while waiting and -waiting[0][0] > bounds[index] + ROUNDING:
                yield heappop(waiting)[2]
            if found := option(int(index)):
                heappush(waiting, (-found.merit, int(index), found))
        while waiting:
            yield heappop(waiting)[2]

    def _bounds(self, filling: Filling) -> Floats:
        """Return what no block of a candidate that begins next deserves more than; (candidates,)."""
        rule, grid = self._rule, filling.timeline.grid
        latest = filling.now + timedelta(seconds=filling.timeline.longest_s)
        span = (grid.index(filling.now), grid.index(min(latest, grid.end)))
        left = np.array([self._left[goal] for goal in self._goals])
        if not (len(left) and (self._bounding.begins(span) & (left > 0) & (filling.claims > -np.inf)).any()):
            return np.full(len(left), -np.inf)  # most minutes of a short list, and those under the Sun
        bounds = self._bounding.at_most(span, filling.needed_s, grid.step_s, rule.weights)
        bounds += filling.claims + self._bounding.staying(filling.stands.aim, rule.weights)
        if rule.finishing:
            left_h = left * self._bounding.exposure_h
            soon = self._bounding.finishing / np.maximum(left_h, SOON_H)
            bounds = np.maximum(bounds + rule.finishing * rule.weights.completion * soon, np.minimum(bounds, 0.0))
        return np.where(left > 0, bounds, -np.inf)

    def _merit(self, candidate: Candidate, room: Room, filling: Filling) -> float:
        """How much a block deserves the moment, by the rule."""
        rule, goal, start = self._rule, goal_of(candidate.request), room.start
        found = merit(candidate, start, filling.timeline, filling.stands.aim, rule.weights) + rule.more.get(goal, 0.0)
        if not rule.finishing:
            return found
        left_h = self._left[goal] * candidate.request.line.goal.exposure / 3600
        found += rule.finishing * rule.weights.completion * finishing(candidate) / max(left_h, SOON_H)
        length = timedelta(seconds=room.frames * filling.timeline.each_s(candidate.request))
        return found * (length / (start + length - filling.now))

    def _giving_way(self, candidate: Candidate, block: Block, filling: Filling) -> Block | None:
        """Return as much of a block as ends before something that is wanted more can begin; None for too little."""
        grid, enough = filling.timeline.grid, self._wanted(candidate) + 0.5
        opening = self._bounding.opening(grid.index(filling.now), grid.index(block.end))
        soon = next(
            (at for at, index in opening if filling.claims[index] > enough and self._able(index, filling)), None
        )
        if soon is None:
            return block
        each_s = filling.timeline.each_s(block.request)
        count = int((grid.at(soon) - block.start).total_seconds() // each_s)
        length_s = (block.start - filling.now).total_seconds() + count * each_s
        if count < least_frames(block.request.line, each_s) or length_s < SHORTEST_S:
            return None
        return block_of(candidate, filling.timeline, block.start, count)

    def _in_step(self, options: list[Option], timeline: Timeline) -> tuple[Option, Block]:
        """The next turn of a picture's goals: of the one that lags most, unless it can all be had when no other can."""
        ready = [each for each in options if not self._can_wait(each, options, timeline)] or options

        def lag(option: Option) -> tuple[float, float]:
            request = option.candidate.request
            return self._left[goal_of(request)] / option.candidate.size, option.merit

        takes_turns = self._rule.turn_s is not None or options[0].candidate.request.line.turn is not None
        by: Callable[[Option], object] = lag if takes_turns else lambda option: option.merit
        chosen = max(ready, key=by)  # type: ignore[arg-type]
        block, line = chosen.block, chosen.block.request.line
        if line.turn is not None or line.goal.run is not None or self._rule.turn_s is None:
            return chosen, block
        most = max(1, int(self._rule.turn_s // timeline.each_s(block.request)))
        return chosen, block_of(chosen.candidate, timeline, block.start, min(block.count, most)) or block

    def _can_wait(self, option: Option, options: list[Option], timeline: Timeline) -> bool:
        request, index = option.candidate.request, timeline.grid.index(option.room.start)
        needed_s = self._left[goal_of(request)] * timeline.each_s(request)
        if needed_s > float(option.candidate.rest[index]) * timeline.grid.step_s:
            return False
        others = [each.candidate.free[index:] for each in options if each is not option]
        alone = option.candidate.free[index:] & ~np.logical_or.reduce(others)
        return bool(needed_s <= float(alone.sum()) * timeline.grid.step_s)


def free_of(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return those whose time is not fixed."""
    return [each for each in candidates if each.fixed is None]


def goal_of(request: Request) -> Goal:
    """Return what names a goal of the night, whichever train takes it."""
    return request.line.plan, request.line.key
