"""Targets as they are seen from a place."""

from collections.abc import Sequence

import numpy as np

from obsy.engine.sky.body import Body, coordinates, sun
from obsy.engine.sky.earth import horizontal
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.moon import moon
from obsy.engine.sky.track import Track
from obsy.schemas.site import Location


def tracks(bodies: Sequence[Body], grid: Grid, place: Location) -> tuple[Track, ...]:
    """The track of each body, in their order; together they cost little more than one."""
    if not bodies:
        return ()
    ra, dec = (np.stack(each) for each in zip(*(coordinates(body, grid, place) for body in bodies), strict=True))
    seen, moonlight = horizontal(ra, dec, grid, place), moon(grid, place)
    separations = moonlight.separation_deg(ra, dec)
    return tuple(
        Track(
            grid=grid,
            ra_deg=ra[row],
            dec_deg=dec[row],
            altitude_deg=seen.altitude_deg[row],
            azimuth_deg=seen.azimuth_deg[row],
            hour_angle_h=seen.hour_angle_h[row],
            sun_altitude_deg=sun(grid, place).altitude_deg,
            moon_altitude_deg=moonlight.altitude_deg,
            moon_separation_deg=separations[row],
            moon_illuminated_percent=moonlight.illuminated_percent,
            longitude_deg=place.longitude_deg,
        )
        for row in range(len(bodies))
    )
