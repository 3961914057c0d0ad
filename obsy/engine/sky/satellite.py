"""What circles the Earth, by its two-line elements: where it stands over a place."""

import erfa
import numpy as np

from obsy.engine.sky.earth import from_centre_m
from obsy.engine.sky.grid import Floats, Grid, Mask
from obsy.engine.sky.instants import any_date, instants
from obsy.schemas.site import Location
from obsy.schemas.target import Satellite


def fixed_km(satellite: Satellite, grid: Grid) -> tuple[Floats, Mask]:
    """Return where it is at each instant in the frame that turns with the Earth, (times, 3), and where that holds.

    Elements are good to a kilometre or so at their epoch, and hold no longer where by them it has come down.
    Source: SGP4, Vallado et al., AIAA 2006-6753; its frame (TEME) is turned by GMST 1982, as there.
    """
    from sgp4.api import Satrec  # noqa: PLC0415 - only those who look at satellites wait for it

    when = instants(grid)
    with any_date():
        wrong, teme_km, _ = Satrec.twoline2rv(*satellite.tle).sgp4_array(*when.utc)
        turned = erfa.gmst82(when.ut1.jd1, when.ut1.jd2)
    x, y, z = teme_km.T
    turned_km = (x * np.cos(turned) + y * np.sin(turned), y * np.cos(turned) - x * np.sin(turned), z)
    return np.stack(turned_km, axis=-1), np.asarray(wrong == 0)


def over(satellite: Satellite, grid: Grid, place: Location) -> tuple[Floats, Floats]:
    """Return altitude and azimuth at each instant, degrees, without refraction; at the nadir if it is down."""
    km, holds = fixed_km(satellite, grid)
    east, north, up = ((km - from_centre_m(place) / 1e3) @ earth_axes(place)).T
    altitude = np.where(holds, np.degrees(np.arctan2(up, np.hypot(east, north))), -90.0)
    return altitude, np.where(holds, np.degrees(np.arctan2(east, north)) % 360.0, 0.0)


def earth_axes(place: Location) -> Floats:
    """Return east, north and up of a place in the frame that turns with the Earth; (3, 3), a column each."""
    (sin_lon, sin_lat), (cos_lon, cos_lat) = (
        turn(np.radians((place.longitude_deg, place.latitude_deg))).tolist() for turn in (np.sin, np.cos)
    )
    east, north = (-sin_lon, cos_lon, 0.0), (-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat)
    return np.array((east, north, (cos_lat * cos_lon, cos_lat * sin_lon, sin_lat))).T
