"""A night's schedule: fixed times first, then at each moment the request that most deserves it.

A first honest version: greedy, with every declared constraint, meridian flips and overheads respected.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from obsy.engine.schedule.block import Block, Schedule, Unplaced
from obsy.engine.schedule.fit import Timeline, fit, fit_fixed
from obsy.engine.schedule.overheads import Aim, Overheads
from obsy.engine.schedule.request import Candidate, Reason
from obsy.engine.sky.grid import Grid

NO_TIME = Reason("no-time-left", "others with a higher claim fill the time when it could be taken")
CUT_OFF = Reason("cut-off", "it cannot be taken from beginning to end")


def tonight(candidates: Sequence[Candidate], grid: Grid, overheads: Overheads, begin: datetime) -> Schedule:
    """The blocks from `begin` to the end of the grid, and a reason for each request that gets none."""
    possible = [candidate for candidate in candidates if candidate.refused is None]
    fixed = _fixed_blocks([r for r in possible if r.fixed is not None], grid, overheads, begin)
    blocks = _fill([r for r in possible if r.fixed is None], fixed, Timeline(grid, overheads), begin)
    placed = {(block.request.object, block.request.goal) for block in blocks}
    unplaced = tuple(
        Unplaced(candidate.request, candidate.refused or (CUT_OFF if candidate.fixed else NO_TIME))
        for candidate in candidates
        if (candidate.request.object, candidate.request.goal) not in placed
    )
    return Schedule(tuple(_joined(blocks)), unplaced)


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


def _fixed_blocks(candidates: list[Candidate], grid: Grid, overheads: Overheads, begin: datetime) -> list[Block]:
    """The blocks of requests that need a time of their own; of those that overlap, the begun and the more wanted."""
    blocks: list[Block] = []
    for candidate in sorted(candidates, key=lambda r: (not r.begun, -r.request.priority, r.request.object)):
        pieces = fit_fixed(candidate, Timeline(grid, overheads), begin)
        if pieces and all(p.end <= b.start or p.start >= b.end for p in pieces for b in blocks):
            blocks += pieces
    return sorted(blocks, key=lambda block: block.start)


def _fill(candidates: list[Candidate], fixed: list[Block], place: Timeline, begin: datetime) -> list[Block]:
    """Fixed blocks, and between them at each moment the best of what fits."""
    blocks: list[Block] = []
    left = {id(candidate): candidate.request.count for candidate in candidates}
    waiting, now, last = list(fixed), begin, None
    while now < place.grid.end:
        following = waiting[0] if waiting else None
        options = [
            (candidate, block)
            for candidate in candidates
            if left[id(candidate)] and (block := fit(candidate, place, (now, last, following), left[id(candidate)]))
        ]
        if options:
            aim = last
            candidate, block = max(options, key=lambda option: _merit(option[0], option[1], place, aim))
            left[id(candidate)] -= block.count
        elif following is not None and place.arrival(last, following, now) >= following.start:
            block = waiting.pop(0)
        else:
            now = place.next_step(now)
            continue
        blocks.append(block)
        now, last = max(now, block.end), place.aim(block)
    return blocks


def _merit(candidate: Candidate, block: Block, place: Timeline, last: Aim | None) -> float:
    """How much a block is worth now: priority, then urgency, then height, then staying where the telescope points."""
    request, index = candidate.request, place.grid.index(block.start)
    rest_s = float(candidate.free[index:].sum()) * place.grid.step_s
    needed_s = request.count * (request.exposure_s + place.overheads.download_s)
    highest = float(candidate.altitude_deg[candidate.free].max())
    return (
        request.priority
        + 2.0 * min(1.0, needed_s / max(rest_s, needed_s, 1.0))
        + float(candidate.altitude_deg[index]) / max(highest, 1.0)
        + (0.5 if last is not None and last.object == request.object else 0.0)
        + (0.25 if last is not None and last.filter == request.filter else 0.0)
    )
