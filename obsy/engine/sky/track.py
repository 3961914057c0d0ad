"""All that a constraint may ask about one target on one grid."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from itertools import chain
from typing import Any

import numpy as np

from obsy.engine.sky.air import airmass
from obsy.engine.sky.grid import Floats, Grid
from obsy.engine.sky.knots import FEWEST, between


@dataclass(frozen=True, eq=False)
class Track:
    """One target as it is seen at each instant; every array is (times,), altitudes are without refraction."""

    grid: Grid
    ra_deg: Floats
    dec_deg: Floats
    altitude_deg: Floats
    azimuth_deg: Floats
    hour_angle_h: Floats
    sun_altitude_deg: Floats
    moon_altitude_deg: Floats
    moon_separation_deg: Floats
    moon_illuminated_percent: Floats
    longitude_deg: float = 0.0
    """Of the observer, east positive: a night lasts from noon to noon there."""
    phases: Mapping[str, Floats] = field(default_factory=dict)
    """By event of the target: from 0 to below 1; (times,)."""

    @property
    def airmass(self) -> Floats:
        """Through how much air the target is seen; infinite below the horizon."""
        return airmass(self.altitude_deg)

    @classmethod
    def partly(cls, grid: Grid, **known: Floats) -> "Track":
        """Return a track of which the rest is not known: nan."""
        names = (each.name for each in fields(cls) if each.default is MISSING and each.default_factory is MISSING)
        nothing = np.broadcast_to(np.nan, next(iter(known.values())).shape)
        arrays: dict[str, Any] = {name: known.get(name, nothing) for name in names if name != "grid"}
        return cls(grid, **arrays)

    def closer(self, first: int, parts: int) -> "Track":
        """Return what lies between the instant `first` and the next, in so many parts, both ends included.

        Directions are joined as vectors and heights by their sines, which bend evenly where angles do not, as at the
        zenith: a minute to 0.001 arcsec.
        """
        begin = max(0, min(first + 1 - FEWEST // 2, self.grid.count - FEWEST))
        rows, step_s = slice(begin, begin + FEWEST), self.grid.step_s
        grid = Grid(self.grid.at(first), step_s / parts, parts + 1)
        joined = between(self._joinable(rows), step_s, (first - begin) * step_s + grid.seconds).T
        x, y, z, u, v, w, cos_hour, sin_hour, sun, moon, apart, lit, *turns = joined
        return Track(
            grid,
            ra_deg=np.degrees(np.arctan2(v, u)) % 360.0,
            dec_deg=np.degrees(np.arctan2(w, np.hypot(u, v))),
            altitude_deg=np.degrees(np.arctan2(z, np.hypot(x, y))),
            azimuth_deg=np.degrees(np.arctan2(y, x)) % 360.0,
            hour_angle_h=np.arctan2(sin_hour, cos_hour) * 12 / np.pi,
            sun_altitude_deg=_arc(sun),
            moon_altitude_deg=_arc(moon),
            moon_separation_deg=90.0 - _arc(apart),
            moon_illuminated_percent=lit,
            longitude_deg=self.longitude_deg,
            phases={
                name: np.arctan2(sine, cosine) / (2 * np.pi) % 1.0
                for name, cosine, sine in zip(self.phases, turns[::2], turns[1::2], strict=True)
            },
        )

    def _joinable(self, rows: slice) -> Floats:
        """What may be joined by polynomials at some of the instants; (times, columns)."""
        heights = (self.sun_altitude_deg, self.moon_altitude_deg, 90.0 - self.moon_separation_deg)
        turns = (_vector(360.0 * phase[rows])[:2] for phase in self.phases.values())
        columns = [
            *_vector(self.azimuth_deg[rows], self.altitude_deg[rows]),
            *_vector(self.ra_deg[rows], self.dec_deg[rows]),
            *_vector(15.0 * self.hour_angle_h[rows])[:2],
            *(np.sin(np.radians(height[rows])) for height in heights),
            self.moon_illuminated_percent[rows],
            *chain.from_iterable(turns),
        ]
        return np.stack(columns, axis=1)


def _vector(along_deg: Floats, up_deg: Floats | float = 0.0) -> tuple[Floats, Floats, Floats]:
    along, up = np.radians(along_deg), np.radians(up_deg)
    return np.cos(up) * np.cos(along), np.cos(up) * np.sin(along), np.sin(up) + 0.0 * along


def _arc(sine: Floats) -> Floats:
    return np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0)))
