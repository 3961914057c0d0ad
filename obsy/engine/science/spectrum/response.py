"""What a telescope, a grating and a camera make of a star's light, by a star of which it is known."""

from pathlib import Path

import numpy as np
from numpy.polynomial import Chebyshev

from obsy.engine.mad_std import mad_std
from obsy.engine.science.spectrum.lamp_lines import Floats
from obsy.engine.science.spectrum.measured import MeasuredSpectrum
from obsy.errors import UserError

DEGREE = 7
LEAST = 0.02
"""Of the response's own maximum, below which it says nothing."""


def two_columns(path: Path) -> tuple[Floats, Floats]:
    """Return wavelengths, angstrom and growing, and light, of a table of two columns; '#' begins a remark.

    Raises UserError if it is not understood.
    """
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as fault:
        raise UserError(f"'{path}' cannot be read: {fault.strerror or fault}") from None
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        parts = line.split("#")[0].replace(",", " ").replace(";", " ").split()
        try:
            if parts:
                rows.append((float(parts[0]), float(parts[1])))
        except (ValueError, IndexError):
            if rows:
                raise UserError(f"{path}:{number}: '{line.strip()}' is no line of 'angstrom light'") from None
    table = np.array(sorted(rows), dtype=float).reshape(-1, 2)
    if len(table) < DEGREE + 2 or not np.isfinite(table).all():
        raise UserError(f"'{path}' has {len(table)} rows 'angstrom light': {DEGREE + 2} are needed")
    return table[:, 0], table[:, 1]


def response(standard: MeasuredSpectrum, wavelength: Floats, light: Floats) -> Floats:
    """Return the response at the wavelengths of a standard star, 1 at most; nan where its light is not known.

    wavelength, light: how bright the star is known to be, by wavelength. Its lines are left out as what lies off.
    """
    at = standard.wavelength
    inside = (at >= wavelength[0]) & (at <= wavelength[-1]) & np.isfinite(standard.flux)
    if inside.sum() < 10 * DEGREE:
        raise UserError("the standard's known light and its spectrum hardly overlap")
    ratio = np.full(len(at), np.nan)
    ratio[inside] = standard.flux[inside] / np.maximum(np.interp(at[inside], wavelength, light), 1e-30)
    kept = inside & (ratio > 0)
    curve = Chebyshev.fit(at[kept], ratio[kept], DEGREE)
    for _ in range(5):
        off = ratio - curve(at)
        kept = inside & (np.abs(off) < 3 * max(mad_std(off[kept]), 1e-12))
        curve = Chebyshev.fit(at[kept], ratio[kept], DEGREE)
    made = np.where(inside, curve(at), np.nan)
    made = made / np.nanmax(made)
    return np.where(made > LEAST, made, np.nan)
