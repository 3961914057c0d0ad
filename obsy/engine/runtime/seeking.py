"""Who looks for a better night than the rules make: nobody, planning itself, or a process beside the night."""

from collections.abc import Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from obsy.engine.journal import tell_stderr
from obsy.engine.schedule.better import STEPS, better, better_order
from obsy.engine.schedule.bond import once_begun
from obsy.engine.schedule.filling import goal_of
from obsy.engine.schedule.fit import Timeline, aim_of, most_frames
from obsy.engine.schedule.order import Order, order_of
from obsy.engine.schedule.request import Block, Candidate, Schedule
from obsy.engine.schedule.tonight import at_least_by_others, in_order
from obsy.schemas.value import Value

REHEARSED = 300
"""Changes that are tried at each choice of a rehearsal, while its clock stands still: a hundredth of a second."""
LONG = 60_000
"""Changes that are tried beside a night, while a block is taken: a second or two."""


@dataclass(frozen=True, slots=True, eq=False)
class NightAsked:
    """What a night is planned for."""

    candidates: Sequence[Candidate]
    timelines: Sequence[Timeline]
    weights: Value


class Seeking(Protocol):
    """Looks for a better night."""

    def improved(self, schedule: Schedule, asked: NightAsked, now: datetime) -> Schedule:
        """Return what is better than a schedule, as far as that is known now."""


@dataclass(frozen=True, slots=True)
class AtOnce:
    """Planning waits for it; the same question has the same answer."""

    steps: int = STEPS
    order: Order = ()
    """What is tried first."""

    def improved(self, schedule: Schedule, asked: NightAsked, now: datetime) -> Schedule:  # noqa: ARG002
        """Return the best that so many steps find, and the rules of others."""
        what = asked.candidates, asked.timelines, asked.weights
        found = better(in_order(schedule, *what, self.order), *what, self.steps)
        return at_least_by_others(found, *what) if self.steps else found


@dataclass(slots=True, eq=False)
class Rehearsed:
    """Planning waits for it, and begins with what it found last: the same rehearsal has the same answers."""

    steps: int = REHEARSED
    _order: Order = ()

    def improved(self, schedule: Schedule, asked: NightAsked, now: datetime) -> Schedule:
        """Return the best that so many steps find from the better of a schedule and what was found last."""
        what = asked.candidates, asked.timelines, asked.weights
        found = better(in_order(schedule, *what, self._order), *what, self.steps)
        self._order = order_of(after_next(found.blocks, asked, now)[0])
        return found

    def from_here(self) -> AtOnce:
        """Return who begins with what was found last, and forgets what it finds."""
        return AtOnce(self.steps, self._order)


@dataclass(slots=True, eq=False)
class SeekingBeside:
    """A process looks while a block is taken; what it finds counts at the next choice. Nothing ever waits for it."""

    workers: Executor
    steps: int = LONG
    _order: Order = ()
    _running: "Future[Order] | None" = field(default=None, repr=False)
    _has_said: bool = False

    def improved(self, schedule: Schedule, asked: NightAsked, now: datetime) -> Schedule:
        """Return the better of a schedule and what was found last, and let the process look on from there."""
        if self._running is not None and self._running.done():
            # A process that died, or that the end of the program stopped, has found nothing.
            if (fault := self._running.exception()) is not None:
                self._say(fault)
            self._order = () if fault is not None else self._running.result()
            self._running = None
        found = in_order(schedule, asked.candidates, asked.timelines, asked.weights, self._order)
        if self._running is None:
            blocks, then = after_next(found.blocks, asked, now)
            what = blocks, then.candidates, then.timelines, then.weights, self.steps
            try:
                self._running = self.workers.submit(better_order, *what)
            except (OSError, RuntimeError) as fault:  # no process can be started now: the night goes on without
                self._say(fault)
        return found

    def _say(self, fault: BaseException) -> None:
        """Say once a night that there is nobody who looks, and why."""
        if not self._has_said:
            tell_stderr(f"obsy: no better night was looked for ({fault!r}); the rules of planning hold")
            self._has_said = True


def after_next(blocks: Sequence[Block], asked: NightAsked, now: datetime) -> tuple[tuple[Block, ...], NightAsked]:
    """Return what is planned, and asked, once the blocks that are about to begin are over."""
    begun = []
    for each in asked.timelines:
        first = next((block for block in blocks if block.request.train in each.costs), None)
        begun.append(first if first is not None and first.begin <= now else None)
    timelines = [_after(each, block) for each, block in zip(asked.timelines, begun, strict=True)]
    running = {goal_of(block.request): block for block in begun if block is not None and not block.fixed}
    bonds = {each.request.bond for each in running.values()}
    less = (_less(each, running.get(goal_of(each.request)), asked.timelines) for each in asked.candidates)
    candidates = [once_begun(each) if each.request.bond in bonds else each for each in less]
    rests = [_rest(block, each) for each, block in zip(asked.timelines, begun, strict=True) if block is not None]
    left = (*(each for each in rests if each.count), *(block for block in blocks if block not in begun))
    return left, NightAsked(candidates, timelines, asked.weights)


def _after(timeline: Timeline, block: Block | None) -> Timeline:
    if block is None:
        return timeline
    stands = timeline.then(timeline.stands, aim_of(block), block.begin)
    return replace(timeline, begin=min(timeline.grid.end, _end(block, timeline)), stands=stands)


def _end(block: Block, timeline: Timeline) -> datetime:
    """Return when the night chooses anew: after an hour, if the block is longer."""
    if block.fixed:
        return block.end
    each_s = timeline.each_s(block.request)
    return block.start + timedelta(seconds=each_s * _frames(block, each_s))


def _rest(block: Block, timeline: Timeline) -> Block:
    """Return what is left of a block when the night chooses anew."""
    begin = _end(block, timeline)
    taken = block.count if block.fixed else _frames(block, timeline.each_s(block.request))
    return replace(block, count=block.count - taken, start=begin)


def _frames(block: Block, each_s: float) -> int:
    return min(block.count, most_frames(block.request.line, each_s))


def _less(candidate: Candidate, block: Block | None, timelines: Sequence[Timeline]) -> Candidate:
    """Return a candidate without the frames of a block, and without what only edges are worked out from."""
    count = candidate.request.count
    if block is not None:
        each_s = next(each.each_s(block.request) for each in timelines if block.request.train in each.costs)
        count -= _frames(block, each_s)
    request = replace(candidate.request, count=max(count, 0))
    return replace(candidate, request=request, track=None, limits=())
