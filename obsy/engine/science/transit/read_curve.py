"""A light curve in a file: ECSV, or columns with names, as AstroImageJ, HOPS, EXOTIC and obsy write them."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from astropy.table import Table

from obsy.engine.science.transit.curve import RelativeFlux
from obsy.engine.science.transit.model import Floats
from obsy.engine.science.transit.noise import neighbour_scatter
from obsy.errors import UserError

NAMES = {
    "bjd_tdb": ("bjd_tdb", "bjd_tdb_b", "bjd", "time_bjd_tdb"),
    "flux": ("flux", "rel_flux", "rel_flux_t1", "relative_flux", "diff"),
    "error": ("error", "flux_error", "rel_flux_err_t1", "flux_err", "uncertainty", "err"),
    "jd_utc": ("jd_utc", "jd_utc_mid"),
    "airmass": ("airmass", "x_airmass", "detrend_1"),
    "x": ("x", "x(fits)_t1", "x_px"),
    "y": ("y", "y(fits)_t1", "y_px"),
    "fwhm": ("fwhm", "fwhm_t1", "width_t1"),
    "sky": ("sky", "sky/pixel_t1"),
    "flip": ("flip", "meridian_flip"),
}
"""What each column is called, small letters; the first that is there counts."""
TRENDS = "airmass", "x", "y", "fwhm", "sky", "flip"
EXPOSURES = "exposure_s", "exptime", "exposure", "exp_time"
EARLIEST, LATEST = 2_400_000.0, 2_500_000.0
"""Julian dates of 1858 and 2132."""


def read_curve(path: Path) -> RelativeFlux:
    """Return the light curve in a file.

    Where no errors stand in it, they are taken from how much neighbouring points differ.
    Raises UserError, with every fault of its columns, if it is none.
    """
    columns, meta = _columns(path)
    found = {name: _first(columns, called) for name, called in NAMES.items()}
    time, flux = found["bjd_tdb"], found["flux"]
    if time is None or flux is None:
        missing = [f"'{NAMES[name][0]}'" for name in ("bjd_tdb", "flux") if found[name] is None]
        there = ", ".join(columns) or "none"
        raise UserError(
            f"{path} has no column {' and none '.join(missing)}: a transit is fitted to both. It has: {there}"
        )
    wrong = time[np.isfinite(time) & ((time < EARLIEST) | (time > LATEST))]
    if wrong.size:
        told = f"{path}: {wrong[0]:.5f} in its column of BJD_TDB is no Julian date"
        raise UserError(f"{told}: write whole ones, such as 2458107.71424, not shortened and not MJD")
    error = found["error"] if found["error"] is not None else np.full(len(flux), neighbour_scatter(flux))
    trends = {name: values for name in TRENDS if (values := found[name]) is not None}
    exposed = _first(columns, EXPOSURES)
    usual = float(np.nanmedian(exposed)) if exposed is not None else float(meta.get("exposure_s", 0.0))
    return RelativeFlux(time, flux, error, trends, usual, found["jd_utc"])


def _first(columns: dict[str, Floats], called: Iterable[str]) -> Floats | None:
    return next((columns[name] for name in called if name in columns), None)


def _columns(path: Path) -> tuple[dict[str, Floats], dict[str, Any]]:
    """Return its columns of numbers by their names in small letters, and what an ECSV file says besides."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise UserError(f"{path} cannot be read as text: {getattr(fault, 'strerror', None) or fault}") from None
    lines, form = (text.splitlines(), {"format": "ascii.ecsv"}) if text.startswith("# %ECSV") else _plain(text)
    try:
        told = Table.read(lines, **form)
    except Exception as fault:  # astropy raises a dozen kinds
        raise UserError(f"{path} is no table with a line of names: {str(fault).strip().splitlines()[0]}") from None
    numbers = {name.lower(): _numbers(told[name]) for name in told.colnames if told[name].dtype.kind in "fiu"}
    return numbers, dict(told.meta)


def _numbers(column: object) -> Floats:
    filled = np.ma.filled(np.ma.asarray(column, dtype=np.float64), np.nan)
    return np.asarray(filled, dtype=np.float64)


def _plain(text: str) -> tuple[list[str], dict[str, str]]:
    """Return the lines of plain columns and how they are read: the names may be the last comment before the numbers.

    In a report for the AAVSO another line says what its column `DATE` is.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    first = next((n for n, line in enumerate(lines) if re.match(r"\s*[\d.+-]", line)), len(lines))
    head = lines[first - 1].lstrip("# ") if first else ""
    between = "\t" if "\t" in head else "," if "," in head else " "
    if "#DATE_TYPE=BJD_TDB" in lines:
        head = re.sub(r"^DATE\b", "bjd_tdb", head)
    body = [line for line in lines[first:] if not line.startswith("#")]
    return [head, *body], {"format": "ascii.basic", "delimiter": between}
