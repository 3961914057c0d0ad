"""How far a night was from the best that its weather allowed: planned again, knowing when it was safe."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np

from obsy.engine.night_record import Capture, Span, joined
from obsy.engine.schedule.better import better
from obsy.engine.schedule.fit import Timeline, block_of
from obsy.engine.schedule.request import Block, Candidate
from obsy.engine.schedule.tonight import is_large, tonight
from obsy.engine.schedule.value import of_night
from obsy.engine.sky.grid import Grid, Mask
from obsy.schemas.value import Value

STEPS = 4_000
"""Changes that each planning tries."""
WHOLE = 0.9
"""An event counts as covered with this share of its frames."""
APART = timedelta(minutes=2)
"""What lies no farther apart is one piece of time."""
Spans = Mapping[str, Sequence[Span]]
"""By train."""


@dataclass(frozen=True, slots=True)
class NightAsItWas:
    """What came of a night."""

    accepted: Sequence[Capture]
    unsafe: Spans
    rejected: Spans
    """When lights were exposed that do not count."""
    busy: Spans
    """When the mount was at work on blocks that took frames."""
    waited: Mapping[tuple[str, str | None], Sequence[Span]] = field(default_factory=dict)
    """By plan and goal, when it gave way to others after too many rejected frames; by None, all goals of the plan."""


@dataclass(frozen=True, slots=True)
class Hindsight:
    """What a night was worth, in points, and what the best would have been."""

    value: float
    best: float
    lost: Mapping[str, float]
    """Points by what cost them: `rejected` frames, `idle` time, the `order` of what was taken."""

    @property
    def share_percent(self) -> float:
        """How much of the best was reached."""
        return 100.0 * self.value / self.best


def hindsight(
    asked: Sequence[Candidate], timelines: Sequence[Timeline], was: NightAsItWas, weights: Value, steps: int = STEPS
) -> Hindsight | None:
    """Return how far a night was from its best; None if nothing could be had.

    asked: all of the night with the progress of dusk. Three plannings, each with less time than the one before: all
    that was safe, without what went to rejected frames, and only while the mount was at work.
    """
    grid = timelines[0].grid
    closed = {train: mask_of(spans, grid) for train, spans in was.unsafe.items()}
    asked = [each for each in asked if each.refused is None]  # what no train serves names none

    def best(less: Mapping[str, Mask], waits: bool = True) -> float:
        open_ = [_without(each, less[each.request.train] | (waits & _waiting(each, was, grid)), grid) for each in asked]
        found = tonight(open_, timelines, weights)
        if not is_large(asked, found.blocks):  # nothing else runs meanwhile: of a large night the rules must do
            found = better(found, open_, timelines, weights, steps)
        return _value(found.blocks, asked, timelines, weights)

    wasted = {train: mask | mask_of(was.rejected[train], grid) for train, mask in closed.items()}
    resting = {train: mask | ~mask_of(joined(was.busy[train], APART), grid) for train, mask in wasted.items()}
    reached = _value(list(_frames(was.accepted, asked, timelines)), asked, timelines, weights)
    at_work = max(reached, best(resting))  # no planning proves that it is the best, and none is below what was had
    kept = max(at_work, best(wasted))
    most = max(kept, best(closed, waits=False))
    lost = {"rejected": most - kept, "idle": kept - at_work, "order": at_work - reached}
    return Hindsight(reached, most, lost) if most > 0 else None


def mask_of(spans: Iterable[Span], grid: Grid) -> Mask:
    """Return the instants that lie in any of the spans; (times,)."""
    seconds, found = grid.seconds, np.zeros(grid.count, dtype=bool)
    for span in spans:
        start_s, end_s = ((at - grid.start).total_seconds() for at in (span.start, span.end))
        found |= (seconds >= start_s) & (seconds < end_s)
    return found


def _waiting(candidate: Candidate, was: NightAsItWas, grid: Grid) -> Mask:
    """Return when a goal gave way, because its frames were rejected again and again."""
    line = candidate.request.line
    return mask_of([*was.waited.get((line.plan, line.key), ()), *was.waited.get((line.plan, None), ())], grid)


def _without(candidate: Candidate, closed: Mask, grid: Grid) -> Candidate:
    """Return a candidate that cannot be had in some of the time; of an event that is cut, what is left of it."""
    free, fixed = candidate.free & ~closed, candidate.fixed
    if fixed is None:
        return replace(candidate, free=free)
    within = mask_of([Span(fixed.start, fixed.end)], grid)
    if free[within].all():
        return replace(candidate, free=free)
    return replace(candidate, free=free & within, fixed=None)


def _frames(taken: Iterable[Capture], asked: Sequence[Candidate], timelines: Sequence[Timeline]) -> Iterable[Block]:
    """Yield each frame of a goal that was asked for as a block of its own."""
    known = {(each.request.line.plan, each.request.line.key, each.request.train): each for each in asked}
    for each in taken:
        candidate = known.get((each.plan or "", each.goal or "", each.train))
        timeline = next((one for one in timelines if each.train in one.costs), None)
        if candidate is None or candidate.refused is not None or timeline is None:
            continue
        if timeline.grid.start <= each.began < timeline.grid.end:
            block = block_of(candidate, timeline, each.began, 1)
            yield from [] if block is None else [block]


def _value(blocks: Sequence[Block], asked: Sequence[Candidate], timelines: Sequence[Timeline], weights: Value) -> float:
    """Return what blocks are worth; an event of which too few frames were taken is not finished."""
    taken = Counter[tuple[str, str]]()
    for block in blocks:
        taken[block.request.line.plan, block.request.line.key] += block.count

    def judged(each: Candidate) -> Candidate:
        frames = taken[each.request.line.plan, each.request.line.key]
        is_cut = each.fixed is not None and frames < WHOLE * each.request.count
        return replace(each, fixed=None) if is_cut else each

    return sum(of_night(blocks, [judged(each) for each in asked], timelines, weights).values())
