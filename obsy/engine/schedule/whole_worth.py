"""What goals add to the worth of a night's blocks, by the frames left of each: the last terms of `value.py`."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from obsy.engine.schedule.filling import goal_of
from obsy.engine.schedule.request import Candidate
from obsy.engine.schedule.value import finishing, in_step_h
from obsy.schemas.value import Value


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
        )

    def value(self, left: Sequence[int]) -> float:
        """Return what is finished and how far all pictures have come on, where so many frames are left of each goal."""
        finished = sum([points for points, frames in zip(self.finished, left, strict=True) if frames <= 0])
        for each in self.pictures:
            finished += each.whole * (each.lag - max([left[goal] * share for goal, share in each.goals]))
        return finished


def _picture(goals: Sequence[tuple[int, Candidate]], weights: Value) -> PictureWorth:
    lag = max(each.request.count / each.size for _, each in goals)
    return PictureWorth(
        weights.balance * in_step_h([each for _, each in goals]),
        lag,
        tuple((number, 1 / each.size) for number, each in goals),
    )
