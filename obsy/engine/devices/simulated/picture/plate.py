"""The tangent plane of a sensor, turned as the camera is: from sky to pixels and back."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LOW = 0.17
"""Sine of 10 deg."""
ARCSEC = 3600 * 180 / np.pi
Array = NDArray[np.float64]


def onto(ra_deg: Array, dec_deg: Array, centre: tuple[float, float]) -> tuple[Array, Array]:
    """Offsets east and north on the tangent plane at `centre`, arcsec; NaN for what is more than 80 deg away.

    Source: Calabretta & Greisen 2002, A&A 395, 1077, section 5.1.3.
    """
    ra, dec = np.radians(ra_deg - centre[0]), np.radians(dec_deg)
    here = np.radians(centre[1])
    depth = np.sin(dec) * np.sin(here) + np.cos(dec) * np.cos(here) * np.cos(ra)
    depth = np.where(depth > LOW, depth, np.nan)
    east = np.cos(dec) * np.sin(ra) / depth
    north = (np.sin(dec) * np.cos(here) - np.cos(dec) * np.sin(here) * np.cos(ra)) / depth
    return east * ARCSEC, north * ARCSEC


def off(east: Array, north: Array, centre: tuple[float, float]) -> tuple[Array, Array]:
    """Right ascension and declination, degrees, of offsets on the tangent plane at `centre`, arcsec."""
    xi, eta, here = east / ARCSEC, north / ARCSEC, np.radians(centre[1])
    depth = np.cos(here) - eta * np.sin(here)
    ra = np.degrees(np.arctan2(xi, depth)) + centre[0]
    return ra % 360, np.degrees(np.arctan2(np.sin(here) + eta * np.cos(here), np.hypot(xi, depth)))


@dataclass(frozen=True, slots=True)
class Plate:
    """A sensor on the sky. Row 0 is the picture's top, as ROWORDER says; seen so, east is left of north."""

    centre: tuple[float, float]
    up_deg: float
    scale: float
    shape: tuple[int, int]

    def pixels(self, ra_deg: Array, dec_deg: Array) -> tuple[Array, Array]:
        """(column, row) of positions on the sky; (0, 0) is the middle of the first pixel."""
        right, down = self.turn(*onto(ra_deg, dec_deg, self.centre))
        return (self.shape[1] - 1) / 2 + right, (self.shape[0] - 1) / 2 + down

    def turn(self, east: Array, north: Array) -> tuple[Array, Array]:
        """How far right and down an offset on the sky leads, pixels."""
        sine, cosine = np.sin(np.radians(self.up_deg)), np.cos(np.radians(self.up_deg))
        return -(east * cosine - north * sine) / self.scale, -(east * sine + north * cosine) / self.scale

    def sky(self, columns: Array, rows: Array) -> tuple[Array, Array]:
        """Return right ascension and declination of places on the sensor, degrees."""
        sine, cosine = np.sin(np.radians(self.up_deg)), np.cos(np.radians(self.up_deg))
        right = (columns - (self.shape[1] - 1) / 2) * self.scale
        down = (rows - (self.shape[0] - 1) / 2) * self.scale
        return off(-right * cosine - down * sine, right * sine - down * cosine, self.centre)

    @property
    def radius_deg(self) -> float:
        """From the middle to a corner."""
        return float(np.hypot(*self.shape) / 2 * self.scale / 3600)
