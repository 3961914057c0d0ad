"""How what the air takes goes with a star's colour: second-order extinction, by frames at two heights."""

import numpy as np

from obsy.engine.science.same_stars import Floats
from obsy.engine.science.standard_field import LEAST_AIRMASSES, LEAST_FRAMES, StandardField
from obsy.schemas.transformation import CoefficientValue

FEWEST = 8
"""Stars whose colours tell it."""
_CENTRED = 20
"""Rounds in which rows and columns settle: of few gaps, to a millionth."""


def second_order(field: StandardField, colour: Floats) -> CoefficientValue | None:
    """Return by how much more an air mass takes of a star that is a magnitude redder; None where the night cannot tell.

    colour: (stars,), by the catalogue, NaN where it is not known. Zero points of frames and offsets of stars have taken
    what goes with either alone; what is left goes with their product, so that both are centred on rows and columns
    before the slope is drawn. Source: m = m0 + k' X + k'' X (B-V), Hardie 1962, in Astronomical Techniques, chapter 8.
    """
    weight = np.where(np.isfinite(field.residual * colour * field.airmass[:, None]), field.weight, 0.0)
    frames, stars = (weight > 0).any(axis=1), (weight > 0).any(axis=0)
    is_told = frames.sum() >= LEAST_FRAMES and stars.sum() >= FEWEST
    if not is_told or np.ptp(field.airmass[frames]) < LEAST_AIRMASSES:
        return None
    weight = weight[np.ix_(frames, stars)]
    product = _centred(np.outer(field.airmass[frames], colour[stars]), weight)
    left = _centred(np.where(weight > 0, -field.residual[np.ix_(frames, stars)], 0.0), weight)
    told = float(np.sum(weight * product**2))
    if told <= 0:
        return None
    slope = float(np.sum(weight * product * left) / told)
    many = int((weight > 0).sum()) - sum(weight.shape)
    wider = np.sqrt(max(1.0, float(np.sum(weight * (left - slope * product) ** 2)) / max(many, 1)))
    return CoefficientValue(slope, float(wider / np.sqrt(told)))


def _centred(values: Floats, weight: Floats) -> Floats:
    """Return values whose weighted means of rows and of columns are 0; (frames, stars), each with some weight."""
    for _ in range(_CENTRED):
        values = values - np.average(values, axis=1, weights=weight)[:, None]
        values = values - np.average(values, axis=0, weights=weight)
    return values
