"""Tangent planes: astropy's WCS, made from and told in the words of this room.

Pixels count from 0 at the middle of the first one, x along a row.
"""

import math

import numpy as np
from astropy.wcs import WCS
from astropy.wcs.utils import pixel_to_pixel
from numpy.typing import NDArray

from obsy.engine.reduce.orders import Field

Floats = NDArray[np.float64]


def tangent(ra_deg: float, dec_deg: float, pixel: tuple[float, float], matrix: Floats) -> WCS:
    """Return the TAN projection (ICRS) that touches the sky at a pixel x, y.

    matrix: (2, 2), from pixels to degrees on the plane, xi (east) and eta (north).
    """
    made = WCS(naxis=2)
    made.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    made.wcs.cunit = ["deg", "deg"]
    made.wcs.radesys = "ICRS"
    made.wcs.crval = [ra_deg, dec_deg]
    made.wcs.crpix = [pixel[0] + 1.0, pixel[1] + 1.0]
    made.wcs.cd = matrix
    made.wcs.set()
    return made


def grid(field: Field) -> WCS:
    """Return the projection of a plan's grid, east to the left of its up, tangent at its middle."""
    angle, scale = math.radians(field.angle_deg), field.scale_arcsec / 3600.0
    cosine, sine = scale * math.cos(angle), scale * math.sin(angle)
    middle = (field.columns - 1) / 2, (field.rows - 1) / 2
    return tangent(field.ra_deg, field.dec_deg, middle, np.array([[-cosine, sine], [sine, cosine]]))


def pixels(plane: WCS, ra_deg: Floats, dec_deg: Floats) -> Floats:
    """Return the pixels x, y of sky places, (n, 2); NaN where a place lies behind the plane."""
    return np.asarray(plane.wcs_world2pix(np.column_stack([ra_deg, dec_deg]), 0))


def sky(plane: WCS, x: float, y: float) -> tuple[float, float]:
    """Return right ascension and declination of a pixel, degrees."""
    ra, dec = plane.wcs_pix2world([[x, y]], 0)[0]
    return float(ra), float(dec)


def touched(plane: WCS) -> tuple[float, float]:
    """Return right ascension and declination where the plane touches the sky, degrees."""
    ra, dec = plane.wcs.crval
    return float(ra), float(dec)


def up_deg(plane: WCS) -> float:
    """Return the position angle of growing y, degrees, east of north, 0 to 360."""
    xi, eta = np.asarray(plane.pixel_scale_matrix)[:, 1]
    return math.degrees(math.atan2(xi, eta)) % 360.0


def overlap(one: tuple[WCS, tuple[int, int]], other: tuple[WCS, tuple[int, int]]) -> bool:
    """Whether two pictures, each a plane and its (rows, columns), show some sky in common.

    Straight edges stay straight from one tangent plane to another, and two convex outlines are apart if a line along an
    edge of either parts them (the separating axis theorem). No picture reaches over a quarter of the sky.
    """
    mine = _outline(one[1])
    theirs = pixels(one[0], *other[0].wcs_pix2world(_outline(other[1]), 0).T)
    if not np.isfinite(theirs).all():  # it lies behind the plane
        return False
    edges = np.concatenate([outline - np.roll(outline, 1, axis=0) for outline in (mine, theirs)])
    across = np.column_stack([-edges[:, 1], edges[:, 0]])
    first, second = mine @ across.T, theirs @ across.T
    return bool(((first.max(axis=0) > second.min(axis=0)) & (second.max(axis=0) > first.min(axis=0))).all())


def _outline(shape: tuple[int, int]) -> Floats:
    """The corners of a picture of (rows, columns), in order, x and y."""
    return np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * (shape[1], shape[0]) - 0.5


def between(target: WCS, source: WCS, shape: tuple[int, int]) -> Floats:
    """Return the (3, 3) homography from pixels of `target`, rows and columns of `shape`, to pixels of `source`.

    Two tangent planes of one sphere are related by a projective map, so four corners say all of it.
    """
    rows, columns = shape
    x, y = np.array([0.0, columns, columns, 0.0]), np.array([0.0, 0.0, rows, rows])
    to_x, to_y = pixel_to_pixel(target, source, x, y)
    ones, zeros = np.ones(4), np.zeros(4)
    equations = np.concatenate(
        [
            np.column_stack([x, y, ones, zeros, zeros, zeros, -x * to_x, -y * to_x]),
            np.column_stack([zeros, zeros, zeros, x, y, ones, -x * to_y, -y * to_y]),
        ]
    )
    return np.append(np.linalg.solve(equations, np.concatenate([to_x, to_y])), 1.0).reshape(3, 3)
