"""The smallest change of a plan of each sort by which it gets time; each is proven by planning anew."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from obsy.engine.runtime.why.changes import Ladder, PlanChange
from obsy.engine.runtime.why.halving import Likely, Proven, smallest
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


def single(
    plan: Plan, ladders: Sequence[Ladder], trials: Trials, may_help: Callable[[], bool] = lambda: True
) -> Iterator[Remedy]:
    """Yield the smallest change of each sort that gets time; may_help: whether all of them at once could do."""
    was_able = trials.able(plan)
    for ladder in ladders:
        steps = range(_first(ladder, plan, trials), len(ladder.values))
        found = smallest(steps, *_asked(ladder, plan, trials), from_top=was_able, may_help=may_help)
        if found is not None:
            yield Remedy((ladder.change(found.step),), found.gain.gained_s, found.gain.costs, found.surely)


def _asked(ladder: Ladder, plan: Plan, trials: Trials) -> tuple[Likely, Proven]:
    """Return what asks of one of its steps whether it is likely to do, and what it gains."""
    return lambda step: trials.likely(ladder.made(plan, step)), lambda step: trials.gain(ladder.made(plan, step))


def _first(ladder: Ladder, plan: Plan, trials: Trials) -> int:
    """Return the first step with which a goal could be had at all; a looser limit never takes a window away."""
    return bisect_left(range(len(ladder.values)), True, key=lambda step: trials.able(ladder.made(plan, step)))
