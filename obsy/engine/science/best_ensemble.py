"""A night's magnitudes by the stars' shapes, or in the aperture in which its points have the least error."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from obsy.engine.reduce.star_table import PSF, StarTable
from obsy.engine.science.best_way import WaySearch, best_way
from obsy.engine.science.by_shape import by_shape
from obsy.engine.science.comparison_stars import WITHIN_ARCSEC, known_magnitude
from obsy.engine.science.ensemble import EnsembleResult, ensemble
from obsy.schemas.comparison import Band, ComparisonTable


def best_ensemble(
    tables: Sequence[StarTable],
    declared: ComparisonTable,
    band: Band,
    target: tuple[float, float],
    variables: Sequence[str] = (),
) -> EnsembleResult:
    """Return the target's magnitudes as `ensemble` does, by the stars' shapes or in the aperture that serves best.

    What is refused in the declared aperture stays so: none is sought that would please the check star. Where the best
    one is refused, or shows the target in fewer frames, the declared one stays. Raises UserError as `ensemble` does.
    """
    tables, told = by_shape(tables, target, WITHIN_ARCSEC)
    found = ensemble(tables, declared, band, target, variables)
    found = replace(found, left_out=(*found.left_out, told)) if told else found
    if tables and tables[0].observation.way == PSF:
        return replace(found, search=WaySearch(PSF, ()))
    if found.refusal or not len(found.curve):
        return found
    search = _searched(tables, declared, band, target, found)
    if search.taken:
        other = ensemble([each.by(search.taken) for each in tables], declared, band, target, variables)
        if not other.refusal and len(other.curve) >= len(found.curve):
            field = next(each.field for each in search.tried if f"{each.radius:g}" == search.taken)
            return _with_field(replace(other, search=search), field)
    return replace(found, search=replace(search, taken=""))


def _searched(
    tables: Sequence[StarTable],
    declared: ComparisonTable,
    band: Band,
    target: tuple[float, float],
    found: EnsembleResult,
) -> WaySearch:
    stars = [star for star in declared.stars if star.name in found.compared]
    places = np.array([target, *((each.ra, each.dec) for each in (declared.check_star, *stars))], dtype=float).T
    known = np.array([known_magnitude(star, band) for star in stars], dtype=float).T
    return best_way(tables, (places[0], places[1]), (known[0], known[1]), WITHIN_ARCSEC)


def _with_field(found: EnsembleResult, field: float) -> EnsembleResult:
    """Return it with what differs over the field in each error: the same in all frames, and for each star its own."""
    common = float(np.hypot(found.common_error, field))
    curve = replace(found.curve, error=np.hypot(found.curve.error, field))
    return replace(found, curve=curve, common_error=common)
