"""What may be observed, and where it stands among the stars."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial

import erfa
import numpy as np

from obsy.engine.sky.earth import Horizontal, astrom_on, equatorial, horizontal
from obsy.engine.sky.ephemeris import barycentric_au
from obsy.engine.sky.grid import Floats, Grid
from obsy.engine.sky.instants import ClockTimes, any_date, instants
from obsy.engine.sky.knots import FEWEST, between
from obsy.engine.sky.orbit import Orbit
from obsy.engine.sky.pull import pulled_au
from obsy.engine.sky.satellite import over
from obsy.schemas.site import Location
from obsy.schemas.target import OverGround, Planet, Satellite

J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
_KNOT_S = 900.0
_MOON_RADIUS_AU = 1737.4e3 / erfa.DAU
_LIGHT_TIME_ROUNDS = 2
"""What the second leaves is (v/c)² of the distance: 0.005 arcsec for Mercury, less for all others."""
_LIGHT_DAY_AU = erfa.DAYSEC * erfa.CMPS / erfa.DAU


@dataclass(frozen=True)
class Fixed:
    """A star or a galaxy: ICRS at J2000.0, degrees, seen from the barycentre, and how it moves."""

    ra_deg: float
    dec_deg: float
    east_mas: float = 0.0
    """Proper motion a year: in right ascension times cos dec, and in declination."""
    north_mas: float = 0.0
    parallax_mas: float = 0.0

    def on(self, when: datetime) -> tuple[float, float]:
        """Return right ascension and declination, degrees, seen from the Earth at a moment (aware).

        Source: the space motion without its radial part, Explanatory Supplement (2013), eq. 7.37, as in ERFA's pmpx.
        """
        if not (self.east_mas or self.north_mas or self.parallax_mas):
            return self.ra_deg, self.dec_deg
        years = (when - J2000).total_seconds() / (365.25 * 86400)
        (sin_ra, sin_dec), (cos_ra, cos_dec) = (
            turn(np.radians((self.ra_deg, self.dec_deg))) for turn in (np.sin, np.cos)
        )
        east, north = np.array((-sin_ra, cos_ra, 0.0)), np.array((-sin_dec * cos_ra, -sin_dec * sin_ra, cos_dec))
        moved = np.array((cos_dec * cos_ra, cos_dec * sin_ra, sin_dec))
        moved += np.radians(years / 3.6e6) * (self.east_mas * east + self.north_mas * north)
        if self.parallax_mas:
            moved -= np.radians(self.parallax_mas / 3.6e6) * _earth_au(when)
        x, y, z = moved
        return float(np.degrees(np.arctan2(y, x)) % 360.0), float(np.degrees(np.arctan2(z, np.hypot(x, y))))


@dataclass(frozen=True)
class TheSun:
    """The Sun, which no plan points at."""


Body = Fixed | Orbit | Planet | TheSun | OverGround | Satellite
_Barycentric = Callable[[Floats], Floats]
"""From the barycentre to a body at each time (TDB, modified Julian dates), au along the ICRS axes; (times, 3)."""


def coordinates(body: Body, grid: Grid, place: Location) -> tuple[Floats, Floats]:
    """Right ascension and declination in degrees at each instant: astrometric ICRS, seen from `place`."""
    if isinstance(body, Fixed):
        ra_deg, dec_deg = body.on(grid.start)
        return np.broadcast_to(ra_deg, grid.count), np.broadcast_to(dec_deg, grid.count)
    if isinstance(body, OverGround):
        return equatorial(np.full(grid.count, body.altitude), body.azimuth, grid, place)
    if isinstance(body, Satellite):
        return equatorial(*over(body, grid, place), grid, place)
    x, y, z = _vectors(body, grid, place).T
    return np.degrees(np.arctan2(y, x)) % 360.0, np.degrees(np.arctan2(z, np.hypot(x, y)))


@lru_cache(maxsize=32)
def _earth_au(when: datetime) -> Floats:
    """Where the Earth is; (3,)."""
    with any_date():
        return np.asarray(barycentric_au("earth", ClockTimes.at([when]).tdb.mjd)[0])


def from_earth(body: Orbit | Planet | TheSun, grid: Grid) -> Floats:
    """From the Earth's centre to where the body was when its light left, au along the ICRS axes; (times, 3)."""
    with any_date():
        when = instants(grid).tdb.mjd
        return _astrometric(_barycentric(body), when, barycentric_au("earth", when))


def radius_deg(body: Body, grid: Grid, place: Location) -> Floats:
    """Half the width of its disc at each instant, seen from `place`; (times,), 0 of all but the Sun and the Moon.

    Source: USNO, which gives the Sun 16 arcmin the year round; the Moon's radius, 1737.4 km, IAU 2015.
    """
    if isinstance(body, TheSun):
        return np.full(grid.count, 16 / 60)
    if not isinstance(body, Planet) or body.body != "moon":
        return np.zeros(grid.count)
    distance_au = np.linalg.norm(_vectors(body, grid, place), axis=-1)
    return np.asarray(np.degrees(np.arcsin(_MOON_RADIUS_AU / distance_au)))


@lru_cache(maxsize=32)
def sun(grid: Grid, place: Location) -> Horizontal:
    """Return where the centre of the Sun stands at each instant, without refraction."""
    return horizontal(*coordinates(TheSun(), grid, place), grid, place)


@lru_cache(maxsize=32)
def _vectors(body: Orbit | Planet | TheSun, grid: Grid, place: Location) -> Floats:
    """Every target asks for the Moon, and each time for the same one; (times, 3)."""
    return _moving(_barycentric(body), grid, place)


def _barycentric(body: Orbit | Planet | TheSun) -> _Barycentric:
    if isinstance(body, Orbit):
        return partial(_orbiting, body)
    return partial(barycentric_au, "sun" if isinstance(body, TheSun) else body.body)


def _orbiting(orbit: Orbit, mjd: Floats) -> Floats:
    return barycentric_au("sun", mjd) + orbit.heliocentric(mjd) + pulled_au(orbit, mjd)


def _moving(barycentric: _Barycentric, grid: Grid, place: Location) -> Floats:
    """Where the body was when the light left it, au along the ICRS axes; (times, 3).

    Worked out at knots, and between them to 0.03 arcsec.

    Ours, since astropy's get_body, which has no knots, takes 15 times as long over a night: python -m bench libraries.
    """
    step = max(_KNOT_S, grid.step_s)
    knots = Grid(grid.start, step, max(FEWEST, Grid.over(grid.start, grid.end, step).count))
    with any_date():
        vectors = _astrometric(barycentric, instants(knots).tdb.mjd, astrom_on(knots, place)["eb"])
    return between(vectors, step, grid.seconds)


def _astrometric(barycentric: _Barycentric, mjd: Floats, observer: Floats) -> Floats:
    """From an observer to where the body was when the light left it, (times, 3)."""
    vectors = barycentric(mjd) - observer
    for _ in range(_LIGHT_TIME_ROUNDS - 1):
        vectors = barycentric(mjd - np.linalg.norm(vectors, axis=-1) / _LIGHT_DAY_AU) - observer
    return vectors
