"""What may be observed, and where it stands among the stars."""

from dataclasses import dataclass
from typing import assert_never

import erfa
import numpy as np

from obsy.engine.sky.arrays import Floats
from obsy.engine.sky.earth import Earth, earth_on
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.location import Location
from obsy.engine.sky.orbit import Orbit
from obsy.engine.sky.solar_system import SolarSystemBody

J2000_MJD = 51544.5
JULIAN_YEAR_D = 365.25
LIGHT_DAY_AU = 86400.0 / erfa.AULT
_MAS_PER_DEGREE = 3.6e6
_LIGHT_TIME_ROUNDS = 3


@dataclass(frozen=True)
class Fixed:
    """A star or a galaxy: ICRS at epoch J2000, with its proper motion (that in right ascension times cos dec)."""

    ra_deg: float
    dec_deg: float
    pm_ra_mas_yr: float = 0.0
    pm_dec_mas_yr: float = 0.0


Body = Fixed | Orbit | SolarSystemBody


def coordinates(body: Body, grid: Grid, place: Location) -> tuple[Floats, Floats]:
    """Right ascension and declination in degrees at each instant: astrometric ICRS, seen from `place`."""
    earth = earth_on(grid, place)
    if isinstance(body, Fixed):
        return moved(body, earth.tt_mjd)
    return direction(_from_observer(body, earth))


def direction(vectors: Floats) -> tuple[Floats, Floats]:
    """Right ascension (0 to 360) and declination, degrees, of vectors (..., 3)."""
    ra, dec = erfa.c2s(vectors)
    return np.degrees(ra) % 360.0, np.degrees(dec)


def moved(star: Fixed, tt_mjd: Floats) -> tuple[Floats, Floats]:
    """Where a star stands at each time, degrees ICRS; (times,).

    Source: ESA, The Hipparcos Catalogue (1997), vol. 1, eq. 1.2.16, without parallax and radial velocity.
    """
    ra, dec = np.radians((star.ra_deg, star.dec_deg))
    pole = np.array([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])
    east = np.array([-np.sin(ra), np.cos(ra), 0.0])
    north = np.cross(pole, east)
    motion = np.radians((star.pm_ra_mas_yr * east + star.pm_dec_mas_yr * north) / _MAS_PER_DEGREE)
    years = (tt_mjd - J2000_MJD) / JULIAN_YEAR_D
    return direction(pole + years[:, None] * motion)


def _from_observer(body: Orbit | SolarSystemBody, earth: Earth) -> Floats:
    """From the observer to where the body was when the light left it, au; (times, 3)."""
    delay_d = np.zeros_like(earth.tt_mjd)
    for _ in range(_LIGHT_TIME_ROUNDS):
        vectors = _barycentric(body, earth, delay_d) - earth.observer
        delay_d = np.linalg.norm(vectors, axis=-1) / LIGHT_DAY_AU
    return np.asarray(vectors)


def _barycentric(body: Orbit | SolarSystemBody, earth: Earth, delay_d: Floats) -> Floats:
    match body:
        case Orbit():
            return np.asarray(earth.sun + body.heliocentric(earth.tt_mjd - delay_d))
        case SolarSystemBody():
            return body.barycentric(earth, delay_d)
        case _:
            assert_never(body)
