"""A spectrum as it was measured, with all that its file says of it."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from obsy.engine.science.spectrum.lamp_lines import Floats


@dataclass(frozen=True, slots=True)
class MeasuredSpectrum:
    """Light by wavelength; each array (columns,), wavelengths growing."""

    target: str
    wavelength: Floats
    """Angstrom, in air."""
    flux: Floats
    """Electrons in all exposures; divided by the instrument's response where one was given."""
    error: Floats
    rms: float
    """Of the lamp's lines about the solution, angstrom; nan where no lamp says it."""
    wavelength_error: float
    """One standard deviation of the wavelengths in the middle of the lines, angstrom; nan likewise."""
    lines: int
    """Of the lamp, on which the wavelengths rest."""
    resolving_power: float
    """Wavelength over the width of a line, in the middle."""
    frames: int
    exposure_s: float
    """Of one frame."""
    began: datetime | None
    ended: datetime | None
    """UTC, of the first and the last frame."""
    hits: int
    """Pixels that were left out for cosmic rays."""
    is_relative: bool = False
    """Whether the instrument's response was divided out."""
    heliocentric_km_s: float | None = None
    """To be added to a radial velocity; not applied to the wavelengths. None where time or place is not known."""
    band_shift: float | None = None
    """Angstrom by which the air's oxygen band lies off to the red; None where it is not plain."""
    doubts: tuple[str, ...] = ()

    @property
    def snr(self) -> float:
        """The median of light over its error."""
        return float(np.nanmedian(self.flux / self.error))

    @property
    def dispersion(self) -> float:
        """Angstrom a pixel in the middle."""
        return float(np.median(np.diff(self.wavelength)))
