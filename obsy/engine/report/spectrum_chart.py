"""A spectrum as a picture: its light by wavelength, and where hydrogen's and the air's lines lie."""

import numpy as np

from obsy.engine.report.axes import AxisScale, line, ticks
from obsy.engine.report.picture import picture
from obsy.engine.science.spectrum.measured import MeasuredSpectrum

TOP, BOTTOM = 34, 334
KNOWN = {"Hδ": 4101.73, "Hγ": 4340.47, "Hβ": 4861.35, "Na D": 5892.9, "Hα": 6562.8, "O₂ B": 6870.0, "O₂ A": 7604.0}
"""Angstrom, in air."""
MOST_POINTS = 2000


def svg(spectrum: MeasuredSpectrum) -> str:
    """Return a picture of a spectrum, 1000 px wide."""
    known = np.isfinite(spectrum.flux)
    wave, flux = spectrum.wavelength[known], spectrum.flux[known]
    every = max(len(wave) // MOST_POINTS, 1)
    x = AxisScale(float(wave[0]), float(wave[-1]), 0.5, 99.5)
    low, high = min(float(flux.min()), 0.0), float(np.percentile(flux, 99.8)) * 1.06
    y = AxisScale(low, high, BOTTOM - 2, TOP + 16)
    rests = f"wavelengths in air by {spectrum.lines} lines, rms {spectrum.rms:.3f} Å"
    rests = rests if spectrum.lines else "wavelengths by the zero order alone"
    return picture(
        "report/spectrum.svg.j2",
        f"{spectrum.target}: R {spectrum.resolving_power:.0f}, S/N {spectrum.snr:.0f}",
        f"{spectrum.frames} x {spectrum.exposure_s:g} s; {rests}; nothing is corrected for the Earth's motion.",
        BOTTOM + 30,
        heading="Light, relative" if spectrum.is_relative else "Light, electrons",
        top=TOP,
        bottom=BOTTOM,
        marks=[(round(y.at(at), 1), f"{at:,.7g}".replace(",", " ")) for at in ticks(low, high, 5)],
        known=[(round(x.at(at), 2), word, TOP + 12) for word, at in KNOWN.items() if x.low < at < x.high],
        path=line(zip(map(x.at, wave[::every]), map(y.at, flux[::every]), strict=True)),
        waves=[(round(x.at(at), 2), f"{at:g} Å") for at in ticks(x.low, x.high, 8)],
        foot=BOTTOM + 18,
    )
