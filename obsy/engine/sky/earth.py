"""What turns positions among the stars into places in the sky of an observer: astropy's, worked out once for a grid."""

from functools import lru_cache
from typing import Any

import astropy.units as u
from astropy.coordinates import AltAz, EarthLocation
from astropy.coordinates.erfa_astrom import ErfaAstromInterpolator, erfa_astrom
from numpy.typing import NDArray

from obsy.engine.sky.grid import Grid
from obsy.engine.sky.instants import any_date, instants
from obsy.engine.sky.location import Location

_SUPPORT = 300 * u.s
"""Precession, nutation and the Earth's orbit are straight lines over this, to a microarcsecond."""


def earth_location(place: Location) -> EarthLocation:
    """Return the place as astropy knows it."""
    return EarthLocation.from_geodetic(place.longitude_deg, place.latitude_deg, place.elevation_m)


@lru_cache(maxsize=32)
def astrom_on(grid: Grid, place: Location) -> NDArray[Any]:
    """Return what ERFA needs to go from ICRS to what is seen at each instant, in vacuum; (times,)."""
    with any_date(), erfa_astrom.set(ErfaAstromInterpolator(_SUPPORT)):
        frame = AltAz(obstime=instants(grid), location=earth_location(place))
        return erfa_astrom.get().apco(frame)  # type: ignore[no-any-return]
