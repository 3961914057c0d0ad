"""Whether a night is worth more with a goal put into its order, before it is planned anew: some milliseconds."""

from collections.abc import Collection, Iterator

from obsy.engine.schedule.annealing import LEAST
from obsy.engine.schedule.better import NightSearch
from obsy.engine.schedule.course import Step
from obsy.engine.schedule.filling import Goal, goal_of
from obsy.engine.schedule.moves import MountOrder, Move

INSTEAD = range(4)
"""So many stints that follow make way; they are taken last, if they can be had then."""


def has_room(search: NightSearch, goals: Collection[Goal]) -> bool:
    """Return whether the night is worth more with some frames more of the goals, as it goes in plain numbers."""
    before = search.annealing.value
    frames = search.annealing.left
    for number, each in enumerate(search.free):
        if goal_of(each.request) not in goals:
            continue
        for mount, order in enumerate(search.annealing.orders):
            for move in _moves(order, number) if number in order.mine else ():
                after = search.annealing.with_move(mount, move)
                goal = order.end.mount.candidates[number].goal
                if after is not None and after[0] > before + LEAST and after[1][goal] < frames[goal]:
                    return True
    return False


def _moves(order: MountOrder, number: int) -> Iterator[Move]:
    """Yield each order with a goal put in: all of it that is wanted, or the least that can be taken."""
    mine, steps = order.end.mount.candidates[number], order.steps
    for count in dict.fromkeys((order.end.wanted[mine.goal], max(mine.least, 1))):
        for at in range(order.kept, len(steps) + 1):
            for instead in INSTEAD[: len(steps) - at + 1]:
                yield [*steps[:at], Step(number, count), *steps[at + instead :], *steps[at : at + instead]], at
