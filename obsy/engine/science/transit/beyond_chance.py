"""Whether one of two light curves of the same frames scatters less by more than chance."""

import numpy as np

from obsy.engine.science.transit.model import Floats

SURE = 1.645
"""Errors by which the gain has to be more than nothing: of two that scatter alike one passes by chance in 1 of 20."""
_FEWEST = 10
"""Pairs of neighbours, of fewer of which nothing is told."""
_SHARED = 1.5
"""Neighbours in time share a point, so that so many pairs are worth one that shares none: of differences of white noise
the correlation to the next is -1/2, and the sum over all lags of its square 1.5. Source: Bartlett 1946."""


def scatters_less(flux: Floats, other: Floats) -> bool:
    """Return whether the other curve scatters less, by more than chance.

    flux, other: (frames,) in order of time, NaN where a point does not count. Both hold the same photons, so that their
    scatters err together and the error of each says nothing of which is less. But if they scatter alike, sum and
    difference of what neighbours differ by do not go together, however alike the curves are; by ranks, so that what
    hits one frame does not decide. Sources: Pitman 1939 and Morgan 1939, Biometrika 31; by ranks, McCulloch 1987.
    """
    steps, others = (np.diff(each / np.nanmedian(each)) for each in (flux, other))
    seen = np.isfinite(steps) & np.isfinite(others)
    if seen.sum() < _FEWEST:
        return False
    total, apart = (np.argsort(np.argsort(each[seen])) for each in (steps + others, steps - others))
    together = min(float(np.corrcoef(total, apart)[0, 1]), 1 - 1e-9)
    sure = np.arctanh(together) * np.sqrt(seen.sum() / _SHARED - 3)
    return bool(sure > SURE)
