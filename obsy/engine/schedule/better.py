"""A better order of a night than the rules find: what is gained by changing theirs a little, again and again."""

from collections.abc import Sequence
from typing import NamedTuple

from obsy.engine.schedule.annealing import Annealing, NightNumbers
from obsy.engine.schedule.bond import whose_bond_is_in
from obsy.engine.schedule.course import Step
from obsy.engine.schedule.filling import free_of, goal_of
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.moves import Steps
from obsy.engine.schedule.night_numbers import mount_numbers
from obsy.engine.schedule.order import Order, Stint, order_of
from obsy.engine.schedule.request import Block, Candidate, Schedule
from obsy.engine.schedule.rules_between import Between
from obsy.engine.schedule.tonight import in_order
from obsy.engine.schedule.whole_worth import WholeWorth
from obsy.schemas.value import Value

STEPS = 40_000
"""Changes that are tried at most: a second."""
SOON = 10_000
"""Of them: a fifth of a second. The rest are tried from the same night anew, and cool down the slower."""
ENOUGH, FEWEST = 10, 300
"""More than so many for every two goals gain nothing, where that is more than a few: measured on random nights."""
MANY = 100
"""With more goals fewer changes are tried, since each takes longer."""


def better(
    schedule: Schedule,
    candidates: Sequence[Candidate],
    timelines: Sequence[Timeline],
    weights: Value,
    steps: int = STEPS,
) -> Schedule:
    """Return the best night that so many steps find from a schedule on, fewer of few goals; never one of less worth.

    The same question has the same answer, bit for bit. Fixed times, and what is `immediate`, stay as they are in it.
    """
    if not steps:
        return schedule
    goals, found = sum(each.refused is None for each in candidates), schedule
    enough = max(FEWEST, ENOUGH * goals**2)
    steps = min(steps, enough if enough <= SOON else STEPS)
    for many in (min(steps, SOON), steps - SOON):
        if many > 0:
            order = better_order(schedule.blocks, candidates, timelines, weights, many)
            found = in_order(found, candidates, timelines, weights, order)
    return found


def better_order(
    blocks: Sequence[Block],
    candidates: Sequence[Candidate],
    timelines: Sequence[Timeline],
    weights: Value,
    steps: int = STEPS,
) -> Order:
    """Return the order of the best night that so many steps find; fewer, where there are hundreds of goals."""
    search = search_of(blocks, candidates, timelines, weights)
    if search is None:
        return ()
    search.annealing.run(steps * MANY // max(MANY, len(search.free)))
    requests = [each.request for each in search.free]
    found = (step for order in search.annealing.best for step in order)
    return tuple(Stint(goal_of(requests[n]), requests[n].train, count) for n, count in found)


class NightSearch(NamedTuple):
    """A night in numbers, in an order."""

    free: Sequence[Candidate]
    """By the numbers of its steps."""
    annealing: Annealing


def search_of(
    blocks: Sequence[Block], candidates: Sequence[Candidate], timelines: Sequence[Timeline], weights: Value
) -> NightSearch | None:
    """Return what searches from the order of some blocks on; None if nothing may be put in order."""
    wanted = [each for each in candidates if each.refused is None and each.request.count]
    possible = whose_bond_is_in(wanted, {goal_of(block.request) for block in blocks})
    free = free_of(possible)
    if not free:
        return None
    fixed = sorted((each for each in blocks if each.fixed), key=lambda block: block.start)
    index = {(goal_of(each.request), each.request.train): number for number, each in enumerate(free)}
    orders: list[Steps] = []
    for each in timelines:
        stints = order_of([block for block in blocks if block.request.train in each.costs])
        orders.append([Step(index[stint[:2]], stint.frames) for stint in stints if stint[:2] in index])
    night = NightNumbers(
        [mount_numbers(each, free, [b for b in fixed if b.request.train in each.costs], weights) for each in timelines],
        WholeWorth.of(free, weights),
        Between.of(free, possible, fixed),
        [_kept(order, free) for order in orders],
    )
    return NightSearch(free, Annealing(night, orders))


def _kept(order: Steps, free: Sequence[Candidate]) -> int:
    """Return how many steps there are up to the last one that is wanted at once."""
    urgent = (at for at, step in enumerate(order, start=1) if free[step.number].request.claim.immediate)
    return max(urgent, default=0)
