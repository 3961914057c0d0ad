"""The skyline as it was measured."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike

from obsy.engine.sky.grid import Floats, Mask
from obsy.schemas.constraints.constraint import TargetSeen

Point = tuple[float, float]
"""(azimuth, altitude) in degrees."""


@dataclass(frozen=True)
class Skyline:
    """Points by growing azimuth, the floor and what hangs over it; straight between them, closed round the circle."""

    rests_on: ClassVar = "place"
    points: tuple[Point, ...]
    """The lowest free altitude."""
    ceiling: tuple[Point, ...] = ()
    """The highest free altitude; none where the sky is open up to the zenith."""

    @classmethod
    def through(cls, points: Iterable[Point], ceiling: Iterable[Point] = ()) -> Self:
        """The skyline through points in any order and any turn of azimuth.

        Raises ValueError if there is no point, or two at one azimuth.
        """
        floor = _ordered(points)
        if not floor:
            raise ValueError("a skyline needs at least one point")
        return cls(floor, _ordered(ceiling))

    def altitude_deg(self, azimuth_deg: ArrayLike) -> Floats:
        """The lowest free altitude at each azimuth."""
        return _along(self.points, azimuth_deg)

    def ceiling_deg(self, azimuth_deg: ArrayLike) -> Floats:
        """The highest free altitude at each azimuth."""
        return _along(self.ceiling or ((0.0, 90.0),), azimuth_deg)

    def room_deg(self, altitude_deg: ArrayLike, azimuth_deg: ArrayLike) -> Floats:
        """How far something stands inside the nearer of floor and ceiling, negative where it is hidden."""
        altitude = np.asarray(altitude_deg)
        above = altitude - self.altitude_deg(azimuth_deg)
        return np.minimum(above, self.ceiling_deg(azimuth_deg) - altitude) if self.ceiling else above

    def clears(self, altitude_deg: ArrayLike, azimuth_deg: ArrayLike) -> Mask:
        """Where something stands free of the skyline."""
        return np.asarray(self.room_deg(altitude_deg, azimuth_deg) >= 0)

    def margin(self, seen: TargetSeen) -> Floats:
        """How far a target stands above the floor, or below the ceiling where that is nearer, degrees."""
        return self.room_deg(seen.altitude_deg, seen.azimuth_deg)

    def unit(self, _seen: TargetSeen, _at: int) -> str:
        """The unit of its margin."""
        return "deg"

    def reason(self) -> str:
        """Why it refuses, in words that follow 'because'."""
        return "it is not free of the measured horizon"

    def edge(self, seen: TargetSeen, inside: int, outside: int) -> str:
        """What happens there, in words that follow 'when'."""
        over = seen.altitude_deg[outside] > self.ceiling_deg(seen.azimuth_deg[outside])
        if outside > inside:
            return "it goes behind the ceiling" if over else "it goes behind the horizon"
        return "it comes out below the ceiling" if over else "it comes out over the horizon"


def _ordered(points: Iterable[Point]) -> tuple[Point, ...]:
    found = tuple(sorted((azimuth % 360.0, altitude) for azimuth, altitude in points))
    if len({azimuth for azimuth, _ in found}) < len(found):
        raise ValueError("a skyline has two altitudes at one azimuth")
    return found


def _along(points: Sequence[Point], azimuth_deg: ArrayLike) -> Floats:
    azimuths, altitudes = np.array(points).T
    return np.asarray(np.interp(np.asarray(azimuth_deg) % 360.0, azimuths, altitudes, period=360.0))
