"""A night's magnitudes in the standard system: what a train's own colours add or take is put right."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from obsy.engine.science.check_star import checked
from obsy.engine.science.colour_change import colour_change
from obsy.engine.science.colour_groups import CLOSE_D, colour_groups
from obsy.engine.science.comparison_stars import known_magnitude
from obsy.engine.science.ensemble import EnsembleResult
from obsy.engine.science.same_stars import Floats, Mask
from obsy.engine.science.terms import Terms
from obsy.errors import UserError
from obsy.schemas.comparison import Band, ComparisonTable


def transformed(
    found: Mapping[Band, EnsembleResult], declared: ComparisonTable, band: Band, by: Terms
) -> EnsembleResult:
    """Return a filter's result in the standard system, by the colours of its frames and those of the other filter.

    found: of both filters, untransformed. A point that is a limit, or without a frame of the other filter in its group,
    stays as it was, with NaN as its `transformation`. The check star is transformed as the target is, and
    judged anew. Raises UserError if a comparison star's colour is not known, or if no point can be transformed.
    """
    one, other, change = found[band], found[by.other(band)], colour_change(found, declared, band, by)
    curve, (group, others) = one.curve, colour_groups(one.curve, other.curve)
    near = group[:, None] == others
    own = np.sqrt(np.maximum(curve.error**2 - one.common_error**2, 0))
    theirs = np.sqrt(np.maximum(other.curve.error**2 - other.common_error**2, 0))
    beside, beside_error = _mean(near, other.curve.magnitude, theirs)
    colour = np.where(curve.is_limit, np.nan, change.colour(curve.magnitude, beside))
    is_moved = np.isfinite(colour)
    if not is_moved.any():
        raise UserError(f"no frame in {by.other(band)} within {CLOSE_D * 1440:.0f} min tells its colour")
    spread = float(np.sqrt(np.mean(colour[is_moved] ** 2))) * change.uncertain
    common = float(np.hypot(change.error(one.common_error, other.common_error), spread))
    check, check_error = _mean(near & np.isfinite(other.curve.check), other.curve.check, other.curve.check_error)
    new = replace(
        curve,
        magnitude=np.where(is_moved, curve.magnitude + change.coefficient * colour, curve.magnitude),
        error=np.where(is_moved, np.hypot(change.error(own, beside_error), common), curve.error),
        transformation=change.coefficient * colour,
        group=np.where(is_moved, group, np.nan),
        check=np.where(is_moved, curve.check + change.coefficient * change.colour(curve.check, check), curve.check),
        check_error=np.where(is_moved, change.error(curve.check_error, check_error), curve.check_error),
    )
    result = checked(declared.check, known_magnitude(declared.check_star, band), new, common, one.check.varies)
    return replace(one, curve=new, check=result, common_error=common)


def _mean(near: Mask, values: Floats, error: Floats) -> tuple[Floats, Floats]:
    """Return the mean of the values that are near each point, and its error; NaN where none is.

    near: (points, values).
    """
    many = near.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(near, values, 0.0).sum(axis=1) / many
        spread = np.sqrt(np.where(near, error**2, 0.0).sum(axis=1)) / many
    return mean, spread
