"""A light curve in a file: ECSV, or columns with names, as AstroImageJ, EXOTIC and obsy write them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from obsy.engine.science.transit.curve import RelativeFlux
from obsy.engine.science.transit.model import Floats
from obsy.engine.science.transit.noise import neighbour_scatter
from obsy.engine.science.transit.text_table import NOTHING, TextTable, text_table
from obsy.errors import UserError

TIME = "bjd_tdb", "bjd_tdb_b", "bjd", "time_bjd_tdb"
FLUX = "flux", "rel_flux", "rel_flux_t1", "relative_flux"
MAGNITUDE = "magnitude", "mag", "dmag"
ERROR = "error", "flux_error", "rel_flux_err_t1", "flux_err", "uncertainty", "err"
CLOCK = "jd_utc", "jd_utc_mid"
EXPOSURE = "exposure_s", "exptime", "exposure", "exp_time"
TRENDS = {
    "airmass": ("airmass", "x_airmass"),
    "x": ("x", "x(fits)_t1", "x_px"),
    "y": ("y", "y(fits)_t1", "y_px"),
    "fwhm": ("fwhm", "fwhm_t1", "width_t1"),
    "sky": ("sky", "sky/pixel_t1"),
    "flip": ("flip", "meridian_flip"),
}
"""What each column is called, small letters; the first that is there counts."""
EARLIEST, LATEST = 2_400_000.0, 2_500_000.0
"""Julian dates of 1858 and 2132."""
FAINTEST = 30.0
"""No star's magnitude is farther from 0, nor from another's: tables fill what they do not know with 99.99 or -999."""
LEAST, MOST = 1e-30, 1e30
"""What is nearer to 0, or farther from it, is no light, no error and no trend: its square is no number any more."""
LONGEST_S = 3600.0
"""No frame that shows an ingress is exposed longer."""
BARYCENTRIC = "BJD_TDB", "BJD_TT"
"""Kinds of date that are one to 2 ms."""
MEASURED = {"Rnflux": False, "Rflux": False, "Dmag": True}
"""What a report for the AAVSO may hold, and whether that is magnitudes. Source: exoplanet report format 0.62."""
_LN = float(np.log(10) / 2.5)
"""A small change of a magnitude is this share of the light."""


@dataclass(frozen=True, slots=True)
class _Named:
    """By which names (small letters) a file calls what is sought in it."""

    light: tuple[str, ...]
    is_magnitude: bool
    time: tuple[str, ...] = TIME
    trends: tuple[tuple[str, tuple[str, ...]], ...] = tuple(TRENDS.items())


def read_curve(path: Path) -> RelativeFlux:
    """Return the light curve in a file, in order of time.

    Magnitudes become fluxes. Where no errors stand in it, they are taken from how much neighbouring points differ.
    Raises UserError, with the place of what is wrong, if it is none.
    """
    table = text_table(path)
    named = _in_report(table) if table.head.get("TYPE") == "EXOPLANET" else _in_columns(table)
    time, light = table.column(named.time), _measured(table.column(named.light))
    if time is None or light is None:
        missing = [f"'{names[0]}'" for names, had in ((TIME, time), (FLUX, light)) if had is None]
        raise UserError(
            f"{path} has no column {' and none '.join(missing)}: a transit is fitted to both. It has: "
            f"{', '.join(filter(None, table.names))}"
        )
    wrong = time[np.isfinite(time) & ((time < EARLIEST) | (time > LATEST))]
    if wrong.size:
        told = f"{path}: {wrong[0]:.5f} in its column of BJD_TDB is no Julian date"
        raise UserError(f"{told}: write whole ones, such as 2458107.71424, not shortened and not MJD")
    error = _measured(table.column(ERROR))
    if named.is_magnitude:
        light = np.where(np.abs(light) <= FAINTEST, light, np.nan)
        light = 10 ** (-0.4 * (light - np.nanmedian(light))) if np.isfinite(light).any() else light
        error = None if error is None else light * error * _LN
    order = np.argsort(time, kind="stable")
    if error is None:
        error = np.full(len(light), _scatter(path, (light[order])[np.isfinite((time + light)[order])]))
    columns = {name: _measured(table.column(called), 0.0) for name, called in named.trends}
    trends = {name: values[order] for name, values in columns.items() if values is not None}
    utc = table.column(CLOCK)
    return RelativeFlux(
        time[order], light[order], error[order], trends, _exposure(table), None if utc is None else utc[order]
    )


def _measured(said: Floats | None, least: float = LEAST) -> Floats | None:
    """Return a column with NaN where a number is no measurement."""
    if said is None:
        return None
    size = np.abs(said)
    return np.where((size <= MOST) & ((size >= least) | (size == 0)), said, np.nan)


def _in_columns(table: TextTable) -> _Named:
    lower = {name.lower() for name in table.names}
    is_magnitude = lower.isdisjoint(FLUX) and not lower.isdisjoint(MAGNITUDE)
    return _Named(MAGNITUDE if is_magnitude else FLUX, is_magnitude)


def _in_report(table: TextTable) -> _Named:
    """Return how a report for the AAVSO calls its columns: its head says what DATE, DIFF and each DETREND are.

    Raises UserError if its dates are others', or if it does not say whether DIFF is flux or magnitudes.
    """
    path, (date, kind) = table.path, (str(table.head.get(key, "")) for key in ("DATE_TYPE", "MEASUREMENT_TYPE"))
    if date not in BARYCENTRIC:
        raise UserError(f"{path}: DATE_TYPE={date}: a transit is fitted to dates in BJD_TDB; write those, and say so")
    if kind not in MEASURED:
        raise UserError(
            f"{path}: MEASUREMENT_TYPE={kind}: it says not what DIFF is; write one of {', '.join(MEASURED)}"
        )
    said = [each.strip().lower() for each in str(table.head.get("DETREND_PARAMETERS", "")).split(",")]
    trends = {
        name: tuple(f"detrend_{said.index(each) + 1}" for each in called if each in said)
        for name, called in TRENDS.items()
    }
    return _Named(("diff",), MEASURED[kind], ("date",), tuple(trends.items()))


def _scatter(path: Path, light: Floats) -> float:
    """Return the error of each point by its neighbours; light: in order of time, (times,), all finite."""
    scatter = neighbour_scatter(light)
    if len(light) and not 0 < scatter < np.inf:
        raise UserError(f"{path} has no column 'error', and its neighbouring points do not differ: write the errors")
    return scatter


def _exposure(table: TextTable) -> float:
    """Return the usual exposure, s; 0 where nobody says. Raises UserError if there can be none such."""
    column = table.column(EXPOSURE)
    if column is not None:
        said = column[np.isfinite(column)]
    else:
        words = str(table.head.get("EXPOSURE_TIME", table.head.get("exposure_s", ""))).strip()
        try:
            said = np.array([] if words.lower() in NOTHING else [float(words)])
        except ValueError:
            raise UserError(f"{table.path}: an exposure of '{words}': write seconds alone, as 60") from None
    wrong = said[~((said >= 0) & (said <= LONGEST_S))]
    if wrong.size:
        raise UserError(f"{table.path}: an exposure of {wrong[0]:g} s: write seconds, from 0 to {LONGEST_S:g}")
    return float(np.median(said)) if said.size else 0.0
