"""How much the Moon brightens the sky: what a faint thing beside it loses.

Source of all: Krisciunas & Schaefer 1991, PASP 103, 1033, at V; good to a fifth or a quarter on a clear night.
"""

import numpy as np

from obsy.engine.sky.grid import Floats

_EXTINCTION = 0.172
"""Magnitudes an airmass."""
_NEAR_DEG = 10.0
NARROW = ("ha", "oiii", "sii", "nii", "hb")
"""What filters are called, whatever the case, that let one line of a nebula through."""
SHIELDED = 0.1
"""The share of the Moon's light that counts behind one: read noise and the line's own light stay. A judgement."""


def darkness(
    altitude_deg: Floats, moon_deg: Floats, moon_altitude_deg: Floats, lit_percent: Floats, sky_mag: float
) -> Floats:
    """Return what share of the sky's light is not the Moon's: 1 without it, some 0.1 far from a full one.

    All broadcast together; altitudes without refraction, `moon_deg` is the distance from the Moon, `sky_mag` how dark
    the zenith is without it, V magnitudes per square arcsecond.
    """
    through, of_moon = _airmass(altitude_deg), _airmass(moon_altitude_deg)
    zenith_nl = 34.08 * np.exp(20.7233 - 0.92104 * sky_mag)  # eq. 1
    dark = zenith_nl * through * 10 ** (-0.4 * _EXTINCTION * (through - 1))
    phase_deg = np.degrees(np.arccos(np.clip(2 * lit_percent / 100 - 1, -1.0, 1.0)))
    light = 10 ** (-0.4 * (3.84 + 0.026 * phase_deg + 4e-9 * phase_deg**4) - 0.4 * _EXTINCTION * of_moon)
    bright = _scattered(moon_deg) * light * (1 - 10 ** (-0.4 * _EXTINCTION * through))
    return np.asarray(dark / (dark + np.where(moon_altitude_deg > 0, bright, 0.0)))


def shielded(dark: Floats) -> Floats:
    """Return the same share as it counts behind a narrow filter."""
    return np.asarray(1 / (1 + SHIELDED * (1 / dark - 1)))


def _airmass(altitude_deg: Floats) -> Floats:
    """Return the airmass of scattered light (eq. 3), which stays finite at the horizon."""
    return np.asarray((1 - 0.96 * np.cos(np.radians(np.clip(altitude_deg, 0.0, 90.0))) ** 2) ** -0.5)


def _scattered(moon_deg: Floats) -> Floats:
    """Return the scattering function (eqs. 18, 19 and 21), by molecules and by dust."""
    by_dust = np.where(
        moon_deg < _NEAR_DEG, 6.2e7 / np.maximum(moon_deg, 0.25) ** 2, 10 ** (6.15 - np.maximum(moon_deg, 10.0) / 40)
    )
    return np.asarray(10**5.36 * (1.06 + np.cos(np.radians(moon_deg)) ** 2) + by_dust)
