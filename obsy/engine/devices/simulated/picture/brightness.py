"""How bright stars, the sky and moonlight are through each filter."""

from dataclasses import dataclass
from math import cos, exp, log, radians

import numpy as np
from numpy.typing import NDArray

EFFICIENCY = 0.5
"""Of optics, filter and sensor together; plausible for a small telescope and a back-illuminated CMOS."""

_PHOTOMETRIC_NM = (366.0, 438.0, 545.0, 641.0, 798.0)
"""Effective wavelengths of U, B, V, R and I. Source: Bessell, Castelli & Plez 1998, A&A 333, 231, table A2."""
_PHOTONS = (769.0, 1393.0, 996.0, 702.0, 452.0)
"""Photons of a star of magnitude 0 above the air, per s, cm2 and Angstrom.

Source: f_lambda of the same table, divided by hc / lambda.
"""
EXTINCTION = (0.50, 0.25, 0.15, 0.10, 0.06)
"""Magnitudes per airmass at a low site; typical, not measured."""
_SLOPE = (1.8, 1.0, 0.0, -0.57, -1.15)
"""How a star's magnitude here less V grows with its B-V; typical of main-sequence stars."""
_NIGHT = (-0.3, 0.9, 0.0, -0.7, -1.6)
"""Magnitude of the dark sky here less V. Source: Patat 2003, A&A 400, 1183, rounded."""
_SUNLIT = (0.78, 0.65, 0.0, -0.36, -0.70)
"""Magnitude of sunlight here less V: of the Moon and what it lights. Source: the Sun's colours, rounded."""
LINES_NM = {"Hb": 486.1, "OIII": 500.7, "Ha": 656.3, "SII": 672.4}
"""The lines in which nebulae shine."""


@dataclass(frozen=True, slots=True)
class Passband:
    """A filter with vertical flanks."""

    centre_nm: float
    width_nm: float

    def at(self, table: tuple[float, ...]) -> float:
        """Return what a table of the photometric bands says of this one."""
        return float(np.interp(self.centre_nm, _PHOTOMETRIC_NM, table))

    @property
    def photons(self) -> float:
        """Photons per s and cm2 of a white star of magnitude 0, above the air, in the whole band."""
        return self.at(_PHOTONS) * self.width_nm * 10

    def flux(self, mag: NDArray[np.float64], colour: NDArray[np.float64]) -> NDArray[np.float64]:
        """Photons per s and cm2 above the air, of stars with these V magnitudes and B-V."""
        return np.asarray(self.photons * 10 ** (-0.4 * (mag + self.at(_SLOPE) * colour)))

    def passes(self, line: str) -> bool:
        """Whether a line lies within the band."""
        return abs(LINES_NM[line] - self.centre_nm) <= self.width_nm / 2


V = Passband(545, 85)
PASSBANDS = {
    "l": Passband(550, 300),
    "c": Passband(570, 400),
    "u": Passband(366, 65),
    "b": Passband(450, 110),
    "g": Passband(535, 90),
    "v": V,
    "r": Passband(640, 100),
    "i": Passband(798, 150),
    "ha": Passband(656.3, 7),
    "oiii": Passband(500.7, 7),
    "sii": Passband(672.4, 7),
    "hb": Passband(486.1, 7),
}


def passband(role: str) -> Passband:
    """The band of a filter's role; one that nobody has heard of is taken for luminance."""
    return PASSBANDS.get(role.lower(), PASSBANDS["l"])


DARK_V = 21.2
"""Of a moonless sky at the zenith, V magnitudes per square arcsecond: a rural site."""
EXTINCTION_V = 0.15
TWILIGHT_ENDS = 18.0
_TWILIGHT = (
    (366.0, 22.3, 11.78, 1.376, -0.039),
    (438.0, 22.6, 11.84, 1.411, -0.041),
    (545.0, 21.6, 11.84, 1.518, -0.057),
    (641.0, 20.9, 11.40, 1.567, -0.064),
    (798.0, 19.7, 10.93, 1.470, -0.062),
)
"""Wavelength, the night at Paranal, and the coefficients of the twilight there."""


@dataclass(frozen=True, slots=True)
class Moonlight:
    """Where the Moon stands, how far from what is seen, and its phase angle (0 is full), degrees."""

    altitude_deg: float
    separation_deg: float
    phase_deg: float


@dataclass(frozen=True, slots=True)
class Glow:
    """What brightens the sky at a place and moment."""

    altitude_deg: float
    sun_altitude_deg: float
    moon: Moonlight


def nanolamberts(mag: float) -> float:
    """Surface brightness from V magnitudes per square arcsecond.

    Source: Garstang 1989, PASP 101, 306, as used by Krisciunas & Schaefer 1991.
    """
    return 34.08 * exp(20.7233 - 0.92104 * mag)


def magnitude(brightness_nl: float) -> float:
    """V magnitudes per square arcsecond from nanolamberts."""
    return (20.7233 - log(brightness_nl / 34.08)) / 0.92104


def path(altitude_deg: float) -> float:
    """Airmass of scattered light. Source: Krisciunas & Schaefer 1991, PASP 103, 1033, eq. 3."""
    return float((1 - 0.96 * cos(radians(max(altitude_deg, 0.0))) ** 2) ** -0.5)


def moonlight_nl(glow: Glow, extinction: float = EXTINCTION_V) -> float:
    """Scattered moonlight, V, in nanolamberts; none when the Moon is down. Source: the same, eq. 15, 20 and 21."""
    moon = glow.moon
    if moon.altitude_deg <= 0:
        return 0.0
    light = 10 ** (-0.4 * (3.84 + 0.026 * moon.phase_deg + 4e-9 * moon.phase_deg**4))
    rho = max(moon.separation_deg, 1.0)
    scattering = 10**5.36 * (1.06 + cos(radians(rho)) ** 2) + 10 ** (6.15 - rho / 40)
    dimmed = 10 ** (-0.4 * extinction * path(moon.altitude_deg))
    return float(scattering * light * dimmed * (1 - 10 ** (-0.4 * extinction * path(glow.altitude_deg))))


def night_nl(glow: Glow) -> float:
    """The moonless sky, V, in nanolamberts; brighter towards the horizon. Source: the same, eq. 2."""
    thickness = path(glow.altitude_deg)
    return float(nanolamberts(DARK_V) * 10 ** (-0.4 * EXTINCTION_V * (thickness - 1)) * thickness)


def twilight_mag(nm: float, sun_altitude_deg: float) -> float:
    """Twilight alone at the zenith, magnitudes per square arcsecond.

    Source: Patat et al. 2006, A&A 455, 385, fits in U, B, V, R, I less the night of Patat 2003; from 13 deg of
    depression on, where night outshines it, it fades by 1 mag per degree.
    """
    _, night, a0, a1, a2 = min(_TWILIGHT, key=lambda row: abs(row[0] - nm))
    depth = max(-sun_altitude_deg - 5, -5.0)
    fitted = min(depth, 8.0)
    both = a0 + a1 * fitted + (a2 * fitted * fitted if fitted > 0 else 0.0)
    alone = 10 ** (-0.4 * both) - 10 ** (-0.4 * night)
    return -2.5 * log(alone, 10) + (depth - fitted)


def surface(band: Passband, glow: Glow) -> float:
    """Photons per s, cm2 and square arcsecond that the sky itself sends through a filter."""
    night = 10 ** (-0.4 * (magnitude(night_nl(glow)) + band.at(_NIGHT)))
    lit = moonlight_nl(glow)
    moon = 10 ** (-0.4 * (magnitude(lit) + band.at(_SUNLIT))) if lit > 0 else 0.0
    twilight = 10 ** (-0.4 * twilight_mag(band.centre_nm, glow.sun_altitude_deg))
    return float(band.photons * (night + moon + (twilight if glow.sun_altitude_deg > -TWILIGHT_ENDS else 0.0)))
