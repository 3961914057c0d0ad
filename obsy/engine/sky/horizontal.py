"""From a place in the sky to altitude, azimuth and hour angle."""

from typing import NamedTuple

import erfa
import numpy as np
from numpy.typing import ArrayLike

from obsy.engine.sky.arrays import Floats
from obsy.engine.sky.earth import astrom_on
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.location import Location

_HOURS_PER_RADIAN = 12.0 / np.pi


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
