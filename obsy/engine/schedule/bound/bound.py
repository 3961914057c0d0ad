"""What no schedule of a night is worth more than, from prices of frames: a Lagrangian relaxation, set-ups and all.

A night is what its mounts visit and what its goals come on by, and both speak of the same frames. Where a frame of each
candidate has a price that the mounts pay and the goals are paid, the two may differ, and each has its best by itself:
`path.py` for a mount, `stakes.py` for the goals. Whatever the prices, no night is worth more than the two together, for
in it they do not differ, and so the prices cancel. The prices that make the sum small come from mixtures of the paths
that were found (`mixture.py`), drawn towards the best prices so far, since those of few paths are wild.

Sources: Geoffrion, Mathematical Programming Study 2 (1974) 82; Wentges, International Transactions in Operational
Research 4 (1997) 151, for the drawing.
"""

from collections.abc import Sequence

import numpy as np

from obsy.engine.schedule.bound.mixture import Column, Mixing
from obsy.engine.schedule.bound.path import Paths
from obsy.engine.schedule.bound.stakes import Stakes, caps_of, stakes_of
from obsy.engine.schedule.bound.visits import visits_of
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.request import Candidate
from obsy.engine.sky.grid import Floats
from obsy.schemas.value import Value

ROUNDS, FEWEST = 40, 5
"""At most, and at least."""
STEPS = 12_000
"""Of dynamic programmes, in all rounds together: a second or two."""
MANY = 150
"""Above so many candidates there is no such bound: it would take too long, and hundreds of megabytes."""
NEWEST = 0.3
"""The part that the newest mixture has in the prices that are tried."""
ENOUGH = 1e-3
"""Of the bound: so much more could be gained by other prices at most."""
ROUNDING = 1e-9


def at_most_with_setups(candidates: Sequence[Candidate], timelines: Sequence[Timeline], weights: Value) -> float:
    """Return a bound on what the blocks of a night are worth; infinity where it would take too long."""
    asked = [each for each in candidates if each.refused is None and each.request.count]
    if len(asked) > MANY:
        return float("inf")
    caps = caps_of(asked, timelines)
    stakes = stakes_of(asked, caps, weights)
    visits = [visits_of(each, asked, caps, weights) for each in timelines]
    mounts = [Paths(each) for each in visits if each.rate.size]
    if not mounts:
        return stakes.best(np.zeros(len(asked)))
    mixing = Mixing(stakes, len(asked), len(mounts))
    free = np.array([each.fixed is None for each in asked], np.float64)  # what has a time of its own has no price
    prices, least = _first(stakes, len(asked)), np.inf
    tried = prices
    for _ in range(max(FEWEST, min(ROUNDS, STEPS // sum(each.steps for each in mounts)))):
        paths = [each.best(tried) for each in mounts]
        found = stakes.best(tried) + sum(each.value for each in paths)
        if found < least:
            prices, least = tried, found
        pay = (float(each.value + tried @ each.frames) for each in paths)
        mixing.add(
            [Column(n, value, each.frames * free) for n, (value, each) in enumerate(zip(pay, paths, strict=True))]
        )
        mixture = mixing.mixture()
        if least - mixture.value - stakes.surely <= ENOUGH * least:
            break
        tried = (1 - NEWEST) * prices + NEWEST * mixture.prices * free
    return float(least) * (1 + ROUNDING)


def _first(stakes: Stakes, many: int) -> Floats:
    """Return prices at which a picture that is finished adds nothing beside them."""
    prices = np.zeros(many)
    for each in stakes.pictures:
        frames = float(each.counts.sum())
        prices[each.numbers] = -each.finished / each.counts - each.whole * each.lag / frames
    return prices
