"""Two changes of a plan at once, where no one alone gets it time."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import combinations

from obsy.engine.runtime.why.changes import Ladder
from obsy.engine.runtime.why.halving import Halved, smallest
from obsy.engine.runtime.why.remedies import Remedy
from obsy.engine.runtime.why.trials import Gain, Trials
from obsy.schemas.plan import Plan

Steps = tuple[int, int]


class _Pair:
    """Two sorts of change at once."""

    def __init__(self, plan: Plan, first: Ladder, second: Ladder, trials: Trials) -> None:
        self.both = first, second
        self._plan, self._trials = plan, trials
        self._last = len(first.values) - 1, len(second.values) - 1

    def _made(self, one: int, other: int) -> Plan:
        return self.both[1].made(self.both[0].made(self._plan, one), other)

    def gain(self, one: int, other: int) -> Gain | None:
        return self._trials.gain(self._made(one, other)) if self._likely(one, other) else Gain(0.0, {})

    def _likely(self, one: int, other: int) -> bool:
        return self._trials.likely(self._made(one, other))

    def _able(self, one: int, other: int) -> bool:
        return self._trials.able(self._made(one, other))

    def start(self) -> Steps | None:
        """Return the fewest steps of both with which a goal could be had at all; None if never."""
        (last, other), best = self._last, None
        if min(self._last) < 0 or not self._able(*self._last):
            return None
        for one in range(bisect_left(range(last), True, key=lambda step: self._able(step, self._last[1])), last + 1):
            if best is not None and one >= sum(best):
                break
            while other > 0 and self._able(one, other - 1):
                other -= 1
            best = min(best or (one, other), (one, other), key=sum)
        return best

    def beyond(self, start: Steps) -> Remedy | None:
        """Return two larger changes that get time, of which neither can be less by what was tried."""
        most = max(last - first for first, last in zip(start, self._last, strict=True))

        def at(step: int) -> Steps:
            one, other = (
                first + round(step / most * (last - first)) for first, last in zip(start, self._last, strict=True)
            )
            return one, other

        if (found := self._smallest(range(1, most + 1), at)) is None:
            return None
        (one, other), gain = at(found.step), found.gain
        if less := self._smallest(range(start[0], one + 1), lambda step: (step, other)):
            one, gain = less.step, less.gain
        if less := self._smallest(range(start[1], other + 1), lambda step: (one, step)):
            other, gain = less.step, less.gain
        return self.remedy((one, other), gain, surely=False)

    def _smallest(self, steps: range, at: Callable[[int], Steps]) -> Halved | None:
        trials = self._trials
        if not steps:
            return None
        return smallest(
            steps,
            lambda step: trials.likely(self._made(*at(step))),
            lambda step: trials.gain(self._made(*at(step))),
            from_top=True,
        )

    def remedy(self, steps: Steps, gain: Gain, *, surely: bool) -> Remedy:
        changes = tuple(ladder.change(step) for ladder, step in zip(self.both, steps, strict=True))
        return Remedy(changes, gain.gained_s, gain.costs, surely)


def double(plan: Plan, ladders: Sequence[Ladder], trials: Trials) -> Remedy | None:
    """Return the two changes that together are smallest in steps and get time, where no one alone does."""
    pairs = (_Pair(plan, first, second, trials) for first, second in combinations(ladders, 2))
    able = [(start, pair) for pair in pairs if pair.both[0].key != pair.both[1].key and (start := pair.start())]
    able.sort(key=lambda each: sum(each[0]))
    for number, (start, pair) in enumerate(able):
        if (gain := pair.gain(*start)) is not None and gain.gained_s > 0:
            return pair.remedy(start, gain, surely=not number)
    return next((found for start, pair in able if (found := pair.beyond(start)) is not None), None)
