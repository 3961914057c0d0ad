"""How far values scatter, as their median tells it: a few absurd ones do not change it."""

import numpy as np
from numpy.typing import ArrayLike

SIGMA_PER_MAD = 1.482602218505602
"""Standard deviation over median absolute deviation of a normal distribution."""


def mad_std(values: ArrayLike, about: ArrayLike | None = None) -> float:
    """Return one standard deviation of values, of a normal distribution with their median distance; 0 of none.

    about: from what the distance is counted; their median if left out.
    Source: P. J. Rousseeuw and C. Croux 1993, J. Am. Stat. Assoc. 88, 1273.
    """
    given = np.asarray(values, float)
    if not given.size:
        return 0.0
    return SIGMA_PER_MAD * float(np.median(np.abs(given - (np.median(given) if about is None else about))))
