"""Plans give way to what an alert wants, while that can be had and is not done."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from obsy.engine.declare.instrument import Instrument
from obsy.engine.declare.observatory import Wanted
from obsy.engine.schedule.request import Candidate, Reason
from obsy.engine.sky.grid import Grid, Mask
from obsy.schemas.plan import Plan

ROOM = 1.25
"""Frames of an alert take so much longer than their exposures and downloads: slew, focus, dither."""


def gives_way(plan: Plan, wanted: Mapping[str, Wanted]) -> int:
    """Return whether a plan is one that others of a night's alerts go before, as the highest limit that says so."""
    limits = [each.below for name, each in wanted.items() if name != plan.name and plan.priority < each.below]
    return 0 if plan.name in wanted else max(limits, default=0)


def yielding(
    candidates: Sequence[Candidate],
    plans: Sequence[Plan],
    instruments: Sequence[Instrument],
    wanted: Mapping[str, Wanted],
    begin: tuple[Grid, int],
) -> list[Candidate]:
    """Return the candidates; those that give way are not free on a mount while what goes before them can be had.

    What has a time of its own keeps it. begin: the night's grid, and the instant from which on it is planned.
    """
    if not any(each.below for each in wanted.values()):
        return list(candidates)
    named, trains = {plan.name: plan for plan in plans}, {each.name: each for each in instruments}
    taken: dict[str, list[tuple[str, int, Mask]]] = {}
    for each in candidates:
        plan, train = each.request.line.plan, trains.get(each.request.train)
        if plan in wanted and wanted[plan].below and each.refused is None and train is not None:
            each_s = each.request.line.goal.exposure + train.train.camera.download
            ahead = each.free & (np.arange(each.free.size) >= begin[1])
            instants = ROOM * each.request.count * each_s / begin[0].step_s + 1
            mine = ahead & (np.cumsum(ahead) <= instants)
            taken.setdefault(train.mount.name, []).append((plan, wanted[plan].below, mine))
    return [_yielding(each, named[each.request.line.plan], wanted, trains, taken) for each in candidates]


def _yielding(
    each: Candidate,
    plan: Plan,
    wanted: Mapping[str, Wanted],
    trains: Mapping[str, Instrument],
    taken: Mapping[str, list[tuple[str, int, Mask]]],
) -> Candidate:
    train = trains.get(each.request.train)
    if train is None or each.refused is not None or each.fixed is not None or not gives_way(plan, wanted):
        return each
    before = [(name, mask) for name, below, mask in taken.get(train.mount.name, []) if plan.priority < below]
    if not before:
        return each
    free = each.free & ~np.logical_or.reduce([mask for _, mask in before])
    later = replace(each, free=free)
    if free.any() or not each.free.any():
        return later
    return replace(later, refused=Reason("gives-way", f"it gives way to '{before[0][0]}', which an alert wants"))
