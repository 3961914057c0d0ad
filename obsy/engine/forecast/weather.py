"""Which nights to come are clear: a chain of clear and clouded nights, drawn by a seed."""

from collections.abc import Iterable
from datetime import date

import numpy as np

from obsy.engine.forecast.climate import Climate
from obsy.engine.sky.grid import Mask

_KEY = 0x0B5C


def clear_nights(of: Climate, days: Iterable[date], draws: int, seed: int) -> Mask:
    """Return which nights are clear; (nights, draws).

    The numbers of a night depend on the seed, the night and the draw alone: more nights or draws change none of them.
    """
    found: list[Mask] = []
    for day in days:
        lots = np.random.Generator(np.random.Philox(key=[seed, _KEY + day.toordinal()])).random(draws)
        before = of.clear if not found else np.where(found[-1], 1.0, 0.0)
        found.append(lots < of.clear + of.persistence * (before - of.clear))
    return np.array(found).reshape(len(found), draws)
