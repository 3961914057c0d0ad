"""The smallest of ever larger changes that does, by few tries."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from obsy.engine.runtime.why.trials import Gain

NEIGHBOURS = 2
"""So many smaller steps, no more, are proven to do nothing after a larger one was proven to do."""
AWAY = 2
"""Where what is likely gains nothing, but the last step does, one that much larger is asked."""
Likely = Callable[[int], bool]
"""Whether a step seems to gain something: a tenth of the work of proving it."""
Proven = Callable[[int], Gain | None]
"""What a step gains; None if enough was proven."""


class Halved(NamedTuple):
    """What was found."""

    step: int
    gain: Gain
    surely: bool
    """Whether each smaller step was proven to do nothing."""


def smallest(steps: range, likely: Likely, proven: Proven, *, from_top: bool = False) -> Halved | None:
    """Return the first of ever larger steps that gains something; None if not even the last seems to.

    It is looked for by halving among what is likely, and proven; where the proof fails, larger ones are asked.
    from_top: whether the first is no more likely than others to do; else it is proven before all others.
    """
    gains: dict[int, Gain | None] = {}

    def does(step: int) -> bool:
        found = gains[step] = proven(step)
        return found is not None and found.gained_s > 0

    enough = next(filter(does, _asked(steps, likely, from_top=from_top)), None)
    if enough is None and gains and max(gains) < steps[-1] and likely(steps[-1]):
        enough = _larger(steps, max(gains), does)
    if enough is None:
        return None
    if enough - steps[0] <= NEIGHBOURS:
        enough = next((step for step in range(steps[0], enough) if step not in gains and does(step)), enough)
    best = gains[enough]
    assert best is not None  # noqa: S101
    return Halved(enough, best, all(gains.get(step) is not None for step in range(steps[0], enough)))


def foreseen(steps: range, likely: Likely, *, from_top: bool = False) -> list[int]:
    """Return what `smallest` proves first, and what it may prove next: smaller steps if that does, the last if not."""
    first = next(_asked(steps, likely, from_top=from_top), None)
    if first is None:
        return []
    smaller = range(steps[0], first) if first - steps[0] <= NEIGHBOURS else range(0)
    return [first, *smaller, *([steps[-1]] if first < steps[-1] else [])]


def _asked(steps: range, likely: Likely, *, from_top: bool) -> Iterator[int]:
    """Yield what is to be proven, until one does: the first, and the first of all that are likely."""
    if steps and not from_top:
        yield steps[0]
    if not steps or not likely(steps[-1]):
        return
    low, enough = steps[0] + (not from_top), steps[-1]
    while low < enough:
        middle = (low + enough) // 2
        low, enough = (low, middle) if likely(middle) else (middle + 1, enough)
    if enough in steps and (from_top or enough > steps[0]):
        yield enough


def _larger(steps: range, failed: int, does: Callable[[int], bool]) -> int | None:
    """Return a step beyond one that was proven to do nothing; where the last does nothing, none is believed to do."""
    last, near = steps[-1], failed + AWAY
    if not does(last):
        return None
    return near if near < last and does(near) else last
