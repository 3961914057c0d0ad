"""Tangent-plane geometry: sky to plane, plane to pixels, and one pixel grid to another, exactly."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from obsy.engine.reduce.orders import Card, Field

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Tan:
    """A TAN projection of FITS WCS: tangent point (ICRS degrees), its pixel, and the matrix to plane degrees.

    Pixels count from 0 at the middle of the first one, x along a row. Source: Calabretta & Greisen 2002, A&A 395, 1077.
    """

    ra_deg: float
    dec_deg: float
    x: float
    y: float
    matrix: Floats
    """CD: plane (west-negative xi, north eta) = matrix @ (x - x0, y - y0), degrees per pixel."""

    def pixels(self, ra_deg: Floats, dec_deg: Floats) -> Floats:
        """(n, 2) pixel places x, y of sky places; NaN where the place lies behind the plane."""
        plane = project(ra_deg, dec_deg, self.ra_deg, self.dec_deg)
        offsets: Floats = plane @ np.linalg.inv(self.matrix).T + (self.x, self.y)
        return offsets

    def sky(self, x: float, y: float) -> tuple[float, float]:
        """Right ascension and declination of a pixel place, degrees."""
        xi, eta = np.radians(self.matrix @ (x - self.x, y - self.y))
        direction = basis(self.ra_deg, self.dec_deg) @ (xi, eta, 1.0)
        ra = math.degrees(math.atan2(direction[1], direction[0])) % 360.0
        return ra, math.degrees(math.atan2(direction[2], math.hypot(direction[0], direction[1])))

    def lift(self) -> Floats:
        """(3, 3): homogeneous pixels (x, y, 1) to directions on the celestial sphere, not normalised."""
        plane = np.eye(3)
        plane[:2, :2] = np.radians(self.matrix)
        shift = np.array([[1.0, 0.0, -self.x], [0.0, 1.0, -self.y], [0.0, 0.0, 1.0]])
        lifted: Floats = basis(self.ra_deg, self.dec_deg) @ plane @ shift
        return lifted

    def cards(self) -> tuple[Card, ...]:
        """The header cards that say the same."""
        (a, b), (c, d) = self.matrix.tolist()
        return (
            ("CTYPE1", "RA---TAN", ""),
            ("CTYPE2", "DEC--TAN", ""),
            ("CUNIT1", "deg", ""),
            ("CUNIT2", "deg", ""),
            ("RADESYS", "ICRS", ""),
            ("CRVAL1", self.ra_deg, ""),
            ("CRVAL2", self.dec_deg, ""),
            ("CRPIX1", self.x + 1.0, ""),
            ("CRPIX2", self.y + 1.0, ""),
            ("CD1_1", a, ""),
            ("CD1_2", b, ""),
            ("CD2_1", c, ""),
            ("CD2_2", d, ""),
        )


def basis(ra_deg: float, dec_deg: float) -> Floats:
    """(3, 3) whose columns point east, north and at the place itself."""
    ra, dec = math.radians(ra_deg), math.radians(dec_deg)
    sr, cr, sd, cd = math.sin(ra), math.cos(ra), math.sin(dec), math.cos(dec)
    return np.array([[-sr, -sd * cr, cd * cr], [cr, -sd * sr, cd * sr], [0.0, cd, sd]])


def project(ra_deg: Floats, dec_deg: Floats, ra0_deg: float, dec0_deg: float) -> Floats:
    """(n, 2) plane coordinates xi (east) and eta (north) of sky places, degrees; NaN behind the plane."""
    ra, dec = np.radians(np.atleast_1d(ra_deg)), np.radians(np.atleast_1d(dec_deg))
    directions = np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)], axis=1)
    local = directions @ basis(ra0_deg, dec0_deg)
    depth = np.where(local[:, 2] > 0.0, local[:, 2], np.nan)
    plane: Floats = np.degrees(local[:, :2] / depth[:, None])
    return plane


def grid(field: Field) -> Tan:
    """The projection of a plan's grid, east to the left of its up, tangent at its middle."""
    angle, scale = math.radians(field.angle_deg), field.scale_arcsec / 3600.0
    cosine, sine = scale * math.cos(angle), scale * math.sin(angle)
    matrix = np.array([[-cosine, sine], [sine, cosine]])
    return Tan(field.ra_deg, field.dec_deg, (field.columns - 1) / 2, (field.rows - 1) / 2, matrix)


def between(target: Tan, source: Tan) -> Floats:
    """(3, 3) homography from pixels of `target` to pixels of `source`.

    Two tangent planes of one sphere are related by a projective map, so nothing is approximated here.
    """
    mapping = np.linalg.inv(source.lift()) @ target.lift()
    return np.asarray(mapping / mapping[2, 2], dtype=float)
