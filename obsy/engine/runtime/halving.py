"""The smallest of ever larger changes that does, by few tries."""

from collections.abc import Callable
from typing import NamedTuple

from obsy.engine.runtime.trials import Gain

NEIGHBOURS = 2
"""So many smaller steps that halving left out are tried after it."""


class Halved(NamedTuple):
    """What was found."""

    step: int
    gain: Gain
    surely: bool
    """Whether each smaller step was tried."""


def smallest(steps: range, gain: Callable[[int], Gain | None], *, from_top: bool = False) -> Halved | None:
    """Return the first of ever larger steps that gains something, by halving; None if not even the last does.

    Where more room costs some time, by another order of the blocks, halving may miss a smaller step: the next ones
    below are tried too. from_top: whether the first is not more likely than others to do.
    """
    tried: dict[int, Gain | None] = {}

    def gains(step: int) -> bool:
        found = tried[step] = tried[step] if step in tried else gain(step)
        return found is not None and found.gained_s > 0

    ends = steps[-1:] if from_top else (*steps[:1], *steps[-1:])
    enough = next((step for step in ends if gains(step)), None)
    if enough is None:
        return None
    low = steps[0]
    while low < enough:
        middle = (low + enough) // 2
        low, enough = (low, middle) if gains(middle) else (middle + 1, enough)
    for _ in range(NEIGHBOURS):
        beside = [step for step in range(steps[0], enough) if step not in tried]
        enough = beside[-1] if beside and gains(beside[-1]) else enough
    best = tried[enough]
    assert best is not None  # noqa: S101
    return Halved(enough, best, all(tried.get(step) is not None for step in range(steps[0], enough)))
