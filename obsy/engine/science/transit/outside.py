"""Which points lie outside of the transit that is expected: they alone may choose how light is measured."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from obsy.engine.science.transit.model import Floats
from obsy.engine.science.transit.planet import KnownPlanet

Mask = NDArray[np.bool_]
Outside = Callable[[Floats], Mask]
"""Tells of times (BJD_TDB, days) which lie outside."""
SURE = 3.0
"""Errors of the ephemeris by which a transit may come early or late, and still counts as expected."""


def outside_of(planet: KnownPlanet) -> Outside:
    """Return what tells of the middles of exposures which lie outside of the planet's transits."""
    known = planet.ephemeris

    def outside(bjd_tdb: Floats) -> Mask:
        apart = np.abs((bjd_tdb - known.epoch_jd + known.period_d / 2) % known.period_d - known.period_d / 2)
        late = np.array([known.error_d(float(when)) for when in bjd_tdb])
        return np.asarray(apart > known.duration_h / 48 + SURE * late)

    return outside
