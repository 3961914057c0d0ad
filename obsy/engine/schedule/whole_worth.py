"""What goals add to the worth of a night's blocks, by the frames left of each: the last terms of `value.py`."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from obsy.engine.schedule.filling import goal_of
from obsy.engine.schedule.request import Bond, Candidate
from obsy.engine.schedule.value import finishing, in_step_h
from obsy.schemas.value import Value

TORN = 1000.0
"""Points that the search loses for a bond that it tears: it does not."""


@dataclass(frozen=True, slots=True)
class PictureWorth:
    """How a picture comes on: by the share of its goal that lags most."""

    whole: float
    lag: float
    """Of that goal at first."""
    goals: tuple[tuple[int, float], ...]
    """Each, and a frame of it as a share of its own."""


@dataclass(frozen=True, slots=True)
class WholeWorth:
    """Of all goals of a night whose time is not their own."""

    counts: tuple[int, ...]
    """Frames that each wants."""
    finished: tuple[float, ...]
    pictures: tuple[PictureWorth, ...]
    bonds: tuple[tuple[bool, tuple[int, ...]], ...] = ()
    """The goals of each, of which a night has all or nothing, and whether it has to have all."""

    @classmethod
    def of(cls, candidates: Sequence[Candidate], weights: Value) -> "WholeWorth":
        """Return it, goals in the order in which they come first among candidates whose time is not their own."""
        goals = {goal_of(each.request): each for each in candidates}
        pictures: defaultdict[str, list[int]] = defaultdict(list)
        found = list(goals.values())
        for number, each in enumerate(found):
            pictures[each.request.line.picture].append(number)
        return cls(
            tuple(each.request.count for each in found),
            tuple(weights.completion * finishing(each) for each in found),
            tuple(_picture([(number, found[number]) for number in mine], weights) for mine in pictures.values()),
            _bonds(found),
        )

    def value(self, left: Sequence[int]) -> float:
        """Return what is finished and how far all pictures have come on, where so many frames are left of each goal."""
        finished = sum([points for points, frames in zip(self.finished, left, strict=True) if frames <= 0])
        for each in self.pictures:
            finished += each.whole * (each.lag - max([left[goal] * share for goal, share in each.goals]))
        return finished - TORN * self._torn(left) if self.bonds else finished

    def _torn(self, left: Sequence[int]) -> int:
        """Return how many bonds are neither had whole nor left whole."""
        return sum(
            any(left[goal] > 0 for goal in goals)
            and (is_begun or any(left[goal] < self.counts[goal] for goal in goals))
            for is_begun, goals in self.bonds
        )


def _bonds(goals: Sequence[Candidate]) -> tuple[tuple[bool, tuple[int, ...]], ...]:
    found: defaultdict[Bond, list[int]] = defaultdict(list)
    for number, each in enumerate(goals):
        if each.request.bond is not None:
            found[each.request.bond].append(number)
    return tuple((bond.begun, tuple(mine)) for bond, mine in found.items())


def _picture(goals: Sequence[tuple[int, Candidate]], weights: Value) -> PictureWorth:
    lag = max(each.request.count / each.size for _, each in goals)
    return PictureWorth(
        weights.balance * in_step_h([each for _, each in goals]),
        lag,
        tuple((number, 1 / each.size) for number, each in goals),
    )
