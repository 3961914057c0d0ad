"""What fits where: one request against the gap that is open now."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from math import ceil, cos, floor, isinf, radians
from sys import maxsize
from typing import NamedTuple

from obsy.engine.schedule.bearings import Aim, Bearings
from obsy.engine.schedule.goal_line import GoalLine
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.pier import half_of, tracks_on_s
from obsy.engine.schedule.request import AHEAD_S, Block, Candidate, Request
from obsy.engine.sidereal import HOURS_PER_S
from obsy.engine.sky.grid import Grid

LONGEST_S = 3600.0
"""After this long a block ends, so that the next choice is made under the sky of its own time."""
WANDERS_S = 240.0
"""After this long the stars over a fixed place are those beside it, by a degree at most: it is pointed at anew."""

Span = tuple[datetime, datetime]
Gap = tuple[datetime, Bearings, Block | None]
"""From when on, how the mount stands then, and the block that follows."""


@dataclass(frozen=True)
class Timeline:
    """One mount's night: from when on it is free, and what each of its trains loses between frames."""

    grid: Grid
    costs: Mapping[str, Overheads]
    """By train."""
    begin: datetime
    stands: Bearings = field(default_factory=Bearings)
    """How the mount stands then."""

    @cached_property
    def longest_s(self) -> float:
        """What lies before a block at most."""
        return max((each.longest_s for each in self.costs.values()), default=0.0)

    def between(self, before: Bearings, to: Aim, now: datetime) -> float:
        """Return the seconds to the first exposure of a block that is begun now: its way, and a focus run if due."""
        costs = self.costs[to.train]
        way_s = costs.way_s(before, to)
        arrived = now + timedelta(seconds=way_s)
        return way_s + (costs.focus_s if costs.focuses(before.since_focus_s(to.train, arrived)) else 0.0)

    def then(self, before: Bearings, to: Aim, now: datetime) -> Bearings:
        """Return how the mount stands once a block that was begun now exposes."""
        costs, focused = self.costs[to.train], before.focused
        arrived = now + timedelta(seconds=costs.way_s(before, to))
        if costs.focuses(before.since_focus_s(to.train, arrived)):
            focused = {**focused, to.train: arrived + timedelta(seconds=costs.focus_s)}
        return Bearings(to, focused=focused)

    def each_s(self, request: Request) -> float:
        """Return the seconds from one exposure of a block to its next."""
        return self.costs[request.train].each_s(request.line)

    def next_step(self, now: datetime) -> datetime:
        """The next instant of the grid."""
        return self.grid.at(self.grid.index(now) + 1)

    def arrival(self, before: Bearings, block: Block, now: datetime) -> datetime:
        """When the first exposure of `block` could begin; a step is added, since nothing else begins before it."""
        return now + timedelta(seconds=self.between(before, aim_of(block), now) + self.grid.step_s)


def aim_of(block: Block, sent: datetime | None = None) -> Aim:
    """Where the telescope points after a block; sent: when the mount was sent there, if not when it is to be."""
    of, half = block.request, block.half if sent is None else block.half_when(sent)
    return Aim(of.line.picture, block.ra_deg, block.dec_deg, of.train, of.line.filter, half)


class Room(NamedTuple):
    """What fits into a gap."""

    start: datetime
    """Of the first exposure."""
    frames: int


def fit(candidate: Candidate, timeline: Timeline, gap: Gap, left: int) -> Block | None:
    """As many frames as fit from the gap's beginning, or None if not even one does."""
    room = room_for(candidate, timeline, gap, left)
    return None if room is None else block_of(candidate, timeline, *room)


def room_for(candidate: Candidate, timeline: Timeline, gap: Gap, left: int) -> Room | None:
    """Return what `fit` makes a block of: that takes as long again, and of what is weighed little is taken."""
    now, before, following = gap
    grid, costs = timeline.grid, timeline.costs[candidate.request.train]
    half = half_at(candidate, grid, now)
    to = _aim(candidate, grid.index(now), half)
    start = now + timedelta(seconds=timeline.between(before, to, now))
    if start >= grid.end or not candidate.free[at := grid.index(start)]:
        return None
    spare = timedelta(seconds=costs.spare_s)
    end = latest_end(candidate, timeline, start, half) - spare
    if following is not None:
        then = Bearings(_aim(candidate, at, half), focused=timeline.then(before, to, now).focused)
        wait_s = timeline.between(then, aim_of(following), following.start)
        end = min(end, following.start - timedelta(seconds=wait_s) - spare)
    line, each_s = candidate.request.line, timeline.each_s(candidate.request)
    possible = min(frames_between(candidate, timeline, start, end), most_frames(line, each_s))
    if possible < min(left, least_frames(line, each_s)):
        return None
    count = min(left, possible, line.turn or possible)
    return Room(start, count) if count else None


def half_at(candidate: Candidate, grid: Grid, when: datetime) -> int:
    """Return the half of the sky in which a candidate is when a mount is sent there then."""
    index = grid.index(when)
    return half_of(float(candidate.hour_angle_h[index]), (when - grid.at(index)).total_seconds())


def latest_end(candidate: Candidate, timeline: Timeline, start: datetime, half: int) -> datetime:
    """Return until when what begins at `start` may go on: its sky and its side of the meridian allow no more."""
    return min(_end_of_run(candidate, timeline.grid, start), _flip(candidate, timeline, start, half))


def most_frames(line: GoalLine, each_s: float) -> int:
    """Return how many frames a block may have: those of an hour, or of a run of its goal, and at any rate one."""
    return max(int((WANDERS_S if line.wanders else LONGEST_S) // each_s), least_frames(line, each_s))


def least_frames(line: GoalLine, each_s: float) -> int:
    """Return how many frames a block must have, unless fewer are left: those of a run."""
    return 1 if line.goal.run is None else ceil(line.goal.run.at_least / each_s)


def fit_fixed(candidate: Candidate, timeline: Timeline) -> list[Block]:
    """The blocks that cover a fixed time, two if the mount must change sides within it; none if part of it is lost.

    What covers an event fills its time; of what flies over no more is taken than is wanted.
    """
    assert candidate.fixed is not None  # noqa: S101
    start, end = max(timeline.begin, candidate.fixed.start), candidate.fixed.end
    if start >= end or end > timeline.grid.end or start < timeline.grid.start:
        return []
    if not candidate.free[timeline.grid.index(start) : timeline.grid.index(end) + 1].all():
        return []
    sent = start if start == timeline.begin else max(timeline.grid.start, start - timedelta(seconds=AHEAD_S))
    pieces = _pieces(candidate, timeline, (start, end), half_at(candidate, timeline.grid, sent))
    if start == timeline.begin:  # in the midst of it: what is left must hold a frame after another slew and focus run
        to = _aim(candidate, timeline.grid.index(start), half_at(candidate, timeline.grid, start))
        ready = start + timedelta(seconds=timeline.between(timeline.stands, to, start))
        pieces = [(a, b) for a, b in pieces if a > start or frames_between(candidate, timeline, ready, b)]
    most = candidate.request.count if candidate.request.line.flies else maxsize
    counts = ((a, min(most, frames_between(candidate, timeline, a, b))) for a, b in pieces)
    blocks = (block_of(candidate, timeline, *each) for each in counts)
    return [replace(block, fixed=True) for block in blocks if block is not None]


def _pieces(candidate: Candidate, timeline: Timeline, span: Span, half: int) -> list[Span]:
    """Return the parts of a fixed time that are taken without a flip: all of it, or before and after a flip.

    Nothing is sent across the meridian before it is well past it: else the mount hangs where it must not track on.
    """
    (start, end), costs = span, timeline.costs[candidate.request.train]
    if _needs_no_side(candidate.request.line):
        return [span]
    index = timeline.grid.index(start)
    past_s = _past_s(candidate, costs)
    tracks_s = tracks_on_s(half, float(candidate.hour_angle_h[index]), past_s)
    if past_s is None or isinf(tracks_s):
        return [span]
    leaves = timeline.grid.at(index) + timedelta(seconds=tracks_s - costs.spare_s)
    past = leaves + timedelta(seconds=2 * costs.spare_s - past_s)
    soonest = past + timedelta(seconds=AHEAD_S)
    if leaves <= start:
        return [(max(start, soonest), end)]
    flipped = max(leaves, past) + timedelta(seconds=costs.flip_s + costs.settle_s)
    return [(start, min(leaves, end)), (max(flipped, soonest), end)]


def frames_between(candidate: Candidate, timeline: Timeline, start: datetime, end: datetime) -> int:
    """How many frames fit between two times, downloads included."""
    return max(0, floor((end - start).total_seconds() / timeline.each_s(candidate.request) + 1e-6))


def block_of(candidate: Candidate, timeline: Timeline, start: datetime, count: int) -> Block | None:
    """The block of so many frames from `start`, tracking the target as it moves; None for none."""
    if count < 1:
        return None
    length = timedelta(seconds=count * timeline.each_s(candidate.request))
    index = timeline.grid.index(start)
    later_s = (start - timeline.grid.at(index)).total_seconds()
    after = min(index + max(1, round(3600 / timeline.grid.step_s)), timeline.grid.count - 1)
    hours = max(after - index, 1) * timeline.grid.step_s / 3600
    turn = (candidate.ra_deg[after] - candidate.ra_deg[index] + 180) % 360 - 180
    block = Block(
        request=candidate.request,
        count=count,
        start=start,
        end=start + length,
        ra_deg=round(float(candidate.ra_deg[index]), 6),
        dec_deg=round(float(candidate.dec_deg[index]), 6),
        hour_angle_h=round(float(candidate.hour_angle_h[index]) + later_s * HOURS_PER_S, 7),
        # A star's proper motion is nothing in an hour; `+ 0.0` turns a rounded -0.0 into 0.0.
        ra_rate=round(float(turn) * 3600 * cos(radians(float(candidate.dec_deg[index]))) / hours, 1) + 0.0,
        dec_rate=round(float(candidate.dec_deg[after] - candidate.dec_deg[index]) * 3600 / hours, 1) + 0.0,
    )
    return block if candidate.request.line.paced else replace(block, ra_rate=0.0, dec_rate=0.0)


def joined_blocks(blocks: list[Block]) -> list[Block]:
    """Return the same, with what goes on without a gap as one block."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if last is not None and last.request == block.request and last.end == block.start:
            joined[-1] = replace(last, count=last.count + block.count, end=block.end)
        else:
            joined.append(block)
    return joined


def _aim(candidate: Candidate, index: int, half: int) -> Aim:
    of, ra_deg, dec_deg = candidate.request, float(candidate.ra_deg[index]), float(candidate.dec_deg[index])
    return Aim(of.line.picture, ra_deg, dec_deg, of.train, of.line.filter, half)


def _end_of_run(candidate: Candidate, grid: Grid, start: datetime) -> datetime:
    """The last instant of the unbroken run of free instants from `start`."""
    return grid.at(int(candidate.stops[grid.index(start)]) - 1)


def _needs_no_side(line: GoalLine) -> bool:
    """Whether a mount need not change sides in a block: it stands, or what flies is taken on one side of it."""
    return line.unfollowed is not None and (line.stands or line.aims_anew)


def _past_s(candidate: Candidate, costs: Overheads) -> float | None:
    """Return how long a mount stays on its side past the meridian; one that is sent to each frame anew does not."""
    past_s = costs.past_meridian_s
    return past_s if past_s is None or not candidate.request.line.aims_anew else 0.0


def _flip(candidate: Candidate, timeline: Timeline, start: datetime, half: int) -> datetime:
    """When a mount that was sent to a half can no longer track on from `start`; the end of the night if it can."""
    past_s = _past_s(candidate, timeline.costs[candidate.request.train])
    if _needs_no_side(candidate.request.line):
        return timeline.grid.end
    index = timeline.grid.index(start)
    tracks_s = tracks_on_s(half, float(candidate.hour_angle_h[index]), past_s)
    return timeline.grid.end if isinf(tracks_s) else timeline.grid.at(index) + timedelta(seconds=tracks_s)
