"""The skyline as it was measured."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from obsy.engine.sky.grid import Floats, Mask


@dataclass(frozen=True)
class Skyline:
    """Points (azimuth, altitude) in degrees by growing azimuth; straight between them, closed round the circle."""

    points: tuple[tuple[float, float], ...]

    @classmethod
    def through(cls, points: Iterable[tuple[float, float]]) -> Self:
        """The skyline through points in any order and any turn of azimuth.

        Raises ValueError if there is no point, or two at one azimuth.
        """
        ordered = tuple(sorted((azimuth % 360.0, altitude) for azimuth, altitude in points))
        if not ordered:
            raise ValueError("a skyline needs at least one point")
        if len({azimuth for azimuth, _ in ordered}) < len(ordered):
            raise ValueError("a skyline has two altitudes at one azimuth")
        return cls(ordered)

    def altitude_deg(self, azimuth_deg: ArrayLike) -> Floats:
        """The lowest free altitude at each azimuth."""
        azimuths, altitudes = np.array(self.points).T
        return np.asarray(np.interp(np.asarray(azimuth_deg) % 360.0, azimuths, altitudes, period=360.0))

    def clears(self, altitude_deg: ArrayLike, azimuth_deg: ArrayLike) -> Mask:
        """Where something stands free of the skyline."""
        return np.asarray(np.asarray(altitude_deg) >= self.altitude_deg(azimuth_deg))
