"""Cases of the sky: what the scheduler asks of a whole night, minute by minute."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import astropy.units as u
import numpy as np
from astropy.coordinates import AltAz, EarthLocation, HADec, SkyCoord, get_body
from astropy.coordinates.erfa_astrom import ErfaAstromInterpolator, erfa_astrom
from astropy.time import Time

import tests.support.turning  # noqa: F401  astropy asks no network
from bench._case import Case
from obsy.engine.sky import body, earth, instants, moon
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.tracks import tracks
from obsy.schemas.site import Location
from obsy.schemas.target import Planet

PLACE = Location(37.2236, -2.5463, 2168.0)
LOCATION = EarthLocation.from_geodetic(PLACE.longitude_deg, PLACE.latitude_deg, PLACE.elevation_m)
GRID = Grid(datetime(2026, 11, 21, 12, tzinfo=UTC), 60.0, 1441)


def sky() -> list[Case]:
    """The cases, on the minutes of one night."""
    rng = np.random.default_rng(1)
    ra, dec = rng.uniform(0, 360, (20, 1)), np.degrees(np.arcsin(rng.uniform(-1, 1, (20, 1))))
    stars = [body.Fixed(float(one[0]), float(other[0])) for one, other in zip(ra, dec, strict=True)]
    return [
        Case(
            "20 targets with Sun and Moon over a night",
            {"ours": _cold(lambda: _altitudes(*stars)), "astropy": lambda: _stars(ra, dec)},
            _apart,
            "deg",
        ),
        Case(
            "one planet with Sun and Moon over a night",
            {"ours": _cold(lambda: _altitudes(Planet(body="jupiter"))), "astropy": _planet},
            _apart,
            "deg",
            3,
        ),
    ]


def _cold(work: Callable[[], Any]) -> Callable[[], Any]:
    """The work, without what an earlier run has kept."""

    def run() -> Any:
        for kept in (earth.astrom_on, body.sun, moon.moon, moon.illuminated_percent, instants.instants):
            kept.cache_clear()
        return work()

    return run


def _apart(ours: Any, theirs: Any) -> float:
    return float(np.abs(ours - theirs).max())


def _altitudes(*bodies: body.Fixed | Planet) -> Any:
    return np.stack([track.altitude_deg for track in tracks(bodies, GRID, PLACE)])


def _stars(ra: Any, dec: Any) -> Any:
    """The same by SkyCoord, astropy's own short cut included."""
    with erfa_astrom.set(ErfaAstromInterpolator(300 * u.s)):
        frame, (_, moonlight) = _stand("sun", "moon")
        moonlight.transform_to(frame)
        stars = SkyCoord(ra, dec, unit="deg")
        stars.separation(moonlight, origin_mismatch="ignore")
        stars.transform_to(HADec(obstime=frame.obstime, location=LOCATION))
        return stars.transform_to(frame).alt.deg


def _planet() -> Any:
    """The same by get_body, which has no knots, astropy's own short cut included."""
    with erfa_astrom.set(ErfaAstromInterpolator(300 * u.s)):
        frame, (*_, planet) = _stand("sun", "moon", "jupiter")
        return planet.transform_to(frame).alt.deg[None]


def _stand(*names: str) -> Any:
    """The frame of what is seen from the place, and bodies of the solar system, all but the last laid into it."""
    when = Time(GRID.start) + GRID.seconds * u.s
    frame, bodies = AltAz(obstime=when, location=LOCATION), [get_body(name, when, LOCATION) for name in names]
    for each in bodies[:-1]:
        each.transform_to(frame)
    return frame, bodies
