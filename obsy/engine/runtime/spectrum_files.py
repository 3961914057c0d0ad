"""The files of a spectrum: FITS as BeSS takes it, a table with errors, a picture, and all numbers."""

import io
import json
import re
from pathlib import Path

import numpy as np

from obsy.engine.disk import write_whole
from obsy.engine.report.spectrum_chart import svg
from obsy.engine.science.spectrum.as_json import shape, table
from obsy.engine.science.spectrum.bess import SpectrumObservation, as_fits, broken_rules
from obsy.engine.science.spectrum.lamp_lines import Floats
from obsy.engine.science.spectrum.measured import MeasuredSpectrum
from obsy.errors import UserError


def write_spectrum(
    folder: Path, spectrum: MeasuredSpectrum, about: SpectrumObservation
) -> tuple[list[Path], list[str]]:
    """Write a spectrum's files, each whole or not at all, and return them, and why BeSS would not take it.

    Raises UserError if the disk refuses.
    """
    made = as_fits(spectrum, about)
    broken = broken_rules(made[0].header, np.asarray(made[0].data))
    content = io.BytesIO()
    made.writeto(content)
    stem = folder / spectrum_stem(spectrum)
    numbers = json.dumps(shape(spectrum) | {"bess": broken}, indent=2, ensure_ascii=False) + "\n"
    files = {
        "-spectrum.fits": content.getvalue(),
        "-spectrum.ecsv": table(spectrum).encode(),
        "-spectrum.svg": svg(spectrum).encode(),
        "-spectrum.json": numbers.encode(),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for end, each in files.items():
            write_whole(stem.with_name(stem.name + end), each)
    except OSError as fault:
        raise UserError(f"'{folder}' cannot be written into: {fault.strerror or fault}") from None
    return [stem.with_name(stem.name + end) for end in files], broken


def write_response(folder: Path, spectrum: MeasuredSpectrum, response: Floats) -> Path:
    """Write the response that a standard star showed, where it is known. Raises UserError if the disk refuses."""
    known = np.isfinite(response)
    rows = zip(spectrum.wavelength[known], response[known], strict=True)
    text = "# angstrom in air, response\n" + "".join(f"{wave:.3f} {share:.5f}\n" for wave, share in rows)
    path = folder / f"{spectrum_stem(spectrum)}-response.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode())
    except OSError as fault:
        raise UserError(f"'{folder}' cannot be written into: {fault.strerror or fault}") from None
    return path


def spectrum_stem(spectrum: MeasuredSpectrum) -> str:
    """Return what the names of its files begin with: when it began, UTC to the minute, and the star."""
    name = re.sub(r"[^\w.+-]+", "-", spectrum.target) or "spectrum"
    return f"{spectrum.began:%Y-%m-%dT%H%M}-{name}" if spectrum.began else name
