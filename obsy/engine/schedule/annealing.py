"""Simulated annealing of a night's order: a change that loses is kept by chance, less and less as it cools.

Source: Kirkpatrick, Gelatt and Vecchi, Science 220 (1983) 671. Steps are counted, and drawn the same way each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from random import Random

from obsy.engine.schedule.course import MountCourse
from obsy.engine.schedule.moves import MountOrder, Move, Steps, drawn
from obsy.engine.schedule.night_numbers import MountNumbers
from obsy.engine.schedule.rules_between import Between
from obsy.engine.schedule.transfer import Twins
from obsy.engine.schedule.whole_worth import WholeWorth

HOT, COLD = 0.5, 0.01
"""Points that a change may lose, about, in the beginning and in the end."""
TRANSFERRED = 0.1
"""Of the changes, where a plan may go to one of several trains."""
LEAST = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class NightNumbers:
    """A night to be put in order."""

    mounts: Sequence[MountNumbers]
    whole: WholeWorth
    between: Between
    kept: Sequence[int]
    """How many steps of each mount stay as they are."""


class Annealing:
    """One search."""

    def __init__(self, night: NightNumbers, orders: Sequence[Steps]) -> None:
        """Begin with an order of each mount."""
        self._night = night
        self._orders = [self._begun(*each) for each in zip(night.mounts, orders, night.kept, strict=True)]
        self._left = self._all_left([each.end for each in self._orders])
        self.value = self._value([each.end for each in self._orders], self._left)
        self.best = [each.steps for each in self._orders]
        self._able = [number for number, each in enumerate(self._orders) if each.mine]
        self._twins = Twins.among(self._orders, night.between) if night.between.has_many else None

    @property
    def orders(self) -> Sequence[MountOrder]:
        """The order of each mount."""
        return self._orders

    @property
    def left(self) -> Sequence[int]:
        """The frames of each goal that the night leaves."""
        return self._left

    def with_move(self, mount: int, move: Move) -> tuple[float, Sequence[int]] | None:
        """Return what the night is worth after a change, and the frames that it leaves; None if it may not be."""
        orders = [*self._orders]
        orders[mount] = _followed(orders[mount], move)
        if not self._night.between.allows(each.steps for each in orders):
            return None
        ends = [each.end for each in orders]
        left = self._all_left(ends)
        return self._value(ends, left), left

    def run(self, steps: int) -> None:
        """Try so many changes."""
        dice, heat, value = Random(1), HOT, self.value  # noqa: S311 - the same tries each time
        cooling = (COLD / HOT) ** (1 / max(steps, 1))
        for _ in range(steps if any(each.mine for each in self._orders) else 0):
            heat *= cooling
            changed = self._changed(dice)
            if changed is None:
                continue
            orders = [changed.get(number, each) for number, each in enumerate(self._orders)]
            ends = [each.end for each in orders]
            left = self._all_left(ends)
            if not self._night.between.allows(each.steps for each in orders):
                continue
            then = self._value(ends, left)
            if then < value and dice.random() >= exp((then - value) / heat):
                continue
            self._orders, self._left, value = orders, left, then
            if value > self.value + LEAST:
                self.value, self.best = value, [each.steps for each in orders]

    def _changed(self, dice: Random) -> dict[int, MountOrder] | None:
        """Return a few mounts' orders after a change that is drawn; None if that makes no sense."""
        orders, moves = self._orders, None
        if self._twins is not None and dice.random() < TRANSFERRED:
            moves = self._twins.transferred(orders, dice)
        else:
            mount = dice.choice(self._able) if len(self._able) > 1 else self._able[0]
            move = drawn(orders[mount], self._left, dice)
            moves = None if move is None else {mount: move}
        return None if moves is None else {mount: _followed(orders[mount], move) for mount, move in moves.items()}

    def _begun(self, mount: MountNumbers, steps: Steps, kept: int) -> MountOrder:
        counts, stands = self._night.whole.counts, (mount.begin_s, mount.last, mount.focused)
        course = MountCourse(mount, counts, list(counts), *stands)
        return _followed(MountOrder([], [course], kept, tuple(mount.candidates)), (steps, 0))

    def _all_left(self, ends: Sequence[MountCourse]) -> list[int]:
        """Return the frames that each goal still wants; no two mounts take any of one goal."""
        if len(ends) == 1:
            return ends[0].left
        columns = zip(self._night.whole.counts, *(each.left for each in ends), strict=True)
        return [sum(left) - (len(left) - 1) * count for count, *left in columns]

    def _value(self, ends: Sequence[MountCourse], left: Sequence[int]) -> float:
        return sum([each.value for each in ends]) + self._night.whole.value(left)


def _followed(order: MountOrder, move: Move) -> MountOrder:
    """Return a mount's order as it goes after a change, without the steps for which nothing can be had."""
    changed, first = move
    steps, courses, course = changed[:first], order.courses[:first], order.courses[first]
    for number, step in enumerate(changed[first:], start=first):
        before, course = course, course.copy()
        is_taken = course.take(step)
        if is_taken or number < order.kept:
            steps.append(step)
            courses.append(before)
        if not is_taken:  # nobody waits for what cannot be had
            course = before
    return MountOrder(steps, [*courses, course], order.kept, order.mine)
