"""Where the Earth carries the observer, and how it turns the sky above."""

from dataclasses import dataclass
from functools import lru_cache
from math import radians
from typing import Any

import erfa
import numpy as np
from astropy.time import Time
from numpy.typing import NDArray

from obsy.engine.sky.arrays import Floats
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.instants import instants
from obsy.engine.sky.location import Location
from obsy.engine.sky.rotation import rotation


@dataclass(frozen=True, eq=False)
class Earth:
    """The Earth and an observer on it at each time; vectors are (times, 3), au and au/day, along the ICRS axes."""

    tt_mjd: Floats
    observer: Floats
    """From the barycentre."""
    centre: Floats
    """The geocentre, from the barycentre."""
    velocity: Floats
    """The geocentre's, from the barycentre."""
    sun: Floats
    """From the barycentre."""
    astrom: NDArray[Any]
    """What ERFA needs to go from ICRS to what is seen, in vacuum."""


def earth(times: Time, place: Location) -> Earth:
    """The Earth at `times` and an observer at `place`.

    Source: IAU 2006/2000A precession-nutation and the ERFA ephemeris epv00, combined as in ERFA's apco13.
    """
    turned = rotation(times)
    tt1, tt2 = times.tt.jd1, times.tt.jd2
    ut1, ut2 = erfa.taiut1(times.tai.jd1, times.tai.jd2, turned.ut1_tai_s)
    heliocentric, barycentric = erfa.epv00(tt1, tt2)
    matrix = erfa.pnm06a(tt1, tt2)
    x, y = erfa.bpn2xy(matrix)
    astrom = erfa.apco(
        tt1,
        tt2,
        barycentric,
        heliocentric["p"],
        x,
        y,
        erfa.s06(tt1, tt2, x, y),
        erfa.era00(ut1, ut2),
        radians(place.longitude_deg),
        radians(place.latitude_deg),
        place.elevation_m,
        turned.pole_x,
        turned.pole_y,
        erfa.sp00(tt1, tt2),
        0.0,
        0.0,
    )
    return Earth(
        tt_mjd=(tt1 - erfa.DJM0) + tt2,
        observer=np.asarray(astrom["eb"]),
        centre=np.asarray(barycentric["p"]),
        velocity=np.asarray(barycentric["v"]),
        sun=np.asarray(barycentric["p"] - heliocentric["p"]),
        astrom=astrom,
    )


@lru_cache(maxsize=32)
def earth_on(grid: Grid, place: Location) -> Earth:
    """The Earth at the instants of a grid; kept, for it costs more than all that is worked out from it."""
    return earth(instants(grid), place)
