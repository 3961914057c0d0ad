"""The wavelengths of a grating before the camera: counted from the star's own image, the zero order."""

import numpy as np
from numpy.polynomial import Polynomial
from scipy.ndimage import median_filter

from obsy.engine.science.spectrum.arc_peaks import arc_peaks
from obsy.engine.science.spectrum.lamp_lines import Floats
from obsy.engine.science.spectrum.traced import TracedLight
from obsy.engine.science.spectrum.wavelengths import WavelengthSolution
from obsy.errors import UserError

BESIDE = 4.0
"""Widths of the trace within which the zero order lies: where it is there is no spectrum, and the trace is drawn on."""
SHARP = 3.0
"""A zero order is at most as many times as wide as the trace."""


def by_zero_order(light: Floats, way: TracedLight, dispersion: float) -> WavelengthSolution:
    """Return wavelengths that grow evenly from the zero order; light: electrons, red to the right.

    dispersion: as declared, angstrom a pixel. What it is off is in every wavelength, and no line tells it.
    Raises UserError if no sharp image stands left of the spectrum.
    """
    inside = np.abs(np.arange(len(light))[:, None] - way.centre[None, :]) <= BESIDE * way.fwhm
    along = np.where(inside, np.nan_to_num(light - way.sky), 0.0).sum(axis=0)
    sharp = along - median_filter(along, size=int(8 * way.fwhm) | 1, mode="nearest")
    peaks = arc_peaks(sharp, np.sqrt(np.maximum(along, 1.0)))
    kept = (peaks.fwhm < SHARP * way.fwhm) & (peaks.height > 0.3 * peaks.height.max(initial=0.0))
    if not kept.any():
        raise UserError("no zero order stands beside the spectrum: have the star's own image in the frame")
    zero = peaks.place[kept][0]
    error = float(peaks.error[kept][0]) * dispersion
    curve = Polynomial([-zero * dispersion, dispersion])
    return WavelengthSolution(curve, float("nan"), error, 0, np.array([]), np.array([]))
