"""The smallest change of a plan of each sort by which it gets time; each is proven by planning anew."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from obsy.engine.runtime.why.changes import Ladder, PlanChange
from obsy.engine.runtime.why.halving import Likely, Proven, foreseen, smallest
from obsy.engine.runtime.why.trials import Seconds, Trials
from obsy.schemas.plan import Plan


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change of the plan that gets it time."""

    changes: tuple[PlanChange, ...]
    """One, or two of which neither is enough."""
    gained_s: float
    """Of exposure."""
    costs: Seconds
    """By plan, the exposure that others lose."""
    smallest: bool
    """Whether no smaller change of the sort does: each was planned anew, or leaves no window."""


def single(plan: Plan, ladders: Sequence[Ladder], trials: Trials) -> list[Remedy]:
    """Return the smallest change of each sort that gets time.

    One that opens the first window, and does not seem to get it time, is proven where nothing else does.
    """
    was_able = trials.able(plan)
    steps = [range(_first(each, plan, trials), len(each.values)) for each in ladders]
    trials.foresee(_coming(plan, ladders, steps, trials))

    def found(*, from_top: bool) -> Iterator[Remedy]:
        for ladder, of in zip(ladders, steps, strict=True):
            halved = smallest(of, *_asked(ladder, plan, trials), from_top=from_top)
            if halved is not None:
                yield Remedy((ladder.change(halved.step),), halved.gain.gained_s, halved.gain.costs, halved.surely)

    return [*found(from_top=True)] or ([] if was_able else [*found(from_top=False)])


def _coming(plan: Plan, ladders: Sequence[Ladder], steps: Sequence[range], trials: Trials) -> Iterator[Plan]:
    """Yield what is proven first of each sort, which is sure to be asked, and then what may be asked after that."""
    asked = [
        foreseen(of, _asked(each, plan, trials)[0], from_top=True) for each, of in zip(ladders, steps, strict=True)
    ]
    for some in (slice(1), slice(1, None)):
        yield from (ladder.made(plan, step) for ladder, of in zip(ladders, asked, strict=True) for step in of[some])


def _asked(ladder: Ladder, plan: Plan, trials: Trials) -> tuple[Likely, Proven]:
    """Return what asks of one of its steps whether it is likely to do, and what it gains."""
    return lambda step: trials.likely(ladder.made(plan, step)), lambda step: trials.gain(ladder.made(plan, step))


def _first(ladder: Ladder, plan: Plan, trials: Trials) -> int:
    """Return the first step with which a goal could be had at all; a looser limit never takes a window away."""
    return bisect_left(range(len(ladder.values)), True, key=lambda step: trials.able(ladder.made(plan, step)))
