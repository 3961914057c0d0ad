"""A night's star tables as a light curve: each star found again by its place on the sky."""

from collections.abc import Sequence

import numpy as np
from scipy.spatial import cKDTree

from obsy.engine.reduce.star_table import LOSING, Flag, StarTable
from obsy.engine.science.transit.curve import MeasuredCurve, RelativeFlux
from obsy.engine.science.transit.model import Floats
from obsy.engine.science.transit.relative import relative, star_doubts
from obsy.errors import UserError

SAME_ARCSEC = 3.0
"""A star is the same in two tables if it lies no farther apart."""
MEASURED = 60
"""Brightest stars that may be compared with."""


def tables_curve(tables: Sequence[StarTable], star: tuple[float, float]) -> MeasuredCurve:
    """Return the light of a star (ra, dec, degrees) over its neighbours' in star tables of one filter.

    Errors are the tables' own: of the star, and of those it is compared with. Raises UserError if no table shows the
    star whole at a known time, or if no star can be compared with.
    """
    shown = [each for each in tables if each.observation.bjd_tdb is not None and _own(each, star) is not None]
    if not shown:
        where = f"{star[0]:.4f}, {star[1]:+.4f} deg"
        raise UserError(f"none of {len(tables)} star tables shows the star at {where} at a known time")
    shown.sort(key=lambda each: each.observation.bjd_tdb or 0.0)
    first = max(shown, key=lambda each: int(each.good.sum()))
    own = _own(first, star)
    others = [n for n in np.argsort(-np.nan_to_num(first.flux)) if n != own and first.good[n]][:MEASURED]
    places = _vectors(np.array([star[0], *first.ra[others]]), np.array([star[1], *first.dec[others]]))
    found = np.array([_of(each, places) for each in shown])  # (tables, stars, flux and error)
    if not np.isfinite(found[:, 0, 0]).any():
        raise UserError(_spoilt(shown, star))
    air = np.array([[np.nan if each.observation.airmass is None else each.observation.airmass] for each in shown])
    chosen = relative(found[:, :, 0], air)
    if chosen is None:
        raise UserError("no star beside the target is seen whole in nearly all star tables: none compares")
    compared = list(chosen.stars)
    theirs = np.sqrt((found[:, compared, 1] ** 2).sum(axis=1)) / found[:, compared, 0].sum(axis=1)
    error = chosen.flux * np.hypot(found[:, 0, 1] / found[:, 0, 0], theirs)
    lost = len(tables) - len(shown)
    doubts = [f"{lost} star tables do not show the star at a known time"] if lost else []
    blended = sum(bool(_flags(each, star) & Flag.BLENDED) for each in shown)
    doubts += [f"in {blended} frames a neighbour's light lies in the target's aperture"] if blended else []
    doubts += star_doubts(chosen, lambda n: f"{first.ra[others[n - 1]]:.4f}, {first.dec[others[n - 1]]:+.4f} deg")
    at = tuple((float(first.x[others[n - 1]]), float(first.y[others[n - 1]])) for n in compared)
    radius = float(np.median([each.observation.aperture_px for each in shown]))
    return MeasuredCurve(_curve(shown, star, chosen.flux, error), at, radius, len(tables), {}, tuple(doubts))


def _own(table: StarTable, star: tuple[float, float]) -> int | None:
    return table.nearest(*star, SAME_ARCSEC)


def _flags(table: StarTable, star: tuple[float, float]) -> int:
    row = _own(table, star)
    return 0 if row is None else int(table.flags[row])


def _spoilt(tables: Sequence[StarTable], star: tuple[float, float]) -> str:
    """Return what is wrong with a star whose light is whole in no table."""
    flags = [_flags(each, star) for each in tables if _own(each, star) is not None]
    full = sum(bool(each & Flag.SATURATED) for each in flags)
    cure = ": expose for a shorter time, or in a narrower filter" if full else ""
    return f"the star is seen whole in none of {len(flags)} star tables, saturated in {full}{cure}"


def _of(table: StarTable, places: Floats) -> Floats:
    """Return flux and error of each place in a table, (places, 2); NaN where its star is not there, or not whole."""
    gap, mine = cKDTree(_vectors(table.ra, table.dec)).query(places)
    told = np.column_stack([table.flux, table.flux_error])[mine]
    lost = (gap > np.radians(SAME_ARCSEC / 3600)) | ((table.flags[mine] & int(LOSING)) > 0)
    told[lost | ~(told[:, 0] > 0)] = np.nan
    return np.asarray(told)


def _vectors(ra_deg: Floats, dec_deg: Floats) -> Floats:
    """(n, 3): directions as unit vectors, whose distances are angles as far as they are small."""
    ra, dec = np.radians(ra_deg), np.radians(dec_deg)
    return np.column_stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])


def _curve(tables: Sequence[StarTable], star: tuple[float, float], flux: Floats, error: Floats) -> RelativeFlux:
    seen = [each.observation for each in tables]
    mine = [_own(each, star) or 0 for each in tables]
    trends = {
        name: np.array([getattr(table, name)[row] for table, row in zip(tables, mine, strict=True)])
        for name in ("x", "y", "sky")
    }
    trends["fwhm"] = np.array([float(np.nanmedian(each.fwhm)) for each in tables])
    trends["airmass"] = np.array([np.nan if each.airmass is None else each.airmass for each in seen])
    times, utc = (np.array([getattr(each, scale) or np.nan for each in seen]) for scale in ("bjd_tdb", "jd_utc"))
    exposure = float(np.median([each.exposure_s for each in seen]))
    return RelativeFlux(times, flux, error, trends, exposure, utc if np.isfinite(utc).all() else None)
