"""Move all that is planned of a plan to another of its trains, on the same mount or another."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from obsy.engine.schedule.course import Step
from obsy.engine.schedule.moves import MountOrder, Move, Steps
from obsy.engine.schedule.rules_between import Between


@dataclass(frozen=True, slots=True, eq=False)
class Twins:
    """The same goals with other trains."""

    between: Between
    of: dict[tuple[int, str], int]
    """The candidate of each goal with each train."""
    goals: dict[int, int]
    mounts: dict[int, int]
    """Of each candidate."""

    @classmethod
    def among(cls, orders: Sequence[MountOrder], between: Between) -> "Twins":
        """Return those of a night."""
        every = [(mount, number, each) for mount, order in enumerate(orders) for number, each in order.candidates]
        return cls(
            between,
            {(each.goal, each.train): number for _, number, each in every},
            {number: each.goal for _, number, each in every},
            {number: mount for mount, number, _ in every},
        )

    def transferred(self, orders: Sequence[MountOrder], dice: Random) -> dict[int, Move] | None:
        """Return what changes on each mount, if anything can."""
        able = [(each, at) for each in orders for at in range(each.kept, len(each.steps))]
        if not able:
            return None
        order, at = able[dice.randrange(len(able))]
        chosen = order.steps[at].number
        others = [n for (goal, _), n in self.of.items() if goal == self.goals[chosen] and n != chosen]
        if not others:
            return None
        to, plan = dice.choice(others), self.between.plans[chosen]
        train, taken, moves = self.between.trains[to], list[Step](), dict[int, Move]()
        for number, each in enumerate(orders):
            mine = [at for at, step in enumerate(each.steps) if self.between.plans[step.number] == plan]
            if mine and mine[0] < each.kept:
                return None
            if mine:
                taken += [each.steps[at] for at in mine]
                moves[number] = [step for at, step in enumerate(each.steps) if at not in mine], mine[0]
        put = [step for each in taken if (step := self._twin(each, train)) is not None]
        mount = self.mounts[to]
        rest, first = moves.get(mount, (orders[mount].steps, len(orders[mount].steps)))
        moves[mount] = _put(rest, put, (orders[mount].kept, first), dice)
        return moves

    def _twin(self, step: Step, train: str) -> Step | None:
        number = self.of.get((self.goals[step.number], train))
        return None if number is None else Step(number, step.frames)


def _put(rest: Steps, put: Steps, bounds: tuple[int, int], dice: Random) -> Move:
    """Put some steps anywhere among others; bounds: where that may be, and from where on others have changed."""
    at = bounds[0] + dice.randrange(len(rest) - bounds[0] + 1)
    return [*rest[:at], *put, *rest[at:]], min(at, bounds[1])
