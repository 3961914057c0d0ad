"""What each filter lets through, and how bright stars, sky and air are there."""

from dataclasses import dataclass

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
_EXTINCTION = (0.50, 0.25, 0.15, 0.10, 0.06)
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

    def _here(self, table: tuple[float, ...]) -> float:
        return float(np.interp(self.centre_nm, _PHOTOMETRIC_NM, table))

    @property
    def photons(self) -> float:
        """Photons per s and cm2 of a white star of magnitude 0, above the air, in the whole band."""
        return self._here(_PHOTONS) * self.width_nm * 10

    @property
    def extinction(self) -> float:
        """Magnitudes per airmass."""
        return self._here(_EXTINCTION)

    @property
    def night(self) -> float:
        """Magnitude of the dark sky here, less that in V."""
        return self._here(_NIGHT)

    @property
    def sunlit(self) -> float:
        """Magnitude of sunlight here, less that in V."""
        return self._here(_SUNLIT)

    def flux(self, mag: NDArray[np.float64], colour: NDArray[np.float64]) -> NDArray[np.float64]:
        """Photons per s and cm2 above the air, of stars with these V magnitudes and B-V."""
        return np.asarray(self.photons * 10 ** (-0.4 * (mag + self._here(_SLOPE) * colour)))

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
