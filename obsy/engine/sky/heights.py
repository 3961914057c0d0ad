"""Many places that stand still among the stars, as they are seen from a place: dot products, and no more."""

import numpy as np

from obsy.engine.sky.earth import horizontal
from obsy.engine.sky.grid import Floats, Grid
from obsy.schemas.site import Location


def directions(ra_deg: Floats, dec_deg: Floats) -> Floats:
    """Return unit vectors, (3, ...)."""
    ra, dec = np.radians(ra_deg), np.radians(dec_deg)
    return np.stack((np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)))


def apart_deg(cosine: Floats) -> Floats:
    """Return how far unit vectors are apart, from their dot products."""
    return np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))


def heights(ra_deg: Floats, dec_deg: Floats, grid: Grid, place: Location) -> tuple[Floats, Floats]:
    """Return altitudes and azimuths of fixed places, ICRS, (places, times), degrees, without refraction.

    Three of them tell how the sky turns; what aberration bends apart, 20 arcsec each, is left out.
    """
    axes = horizontal(np.array([[0.0], [90.0], [0.0]]), np.array([[0.0], [0.0], [90.0]]), grid, place)
    turned = directions(axes.azimuth_deg, axes.altitude_deg)  # north, east and up of each axis: (3, axes, times)
    north, east, up = np.einsum("cat,an->cnt", turned, directions(ra_deg, dec_deg))
    return np.degrees(np.arctan2(up, np.hypot(north, east))), np.degrees(np.arctan2(east, north)) % 360.0
