"""Fewer places for what is left to search: no start that would make an answer worth less than one that is known.

At any prices a bound is a sum over tasks, so what it loses by one task at one start is plain; and set-ups before a task
are at least those from what may still come before it.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from math import ceil, floor

import numpy as np

from obsy.engine.solver.lanes import Lane, Places, Slot
from obsy.engine.solver.prices import Numbers, Priced, starts_worth
from obsy.engine.solver.problem import Starts


def narrowed(places: Places, priced: Priced, value: float) -> Places:
    """Return the places without starts that no answer worth `value` has; those of tasks in rules stay as they are."""
    spare = priced.bound - value + 1e-9 * abs(priced.bound)
    ruled = places.kept.union(*places.problem.together)
    left = [[_left(slot, priced) for slot in slots] for slots in places.slots]
    slots: list[tuple[Slot, ...]] = []
    for task, mine in enumerate(places.slots):
        if task in ruled or any(slot.option is not None for slot in mine):
            slots.append(mine)
            continue
        best = max((float(worth.max()) for each in left[task] for _, worth in each), default=0.0)
        least = max(best, 0.0) - spare
        parts = [
            [_within(span, *each, least) for span, each in zip(slot.starts, those, strict=True)]
            for slot, those in zip(mine, left[task], strict=True)
        ]
        slots.append(tuple(_with(slot, each) for slot, each in zip(mine, parts, strict=True) if any(each)))
    return _led(replace(places, slots=tuple(slots)))


def _left(slot: Slot, priced: Priced) -> list[tuple[Numbers, Numbers]]:
    """Return, for each stretch of starts, those between which it is linear, and what the task is left with there."""
    edges, up_to = priced.edges[slot.lane], priced.up_to[slot.lane]
    found = []
    for each in slot.starts:
        starts, value = starts_worth(slot, each, edges)
        paid = np.interp(starts + slot.length, edges, up_to) - np.interp(starts - slot.lead, edges, up_to)
        found.append((starts, value - paid))
    return found


def _within(span: Starts, starts: Numbers, left: Numbers, least: float) -> Starts | None:
    """Return the part of a stretch from the first second that leaves enough to the last."""
    good = np.flatnonzero(left >= least)
    if not good.size:
        return None
    first, last = int(good[0]), int(good[-1])
    low, high = starts[first], starts[last]
    if first:
        low -= (left[first] - least) / (left[first] - left[first - 1]) * (starts[first] - starts[first - 1])
    if last < len(starts) - 1:
        high += (left[last] - least) / (left[last] - left[last + 1]) * (starts[last + 1] - starts[last])
    return span.within(floor(low), ceil(high))


def _with(slot: Slot, parts: Sequence[Starts | None]) -> Slot:
    return slot.at(tuple(each for each in parts if each is not None))


def _led(places: Places) -> Places:
    """Return the places with the set-ups that are certain now."""
    on: list[list[Slot]] = [[] for _ in places.lanes]
    for slot in chain.from_iterable(places.slots):
        on[slot.lane].append(slot)
    slots = [[_after(slot, places.lanes[slot.lane], on[slot.lane]) for slot in mine] for mine in places.slots]
    return replace(places, slots=tuple(tuple(each for each in mine if each is not None) for mine in slots))


def _after(slot: Slot, lane: Lane, others: Sequence[Slot]) -> Slot | None:
    """Return a slot with the least set-up before it from what may come before; None if it cannot start then."""
    if not lane.setups or not slot.from_rest:
        return slot
    last = slot.starts[-1].last
    waits = [
        (each.starts[0].first + each.length, lane.setups[each.pose][slot.pose])
        for each in others
        if each.task != slot.task
    ]
    lead = min((setup for ready, setup in waits if ready + setup <= last), default=slot.from_rest)
    parts = [each.within(lane.begin + min(lead, slot.from_rest), last) for each in slot.starts]
    return replace(_with(slot, parts), lead=lead) if any(parts) else None
