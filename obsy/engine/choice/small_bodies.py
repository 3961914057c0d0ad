"""Asteroids and comets: where they stand in a night, and how bright they are then."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import numpy as np

from obsy.engine.choice.sights import Sight
from obsy.engine.schedule.conditions import body
from obsy.engine.sky.ephemeris import barycentric_au
from obsy.engine.sky.grid import Floats
from obsy.engine.sky.instants import ClockTimes, any_date
from obsy.engine.sky.orbit import Orbit
from obsy.schemas.target import Comet

_LIGHT_DAY_AU = 173.1446


class Vantage(NamedTuple):
    """A moment, seen from the Earth's centre: what passes as far as the Moon stands a degree off at most."""

    mjd: float
    """TDB."""
    earth_au: Floats
    """From the Sun; (3,)."""

    @classmethod
    def at(cls, when: datetime) -> "Vantage":
        """Return that of a moment."""
        with any_date():
            mjd = ClockTimes.at([when]).tdb.mjd
            return cls(float(mjd[0]), (barycentric_au("earth", mjd) - barycentric_au("sun", mjd))[0])


def placed(sights: Iterable[Sight], here: Vantage, faintest_mag: float | None) -> Iterator[Sight]:
    """Yield those with elements that are bright enough, at their places: two-body ones, arcminutes off in a year."""
    for each in sights:
        orbit = body(each.elements) if each.elements is not None else None
        if not isinstance(orbit, Orbit):
            continue
        from_sun = orbit.heliocentric(np.array([here.mjd]))[0]
        mag = None
        if each.absolute is not None:
            brightness = comet_mag if isinstance(each.elements, Comet) else asteroid_mag
            mag = brightness(each.absolute, from_sun, here.earth_au)
        if mag is not None and faintest_mag is not None and mag > faintest_mag:
            continue
        late = float(np.linalg.norm(from_sun - here.earth_au)) / _LIGHT_DAY_AU
        x, y, z = orbit.heliocentric(np.array([here.mjd - late]))[0] - here.earth_au
        ra, dec = np.degrees(np.arctan2(y, x)) % 360.0, np.degrees(np.arctan2(z, np.hypot(x, y)))
        yield replace(each, ra_deg=float(ra), dec_deg=float(dec), mag=None if mag is None else round(mag, 1))


def asteroid_mag(absolute: tuple[float, float], from_sun: Floats, earth: Floats) -> float:
    """Return the magnitude V of an asteroid of H and G; both places from the Sun, au.

    Source: Bowell et al. 1989, in Asteroids II, p. 524 (the IAU's system of 1985).
    """
    apart = from_sun - earth
    r, far = float(np.linalg.norm(from_sun)), float(np.linalg.norm(apart))
    half = np.tan(np.arccos(np.clip(from_sun @ apart / (r * far), -1.0, 1.0)) / 2)
    shine = (1 - absolute[1]) * np.exp(-3.33 * half**0.63) + absolute[1] * np.exp(-1.87 * half**1.22)
    return float(absolute[0] + 5 * np.log10(r * far) - 2.5 * np.log10(shine))


def comet_mag(absolute: tuple[float, float], from_sun: Floats, earth: Floats) -> float:
    """Return the total magnitude of a comet by the Minor Planet Center's M1 and K1; comets keep to them as they like.

    Source: the MPC's format of comets' elements: M1 + 5 log Δ + 2.5 K1 log r.
    """
    r, far = float(np.linalg.norm(from_sun)), float(np.linalg.norm(from_sun - earth))
    return float(absolute[0] + 5 * np.log10(far) + 2.5 * absolute[1] * np.log10(r))
