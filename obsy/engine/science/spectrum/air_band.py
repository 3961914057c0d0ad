"""The air's own band of oxygen in a star's spectrum, which says whether the lamp's wavelengths are the star's.

An arc's light fills the slit and a star's does not: a star beside the slit's middle is shifted, and no lamp tells it.
"""

import numpy as np
from scipy.ndimage import gaussian_filter1d

from obsy.engine.science.spectrum.arc_peaks import FWHM
from obsy.engine.science.spectrum.lamp_lines import Floats
from obsy.engine.science.spectrum.measured import MeasuredSpectrum

HEAD, TURN, TAIL = 6867.2, 6877.0, 6925.0
"""Angstrom, in air: where O2's band B begins at once, where its first branch turns, and where its second ends.

Source: Kurucz, Furenlid, Brault & Testerman 1984, Solar Flux Atlas.
"""
FARTHEST = 45.0
"""Angstrom by which wavelengths are tried."""
ROOM = 60.0
"""Angstrom of the spectrum on either side by which its light beside the band is told."""
LEAST_SIGMAS, LEAST_LIKE = 8.0, 0.8
"""How plain the band must be, and how like itself."""
DULLEST = 300.0
"""Resolving power below which it is no band any more."""


def band_shift(spectrum: MeasuredSpectrum) -> float | None:
    """Return by how many angstrom the band lies off to the red, within half a line; None if it is not plain."""
    near = np.abs(spectrum.wavelength - (HEAD + TAIL) / 2) < (TAIL - HEAD) / 2 + FARTHEST + ROOM
    near &= np.isfinite(spectrum.flux) & np.isfinite(spectrum.error)
    wave, flux, error = spectrum.wavelength[near], spectrum.flux[near], spectrum.error[near]
    reach = FARTHEST + ROOM / 2
    if not len(wave) or wave[0] > HEAD - reach or wave[-1] < TAIL + reach or spectrum.resolving_power < DULLEST:
        return None
    width = HEAD / spectrum.resolving_power
    trials = np.arange(-FARTHEST, FARTHEST, width / 10)
    best: tuple[float, float, float] = (np.inf, 0.0, 0.0)
    for shift in trials:
        band = _band(wave - shift, width)
        terms = np.stack([np.ones(len(wave)), wave - HEAD, (wave - HEAD) ** 2, band], axis=1) / error[:, None]
        found, *_ = np.linalg.lstsq(terms, flux / error, rcond=None)
        left = float(((flux / error - terms @ found) ** 2).sum())
        if left < best[0]:
            deep = -float(found[3]) * float(np.sqrt((band**2 / error**2).sum()))
            best = (left, float(shift), deep)
    plain = np.stack([np.ones(len(wave)), wave - HEAD, (wave - HEAD) ** 2], axis=1) / error[:, None]
    without = flux / error - plain @ np.linalg.lstsq(plain, flux / error, rcond=None)[0]
    explained = 1 - best[0] / float((without**2).sum())
    is_plain = best[2] > LEAST_SIGMAS and explained > LEAST_LIKE and abs(best[1]) < 0.95 * FARTHEST  # noqa: PLR2004
    return best[1] if is_plain else None


def _band(wave: Floats, width: float) -> Floats:
    """Return the band as a spectrograph shows it whose lines are so wide, 1 at its head; wave: angstrom."""
    fine = np.arange(wave[0] - 5 * width, wave[-1] + 5 * width, width / 8)
    first = np.where((fine >= HEAD) & (fine < TURN), 1.0 - 0.4 * (fine - HEAD) / (TURN - HEAD), 0.0)
    second = np.where((fine >= TURN) & (fine < TAIL), 0.6 * (TAIL - fine) / (TAIL - TURN), 0.0)
    seen = gaussian_filter1d(first + second, 8 / FWHM)
    made: Floats = np.interp(wave, fine, seen)
    return made
