"""Cases of the sky: what the scheduler asks of a whole night, minute by minute."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import astropy.units as u
import numpy as np
from astropy.coordinates import AltAz, HADec, SkyCoord, get_body
from astropy.coordinates.erfa_astrom import ErfaAstromInterpolator, erfa_astrom
from astropy.time import Time

from bench._case import Case
from obsy.engine.sky import earth, instants, moon, sun
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.location import Location
from obsy.engine.sky.solar_system import SolarSystemBody
from obsy.engine.sky.tracks import tracks

PLACE = Location(37.2236, -2.5463, 2168.0)
LOCATION = earth.earth_location(PLACE)
GRID = Grid(datetime(2026, 11, 21, 12, tzinfo=UTC), 60.0, 1441)


def sky() -> list[Case]:
    """The cases, on the minutes of one night."""
    rng = np.random.default_rng(1)
    ra, dec = rng.uniform(0, 360, (20, 1)), np.degrees(np.arcsin(rng.uniform(-1, 1, (20, 1))))
    stars = [Fixed(float(one[0]), float(other[0])) for one, other in zip(ra, dec, strict=True)]
    return [
        Case(
            "20 targets with Sun and Moon over a night",
            {"ours": _cold(lambda: _altitudes(*stars)), "astropy": lambda: _interpolated(ra, dec)},
            _apart,
            "deg",
        ),
        Case(
            "one planet with Sun and Moon over a night",
            {"ours": _cold(lambda: _altitudes(SolarSystemBody("jupiter"))), "astropy": _planet},
            _apart,
            "deg",
            3,
        ),
    ]


def _cold(work: Callable[[], Any]) -> Callable[[], Any]:
    """The work, without what an earlier run has kept."""

    def run() -> Any:
        for kept in (earth.astrom_on, sun.sun, moon.moon, moon.illuminated_percent, instants.instants):
            kept.cache_clear()
        return work()

    return run


def _apart(ours: Any, theirs: Any) -> float:
    return float(np.abs(ours - theirs).max())


def _altitudes(*bodies: Fixed | SolarSystemBody) -> Any:
    return np.stack([track.altitude_deg for track in tracks(bodies, GRID, PLACE)])


def _interpolated(ra: Any, dec: Any) -> Any:
    """The same by SkyCoord, astropy's own short cut included."""
    with erfa_astrom.set(ErfaAstromInterpolator(300 * u.s)):
        when = Time(GRID.start) + GRID.seconds * u.s
        frame, stars = AltAz(obstime=when, location=LOCATION), SkyCoord(ra, dec, unit="deg")
        for name in ("sun", "moon"):
            body = get_body(name, when, LOCATION)
            body.transform_to(frame)
        stars.separation(body, origin_mismatch="ignore")
        stars.transform_to(HADec(obstime=when, location=LOCATION))
        return stars.transform_to(frame).alt.deg


def _planet() -> Any:
    when = Time(GRID.start) + GRID.seconds * u.s
    frame = AltAz(obstime=when, location=LOCATION)
    seen = [get_body(name, when, LOCATION).transform_to(frame) for name in ("sun", "moon", "jupiter")]
    return seen[-1].alt.deg[None]
