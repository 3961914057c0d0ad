"""A spectrum's numbers for a machine; light and wavelengths stand in its table."""

from math import isnan
from typing import Any

from obsy.engine.science.spectrum.measured import MeasuredSpectrum


def shape(spectrum: MeasuredSpectrum) -> dict[str, Any]:
    """Return what was measured, None for what nobody knows."""
    return {
        "target": spectrum.target,
        "frames": spectrum.frames,
        "exposure_s": spectrum.exposure_s,
        "began": spectrum.began.isoformat() if spectrum.began else None,
        "ended": spectrum.ended.isoformat() if spectrum.ended else None,
        "angstrom": [round(float(spectrum.wavelength[0]), 4), round(float(spectrum.wavelength[-1]), 4)],
        "medium": "air",
        "dispersion_angstrom_px": round(spectrum.dispersion, 5),
        "lines": spectrum.lines,
        "rms_angstrom": None if isnan(spectrum.rms) else round(spectrum.rms, 5),
        "wavelength_error_angstrom": None if isnan(spectrum.wavelength_error) else round(spectrum.wavelength_error, 5),
        "resolving_power": round(spectrum.resolving_power, 1),
        "snr": round(spectrum.snr, 2),
        "cosmic_ray_pixels": spectrum.hits,
        "heliocentric_km_s": spectrum.heliocentric_km_s and round(spectrum.heliocentric_km_s, 3),
        "air_band_off_angstrom": None if spectrum.band_shift is None else round(spectrum.band_shift, 2),
        "is_response_divided_out": spectrum.is_relative,
        "doubts": list(spectrum.doubts),
    }


def table(spectrum: MeasuredSpectrum) -> str:
    """Return wavelength, light and its error by column as ECSV, which astropy, TOPCAT and spreadsheets read."""
    head = ["# %ECSV 1.0", "# ---", "# delimiter: ','", "# datatype:"]
    head += ["# - {name: wavelength, unit: Angstrom, datatype: float64, description: in air}"]
    head += [f"# - {{name: {name}, datatype: float64}}" for name in ("flux", "error")]
    rows = zip(spectrum.wavelength, spectrum.flux, spectrum.error, strict=True)
    return "\n".join([*head, "wavelength,flux,error", *(f"{w:.4f},{f:.6g},{e:.6g}" for w, f, e in rows)]) + "\n"
