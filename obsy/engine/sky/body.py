"""What may be observed, and where it stands among the stars."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord, get_body_barycentric
from astropy.time import Time
from scipy.interpolate import CubicSpline

from obsy.engine.sky.arrays import Floats
from obsy.engine.sky.earth import astrom_on
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.instants import any_date, instants
from obsy.engine.sky.location import Location
from obsy.engine.sky.orbit import Orbit
from obsy.engine.sky.solar_system import SolarSystemBody

_KNOT_S = 900.0
"""A cubic through directions so far apart errs by a milliarcsecond even for the Moon."""
_FEWEST_KNOTS = 4
_LIGHT_TIME_ROUNDS = 3
_LIGHT_DAY_AU = (1 * u.lightyear).to_value(u.au) / 365.25
_J2000, _FAR = Time("J2000"), 1 * u.pc


@dataclass(frozen=True)
class Fixed:
    """A star or a galaxy: ICRS at epoch J2000, with its proper motion (that in right ascension times cos dec)."""

    ra_deg: float
    dec_deg: float
    pm_ra_mas_yr: float = 0.0
    pm_dec_mas_yr: float = 0.0

    def at(self, time: Time) -> SkyCoord:
        """Return where it stands at a time."""
        if not (self.pm_ra_mas_yr or self.pm_dec_mas_yr):
            return SkyCoord(self.ra_deg, self.dec_deg, unit="deg")
        star = SkyCoord(
            self.ra_deg * u.deg,
            self.dec_deg * u.deg,
            pm_ra_cosdec=self.pm_ra_mas_yr * u.mas / u.yr,
            pm_dec=self.pm_dec_mas_yr * u.mas / u.yr,
            distance=_FAR,
            obstime=_J2000,
        )
        return star.apply_space_motion(new_obstime=time)


Body = Fixed | Orbit | SolarSystemBody
_Barycentric = Callable[[Time], Floats]
"""From the barycentre to a body at each time (TDB), au along the ICRS axes; (times, 3)."""


def coordinates(body: Body, grid: Grid, place: Location) -> tuple[Floats, Floats]:
    """Right ascension and declination in degrees at each instant: astrometric ICRS, seen from `place`."""
    if isinstance(body, Fixed):
        star = body.at(instants(grid)[grid.count // 2])
        return np.full(grid.count, float(star.ra.deg)), np.full(grid.count, float(star.dec.deg))
    if isinstance(body, Orbit):
        return _moving(lambda when: _solar_system("sun", when) + body.heliocentric(when.tdb.mjd), grid, place)
    return _moving(partial(_solar_system, body.name), grid, place)


def sun_coordinates(grid: Grid, place: Location) -> tuple[Floats, Floats]:
    """Right ascension and declination of the Sun, degrees, astrometric ICRS; (times,)."""
    return _moving(partial(_solar_system, "sun"), grid, place)


def _solar_system(name: str, when: Time) -> Floats:
    """Source: astropy's built-in ephemeris (ERFA: the Moon within 10 arcsec, planets within an arcminute)."""
    return np.asarray(get_body_barycentric(name, when, ephemeris="builtin").xyz.to_value(u.au).T)


def _moving(barycentric: _Barycentric, grid: Grid, place: Location) -> tuple[Floats, Floats]:
    """Where the body was when the light left it: worked out at knots, with cubics between them.

    Ours, since astropy's get_body, which has no knots, takes 19 times as long over a night: python -m bench libraries.
    """
    step = max(_KNOT_S, grid.step_s)
    knots = Grid(grid.start, step, max(_FEWEST_KNOTS, Grid.over(grid.start, grid.end, step).count))
    observer, when = astrom_on(knots, place)["eb"], instants(knots).tdb
    delay_d = np.zeros(knots.count)
    with any_date():
        for _ in range(_LIGHT_TIME_ROUNDS):
            vectors = barycentric(when - delay_d * u.day) - observer
            delay_d = np.linalg.norm(vectors, axis=-1) / _LIGHT_DAY_AU
    between = CubicSpline(knots.seconds, vectors)(grid.seconds)
    ra, dec = np.arctan2(between[:, 1], between[:, 0]), np.arctan2(between[:, 2], np.hypot(*between[:, :2].T))
    return np.degrees(ra) % 360.0, np.degrees(dec)
