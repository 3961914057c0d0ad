"""Targets as they are seen from a place."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from obsy.engine.sky.body import Body, coordinates, sun
from obsy.engine.sky.earth import horizontal
from obsy.engine.sky.grid import Floats, Grid
from obsy.engine.sky.moon import moon
from obsy.engine.sky.track import Track
from obsy.schemas.site import Location

TOGETHER = 64
"""Bodies whose places are worked out at once: what is held meanwhile stays at some megabytes."""


def tracks(bodies: Sequence[Body], grid: Grid, place: Location) -> tuple[Track, ...]:
    """The track of each body, in their order; together they cost little more than one."""
    parts = (bodies[first : first + TOGETHER] for first in range(0, len(bodies), TOGETHER))
    return tuple(each for part in parts for each in _tracks(part, grid, place))


def _tracks(bodies: Sequence[Body], grid: Grid, place: Location) -> Iterator[Track]:
    places = [coordinates(body, grid, place) for body in bodies]
    ra, dec = (np.stack(each) for each in zip(*places, strict=True))
    seen, moonlight = horizontal(ra, dec, grid, place), moon(grid, place)
    separations = moonlight.separation_deg(ra, dec)
    for row, (ra_deg, dec_deg) in enumerate(places):
        yield Track(
            grid=grid,
            ra_deg=ra_deg,
            dec_deg=dec_deg,
            altitude_deg=seen.altitude_deg[row],
            azimuth_deg=seen.azimuth_deg[row],
            hour_angle_h=seen.hour_angle_h[row],
            sun_altitude_deg=sun(grid, place).altitude_deg,
            moon_altitude_deg=moonlight.altitude_deg,
            moon_separation_deg=separations[row],
            moon_illuminated_percent=moonlight.illuminated_percent,
            longitude_deg=place.longitude_deg,
        )


def beside(track: Track, ra_deg: Floats, dec_deg: Floats, place: Location) -> Track:
    """Return the track of what is seen at other places, at the times of one that is known."""
    seen = horizontal(ra_deg, dec_deg, track.grid, place)
    return replace(
        track,
        ra_deg=ra_deg,
        dec_deg=dec_deg,
        altitude_deg=seen.altitude_deg,
        azimuth_deg=seen.azimuth_deg,
        hour_angle_h=seen.hour_angle_h,
        moon_separation_deg=moon(track.grid, place).separation_deg(ra_deg, dec_deg),
    )
