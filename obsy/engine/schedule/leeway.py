"""How much longer than planned a block may take: what was learned is a middling time, and never a deadline."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from math import hypot, sqrt

from obsy.engine.schedule.bearings import Bearings
from obsy.engine.schedule.filling import goal_of
from obsy.engine.schedule.fit import Timeline, aim_of, latest_end
from obsy.engine.schedule.overheads import DEVIATIONS, Overheads
from obsy.engine.schedule.request import Block, Candidate, Leeway

STEPS = ("settle_s", "filter_s", "focus_s", "flip_s")
"""Before a block's first frame."""


def with_leeway(
    blocks: Sequence[Block],
    candidates: Sequence[Candidate],
    timelines: Sequence[Timeline],
    declared: Mapping[str, Overheads],
) -> Iterator[Block]:
    """Yield the blocks, each with its leeway where what is counted is not what is declared.

    It ends with the run of its sky, where the mount must change sides, and in time for the next block whose time is
    its own.
    """
    asked = defaultdict(list)
    for candidate in candidates:
        asked[goal_of(candidate.request), candidate.request.train].append(candidate)
    for index, block in enumerate(blocks):
        train = block.request.train
        timeline = next(each for each in timelines if train in each.costs)
        counted = timeline.costs[train]
        if counted == declared[train] and not counted.spare_s:
            yield block
            continue
        could = [each for each in asked[goal_of(block.request), train] if each.free[timeline.grid.index(block.start)]]
        latest = min((latest_end(each, timeline, block.start, block.half) for each in could), default=block.end)
        until = min(latest, block.end + timedelta(seconds=spare_s(block.count, counted, declared[train])))
        fixed = (each for each in blocks[index + 1 :] if each.fixed and each.request.train in timeline.costs)
        if (following := next(fixed, None)) is not None:
            wait_s = following.setup_s or timeline.between(Bearings(aim_of(block)), aim_of(following), block.end)
            until = min(until, following.start - timedelta(seconds=wait_s))
        leeway = Leeway(max(until, block.end), timeline.each_s(block.request), counted.focus_s)
        yield replace(block, leeway=leeway)


def spare_s(count: int, counted: Overheads, declared: Overheads) -> float:
    """Return by how much so many frames may be late: as far as is usual, and as what is declared would let them."""
    usual_s = DEVIATIONS * hypot(counted.late_s, counted.uneven_s * sqrt(count))
    shorter_s = sum(max(0.0, float(getattr(declared, step) - getattr(counted, step))) for step in STEPS)
    shorter_s += max(0.0, 180.0 / declared.slew_deg_s - 180.0 / counted.slew_deg_s)
    return max(counted.spare_s, usual_s, shorter_s + count * max(0.0, declared.download_s - counted.download_s))
