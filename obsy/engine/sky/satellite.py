"""What circles the Earth, by its two-line elements: where it stands over a place."""

import erfa
import numpy as np

from obsy.engine.sky.earth import earth_location, instants, turning
from obsy.engine.sky.grid import Floats, Grid
from obsy.schemas.site import Location
from obsy.schemas.target import Satellite


def over(satellite: Satellite, grid: Grid, place: Location) -> tuple[Floats, Floats]:
    """Return altitude and azimuth at each instant, degrees, without refraction; (times,).

    At the nadir where the elements do not hold: by them it has come down. Elements are good to a kilometre or so at
    their epoch. Source: SGP4, Vallado et al., AIAA 2006-6753; its frame (TEME) is turned by GMST 1982, as there.
    """
    from sgp4.api import Satrec  # noqa: PLC0415 - only those who look at satellites wait for it

    when = instants(grid)
    wrong, teme_km, _ = Satrec.twoline2rv(*satellite.tle).sgp4_array(when.utc.jd1, when.utc.jd2)
    with turning(grid.start):
        turned = erfa.gmst82(when.ut1.jd1, when.ut1.jd2)
    x, y, z = teme_km.T
    fixed_km = np.stack((x * np.cos(turned) + y * np.sin(turned), y * np.cos(turned) - x * np.sin(turned), z), axis=-1)
    here_km = [each.to_value("km") for each in earth_location(place).to_geocentric()]
    east, north, up = ((fixed_km - here_km) @ _axes(place)).T
    altitude = np.where(wrong == 0, np.degrees(np.arctan2(up, np.hypot(east, north))), -90.0)
    return altitude, np.where(wrong == 0, np.degrees(np.arctan2(east, north)) % 360.0, 0.0)


def _axes(place: Location) -> Floats:
    """East, north and up of a place in the frame that turns with the Earth; (3, 3), a column each."""
    (sin_lon, sin_lat), (cos_lon, cos_lat) = (
        turn(np.radians((place.longitude_deg, place.latitude_deg))).tolist() for turn in (np.sin, np.cos)
    )
    east, north = (-sin_lon, cos_lon, 0.0), (-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat)
    return np.array((east, north, (cos_lat * cos_lon, cos_lat * sin_lon, sin_lat))).T
