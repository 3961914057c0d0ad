"""Whether a star that is watched has become brighter or fainter than a limit, beyond what errors explain."""

from typing import NamedTuple

import numpy as np

from obsy.engine.science.ensemble import EnsembleResult
from obsy.schemas.magnitude_alert import MagnitudeAlert

IN_A_ROW = 2
"""Frames that have to say so: a satellite or a cosmic ray is in one."""
SIGMAS = 3.0


class LimitCrossed(NamedTuple):
    """A limit that a star is beyond."""

    side: str
    """'brighter' or 'fainter'."""
    limit: float
    magnitude: float
    """Mean of the frames that say so; where the star was not seen, what it is fainter than."""
    error: float
    """Of the mean; NaN where it was not seen."""


def crossing(found: EnsembleResult, alert: MagnitudeAlert) -> LimitCrossed | None:
    """Return which limit the newest frames are beyond, each by `SIGMAS` of its errors; None if none, or if refused."""
    if found.refusal or len(found.curve) < IN_A_ROW:
        return None
    last = found.curve.only(np.arange(len(found.curve)) >= len(found.curve) - IN_A_ROW)
    margin = SIGMAS * np.nan_to_num(last.error)
    error = float(np.sqrt(np.mean(last.error**2)))
    mean = float(last.magnitude.mean())
    bright, faint = alert.brighter_than, alert.fainter_than
    if bright is not None and not last.is_limit.any() and (last.magnitude + margin < bright).all():
        return LimitCrossed("brighter", bright, mean, error)
    if faint is not None and (last.magnitude - margin > faint).all():
        return LimitCrossed("fainter", faint, mean, error)
    return None
