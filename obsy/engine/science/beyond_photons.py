"""How much magnitudes scatter beyond what their photons explain: flats, haze, twinkling."""

from collections.abc import Callable

import numpy as np

from obsy.engine.mad_std import mad_std
from obsy.engine.science.same_stars import Floats

MOST_MAG, HALVINGS = 0.512, 10
"""Where the search ends, and how often it halves: to 0.0005 mag."""


def beyond_photons(residual: Floats, expected: Callable[[float], Floats]) -> float:
    """Return the error, mag, that each magnitude needs beside its photons', so that residuals are as large as expected.

    residual: any shape, NaN where there is none. expected: the standard deviation of each, if magnitudes scatter by so
    much beside; what is 0 or NaN says nothing. It is the median that is held to it, so that what a few are wrong by
    does not count. 0 where photons explain all.
    """
    away = np.abs(residual)

    def is_more(beside: float) -> bool:
        spread = expected(beside)
        says = np.isfinite(away) & (spread > 0)
        return mad_std(away[says] / spread[says], about=0.0) > 1

    if not is_more(0.0):
        return 0.0
    low, high = 0.0, MOST_MAG
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if is_more(middle) else (low, middle)
    return high
