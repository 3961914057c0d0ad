"""The widest changes of a plan, planned where none that is likely to does: before it is said that nothing helps."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import partial
from itertools import combinations

from obsy.engine.runtime.changes import Ladder
from obsy.engine.runtime.remedies import Remedy
from obsy.engine.runtime.trials import Gain, Trials
from obsy.schemas.plan import Plan


def unlikely(plan: Plan, ladders: Sequence[Ladder], trials: Trials) -> Remedy | None:
    """Return one change, or two, that get time though they did not seem to; each is then halved as far as it goes."""
    some = [each for each in ladders if each.values]
    pairs = (both for both in combinations(some, 2) if both[0].key != both[1].key)
    for changed in (*((each,) for each in some), *pairs):
        steps = [len(each.values) - 1 for each in changed]
        gain = _gain(plan, changed, steps, trials)
        if gain is not None and gain.gained_s > 0:
            return _less(plan, changed, steps, trials, gain)
    return None


def _less(plan: Plan, changed: Sequence[Ladder], steps: list[int], trials: Trials, gain: Gain) -> Remedy:
    """Return changes that are no larger than these, one after the other made as small as the proofs allow."""

    def gets(at: int, step: int) -> bool:
        nonlocal gain
        found = _gain(plan, changed, [*steps[:at], step, *steps[at + 1 :]], trials)
        if found is None or found.gained_s <= 0:
            return False
        gain = found  # of all that get time, the halving ends at the one that it asked last
        return True

    for at, step in enumerate(steps):
        steps[at] = bisect_left(range(step), True, key=partial(gets, at))
    changes = tuple(each.change(step) for each, step in zip(changed, steps, strict=True))
    return Remedy(changes, gain.gained_s, gain.costs, smallest=False)


def _gain(plan: Plan, changed: Sequence[Ladder], steps: Sequence[int], trials: Trials) -> Gain | None:
    for ladder, step in zip(changed, steps, strict=True):
        plan = ladder.made(plan, step)
    return trials.gain(plan) if trials.able(plan) else Gain(0.0, {})
