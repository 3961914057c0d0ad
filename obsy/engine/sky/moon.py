"""The Moon in the sky of a place, and how bright it is."""

from dataclasses import dataclass
from functools import lru_cache

import erfa
import numpy as np
from numpy.typing import ArrayLike

from obsy.engine.sky.body import TheSun, coordinates, from_earth
from obsy.engine.sky.earth import horizontal
from obsy.engine.sky.grid import Floats, Grid
from obsy.engine.sky.knots import FEWEST, between
from obsy.schemas.site import Location
from obsy.schemas.target import Planet

MOON = Planet(body="moon")
_PHASE_STEP_S = 7200.0


@dataclass(frozen=True, eq=False)
class MoonInSky:
    """The Moon at each instant, seen from the place; arrays (times,)."""

    ra_deg: Floats
    dec_deg: Floats
    altitude_deg: Floats
    illuminated_percent: Floats

    def separation_deg(self, ra_deg: ArrayLike, dec_deg: ArrayLike) -> Floats:
        """The angle between the Moon and places in the sky; shapes as for `horizontal`."""
        apart = erfa.seps(*np.radians((self.ra_deg, self.dec_deg)), np.radians(ra_deg), np.radians(dec_deg))
        return np.asarray(np.degrees(apart))


@lru_cache(maxsize=32)
def moon(grid: Grid, place: Location) -> MoonInSky:
    """The Moon at each instant of a grid."""
    ra, dec = coordinates(MOON, grid, place)
    return MoonInSky(ra, dec, horizontal(ra, dec, grid, place).altitude_deg, illuminated_percent(grid))


@lru_cache(maxsize=32)
def illuminated_percent(grid: Grid) -> Floats:
    """The share of the disc that is lit, seen from the Earth's centre; (times,).

    Every two hours, and between them to 1e-5 %.
    """
    step = max(_PHASE_STEP_S, grid.step_s)
    knots = Grid(grid.start, step, max(FEWEST, Grid.over(grid.start, grid.end, step).count))
    return between(lit_percent(from_earth(TheSun(), knots), from_earth(MOON, knots)), step, grid.seconds)


def lit_percent(sun: Floats, moon: Floats) -> Floats:
    """Return the lit share of the Moon's disc; both (times, 3), seen from the Earth's centre, in one unit.

    Source: Meeus, Astronomical Algorithms, ch. 48. Ours, since astroplan.moon_illumination knows the Moon of astropy's
    series alone.
    """
    back = moon - sun
    cosine = np.einsum("tk,tk->t", moon, back) / np.linalg.norm(moon, axis=1) / np.linalg.norm(back, axis=1)
    return np.asarray(50.0 * (1.0 + cosine))
