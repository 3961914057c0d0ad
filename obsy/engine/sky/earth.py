"""The turning Earth: where a place on the sky stands for an observer.

Nothing here ever asks the network for anything.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import erfa
import numpy as np
from numpy.typing import ArrayLike, NDArray

from obsy.engine.sky.earth_motion import earth_motion, pole
from obsy.engine.sky.grid import Floats, Grid
from obsy.engine.sky.instants import ClockTimes, any_date, instants
from obsy.engine.sky.rotation import recent_rotation
from obsy.schemas.site import Location

_WGS84 = 1
_SUPPORT_S = 300.0
"""The pole's wandering and what TDB is before TT are straight lines over this, far below a microarcsecond."""
_FIRST_DAY = date(1973, 1, 2)
"""Of astropy's tables."""
_HOURS_PER_RADIAN = 12.0 / np.pi


@lru_cache(maxsize=32)
def from_centre_m(place: Location) -> Floats:
    """Return where a place is from the centre of the Earth, along the axes that turn with it; (3,)."""
    return np.asarray(
        erfa.gd2gc(_WGS84, np.radians(place.longitude_deg), np.radians(place.latitude_deg), place.elevation_m)
    )


class Unknown(NamedTuple):
    """How far a time may be off, since nobody has measured, or can say yet, how the Earth turns then."""

    seconds: float
    tables: tuple[date, date]
    """From when to when it is known."""


def rotation_unknown(when: datetime) -> Unknown | None:
    """Return how far what depends on the Earth's turning may be off at a moment (aware); None within the tables.

    Beyond them UT1 is taken to stay where it was, and it has kept within a second of UTC so far. Source of the rate:
    from 1962 to 2025 days were up to 3 ms longer than 86,400 s, 1.4 ms in the mean (IERS, EOP 20 C04).
    """
    last = recent_rotation().first_and_last()[1]
    if when.date() > last:
        return Unknown(1.0 + 0.5 * (when.date() - last).days / 365.25, (_FIRST_DAY, last))
    return Unknown(1.0, (_FIRST_DAY, last)) if when.date() < _FIRST_DAY else None


@lru_cache(maxsize=32)
def astrom_on(grid: Grid, place: Location) -> NDArray[Any]:
    """Return what ERFA needs to go from ICRS to what is seen at each instant, in vacuum; (times,)."""
    knots = grid if grid.step_s > _SUPPORT_S else Grid.over(grid.start, grid.end, _SUPPORT_S)
    with any_date():
        when, few = instants(grid), instants(knots)
        tt_mjd = when.tt.mjd
        late, *polar = (
            np.interp(grid.seconds, knots.seconds, each) for each in (few.tdb.mjd - few.tt.mjd, *few.pole())
        )
        return _astrom(when, tt_mjd + late, polar, place)


def _astrom(when: ClockTimes, tdb_mjd: Floats, polar: Sequence[Floats], place: Location) -> NDArray[Any]:
    earth, (x, y, s) = earth_motion(tdb_mjd), pole(when.tt.mjd).T
    moving = np.empty(len(when), dtype=erfa.dt_pv)
    moving["p"], moving["v"] = earth.from_barycentre_au, earth.au_per_day
    era = erfa.era00(when.ut1.jd1, when.ut1.jd2)
    ground = (np.radians(place.longitude_deg), np.radians(place.latitude_deg), place.elevation_m)
    sp = erfa.sp00(when.tt.jd1, when.tt.jd2)
    return np.asarray(
        erfa.apco(when.tt.jd1, when.tt.jd2, moving, earth.from_sun_au, x, y, s, era, *ground, *polar, sp, 0.0, 0.0)
    )


def from_barycentre_au(when: ClockTimes, place: Location) -> Floats:
    """Return where an observer is at some times, along the ICRS axes; (times, 3)."""
    return np.asarray(_astrom(when, when.tdb.mjd, when.pole(), place)["eb"])


class Horizontal(NamedTuple):
    """Where it is seen from the ground, without refraction."""

    altitude_deg: Floats
    azimuth_deg: Floats
    """From north through east, 0 to 360."""
    hour_angle_h: Floats
    """Negative before the meridian, -12 to 12."""


def horizontal(ra_deg: ArrayLike, dec_deg: ArrayLike, grid: Grid, place: Location) -> Horizontal:
    """Where astrometric ICRS places stand at each instant.

    ra_deg, dec_deg: (..., times), or (..., 1) for what does not move, or a single number. Returns (..., times).
    Source: ERFA atciqz and atioq (IAU 2000/2006: light deflection, aberration, diurnal aberration, polar motion).
    Ours, since astropy's SkyCoord takes 9 times as long for 20 targets, Sun and Moon: python -m bench libraries.
    """
    astrom = astrom_on(grid, place)
    intermediate = erfa.atciqz(np.radians(ra_deg), np.radians(dec_deg), astrom)
    azimuth, zenith_distance, hour_angle, _, _ = erfa.atioq(*intermediate, astrom)
    return Horizontal(
        altitude_deg=90.0 - np.degrees(zenith_distance),
        azimuth_deg=np.degrees(azimuth) % 360.0,
        hour_angle_h=hour_angle * _HOURS_PER_RADIAN,
    )


def equatorial(altitude_deg: ArrayLike, azimuth_deg: ArrayLike, grid: Grid, place: Location) -> tuple[Floats, Floats]:
    """Return where a place over the ground is among the stars at each instant, degrees; the inverse of `horizontal`."""
    astrom = astrom_on(grid, place)
    observed = erfa.atoiq("A", np.radians(azimuth_deg), np.radians(90.0 - np.asarray(altitude_deg)), astrom)
    ra, dec = erfa.aticq(*observed, astrom)
    return np.degrees(ra) % 360.0, np.degrees(dec)
