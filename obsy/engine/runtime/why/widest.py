"""The widest changes of a plan, planned where none that is likely to does: before it is said that nothing helps."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import partial
from itertools import combinations

from obsy.engine.runtime.why.changes import PRIORITY, Ladder
from obsy.engine.runtime.why.remedies import Remedy
from obsy.engine.runtime.why.trials import Gain, Trials
from obsy.schemas.plan import Plan

KEPT = -1
"""The step of what stays as it is."""


class AllAtOnce:
    """All that may be changed, each as far as it goes, at the same time; and all of it but the priority."""

    def __init__(self, plan: Plan, ladders: Sequence[Ladder], trials: Trials) -> None:
        """Nothing is planned yet."""
        self._plan, self._trials = plan, trials
        changed = _together(plan, ladders, trials)
        limits = [each for each in changed if each.key != PRIORITY]
        self._each = [changed, limits] if limits != changed else [changed]

    def helps(self) -> bool:
        """Return whether one of the two gets time, or nobody knows since enough was planned."""
        gains = (_gain(self._plan, each, _last(each), self._trials) for each in self._each)
        return any(gain is None or gain.gained_s > 0 for gain in gains)

    def less(self) -> Remedy | None:
        """Return as few and as small ones of them as the proofs allow; None if they get no time."""
        return next(filter(None, (_at_last(self._plan, each, self._trials) for each in self._each)), None)


def _together(plan: Plan, ladders: Sequence[Ladder], trials: Trials) -> list[Ladder]:
    """Return what can be changed at once: a season that begins sooner and ends later may be another season."""
    together, moments = [], trials.open_moments(plan)
    for each in ladders:
        wider = each.made(plan, len(each.values) - 1) if each.values else plan
        if each.values and (opened := trials.open_moments(wider)) >= moments:
            together.append(each)
            plan, moments = wider, opened
    return together


def unlikely(plan: Plan, ladders: Sequence[Ladder], trials: Trials) -> Remedy | None:
    """Return one change, or two, that get time though they did not seem to; each is then halved as far as it goes."""
    some = [each for each in ladders if each.values]
    pairs = (both for both in combinations(some, 2) if both[0].key != both[1].key)
    wide = (*((each,) for each in some), *pairs)
    return next(filter(None, (_at_last(plan, changed, trials) for changed in wide)), None)


def _last(changed: Sequence[Ladder]) -> list[int]:
    return [len(each.values) - 1 for each in changed]


def _at_last(plan: Plan, changed: Sequence[Ladder], trials: Trials) -> Remedy | None:
    """Return the last steps of some changes, if they get time, each then made as small as the proofs allow."""
    steps, gain = _last(changed), _gain(plan, changed, _last(changed), trials)
    if gain is None or gain.gained_s <= 0:
        return None

    def gets(at: int, step: int) -> bool:
        nonlocal gain
        found = _gain(plan, changed, [*steps[:at], step, *steps[at + 1 :]], trials)
        if found is None or found.gained_s <= 0:
            return False
        gain = found  # of all that get time, the halving ends at the one that it asked last
        return True

    for at, step in enumerate(steps):
        steps[at] = KEPT if gets(at, KEPT) else bisect_left(range(step), True, key=partial(gets, at))
    changes = tuple(each.change(step) for each, step in zip(changed, steps, strict=True) if step != KEPT)
    return Remedy(changes, gain.gained_s, gain.costs, smallest=False)


def _gain(plan: Plan, changed: Sequence[Ladder], steps: Sequence[int], trials: Trials) -> Gain | None:
    for ladder, step in zip(changed, steps, strict=True):
        plan = plan if step == KEPT else ladder.made(plan, step)
    return trials.gain(plan) if trials.able(plan) else Gain(0.0, {})
