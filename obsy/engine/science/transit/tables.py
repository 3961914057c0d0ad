"""A night's star tables as a light curve: each star found again by its place on the sky."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from obsy.engine.reduce.star_table import LOSING, Flag, StarTable
from obsy.engine.science.best_way import common_ways
from obsy.engine.science.by_shape import by_shape
from obsy.engine.science.transit.best_aperture import best_aperture
from obsy.engine.science.transit.curve import MeasuredCurve, RelativeFlux
from obsy.engine.science.transit.model import Floats
from obsy.engine.science.transit.outside import Outside
from obsy.engine.science.transit.relative import star_doubts
from obsy.errors import UserError

SAME_ARCSEC = 3.0
"""A star is the same in two tables if it lies no farther apart."""
MEASURED = 60
"""Brightest stars that may be compared with."""


def tables_curve(
    tables: Sequence[StarTable], star: tuple[float, float], outside: Outside | None = None
) -> MeasuredCurve:
    """Return the light of a star (ra, dec, degrees) over its neighbours' in star tables of one filter.

    outside: tells which points lie outside of a transit. Of several apertures that is taken in which these scatter
    least, and the declared one where nobody says. Errors are the tables' own: of the star, and of those it is compared
    with. Raises UserError if no table shows the star whole at a known time, or if no star can be compared with.
    """
    every = len(tables)
    tables, told = by_shape(tables, star, SAME_ARCSEC)
    shown = [each for each in tables if each.observation.bjd_tdb is not None and _own(each, star) is not None]
    if not shown:
        where = f"{star[0]:.4f}, {star[1]:+.4f} deg"
        raise UserError(f"none of {len(tables)} star tables shows the star at {where} at a known time")
    shown.sort(key=lambda each: each.observation.bjd_tdb or 0.0)
    first = max(shown, key=lambda each: int(each.good.sum()))
    own = _own(first, star)
    others = [n for n in np.argsort(-np.nan_to_num(first.flux)) if n != own and first.good[n]][:MEASURED]
    places = _vectors(np.array([star[0], *first.ra[others]]), np.array([star[1], *first.dec[others]]))
    ways = ["", *common_ways(shown)]
    measured = np.array([_of(each, places, ways) for each in shown])  # (tables, ways, stars, flux and error)
    if not np.isfinite(measured[:, 0, 0, 0]).any():
        raise UserError(_spoilt(shown, star))
    air = np.array([[np.nan if each.observation.airmass is None else each.observation.airmass] for each in shown])
    radii = [float(np.median([each.by(way).observation.aperture_px for each in shown])) for way in ways]
    fluxes = {radius: measured[:, number, :, 0] for number, radius in enumerate(radii)}
    times = np.array([each.observation.bjd_tdb for each in shown], dtype=float)
    best = best_aperture(fluxes, radii[0], outside(times) if outside else None, air)
    if best is None:
        raise UserError("no star beside the target is seen whole in nearly all star tables: none compares")
    chosen, taken = best.light, radii.index(best.radius)
    found, shown = measured[:, taken], [each.by(ways[taken]) for each in shown]
    compared = list(chosen.stars)
    theirs = np.sqrt((found[:, compared, 1] ** 2).sum(axis=1)) / found[:, compared, 0].sum(axis=1)
    error = chosen.flux * np.hypot(found[:, 0, 1] / found[:, 0, 0], theirs)
    lost = len(tables) - len(shown)
    doubts = [told] if told else []
    doubts += [f"{lost} star tables do not show the star at a known time"] if lost else []
    blended = sum(bool(_flags(each, star) & Flag.BLENDED) for each in shown)
    doubts += [f"in {blended} frames a neighbour's light lies in the target's aperture"] if blended else []
    doubts += star_doubts(chosen, lambda n: f"{first.ra[others[n - 1]]:.4f}, {first.dec[others[n - 1]]:+.4f} deg")
    at = tuple((float(first.x[others[n - 1]]), float(first.y[others[n - 1]])) for n in compared)
    curve = _curve(shown, star, chosen.flux, error)
    return MeasuredCurve(curve, at, best.radius, every, {}, tuple(doubts), apertures=best.scatter)


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


def _of(table: StarTable, places: Floats, ways: Sequence[str]) -> Floats:
    """Return flux and error of each place by each way, (ways, places, 2); NaN where no star is there, or not whole."""
    gap, mine = cKDTree(_vectors(table.ra, table.dec)).query(places)
    absent = gap > np.radians(SAME_ARCSEC / 3600)
    return np.array([_whole(table.by(way), mine, absent) for way in ways])


def _whole(table: StarTable, mine: NDArray[np.int64], absent: NDArray[np.bool_]) -> Floats:
    told = np.column_stack([table.flux, table.flux_error])[mine]
    told[absent | ((table.flags[mine] & int(LOSING)) > 0) | ~(told[:, 0] > 0)] = np.nan
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
