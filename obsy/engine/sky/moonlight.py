"""How much the Moon brightens the sky: what a faint thing beside it loses.

Source of all: Krisciunas & Schaefer 1991, PASP 103, 1033, at V; good to a fifth or a quarter on a clear night.
"""

import numpy as np

from obsy.engine.sky.grid import Floats

_DARK_NL = 79.0
"""The zenith of a dark site without the Moon, 21.6 mag per square arcsecond; nanolamberts."""
_EXTINCTION = 0.172
"""Magnitudes an airmass."""
_NEAR_DEG = 10.0


def darkness(altitude_deg: Floats, moon_deg: Floats, moon_altitude_deg: Floats, lit_percent: Floats) -> Floats:
    """Return what share of the sky's light is not the Moon's: 1 without it, some 0.1 far from a full one.

    All broadcast together; altitudes without refraction, `moon_deg` is the distance from the Moon.
    """
    through, of_moon = _airmass(altitude_deg), _airmass(moon_altitude_deg)
    dark = _DARK_NL * through * 10 ** (-0.4 * _EXTINCTION * (through - 1))
    phase_deg = np.degrees(np.arccos(np.clip(2 * lit_percent / 100 - 1, -1.0, 1.0)))
    light = 10 ** (-0.4 * (3.84 + 0.026 * phase_deg + 4e-9 * phase_deg**4) - 0.4 * _EXTINCTION * of_moon)
    bright = _scattered(moon_deg) * light * (1 - 10 ** (-0.4 * _EXTINCTION * through))
    return np.asarray(dark / (dark + np.where(moon_altitude_deg > 0, bright, 0.0)))


def _airmass(altitude_deg: Floats) -> Floats:
    """Return the airmass of scattered light (eq. 3), which stays finite at the horizon."""
    return np.asarray((1 - 0.96 * np.cos(np.radians(np.clip(altitude_deg, 0.0, 90.0))) ** 2) ** -0.5)


def _scattered(moon_deg: Floats) -> Floats:
    """Return the scattering function (eqs. 18, 19 and 21), by molecules and by dust."""
    by_dust = np.where(
        moon_deg < _NEAR_DEG, 6.2e7 / np.maximum(moon_deg, 0.25) ** 2, 10 ** (6.15 - np.maximum(moon_deg, 10.0) / 40)
    )
    return np.asarray(10**5.36 * (1.06 + np.cos(np.radians(moon_deg)) ** 2) + by_dust)
