"""Which frames of two filters tell a colour together: the AAVSO ties them by a number, GROUP."""

import numpy as np

from obsy.engine.science.light_curve import LightCurve
from obsy.engine.science.same_stars import Floats

CLOSE_D = 20 / 1440
"""A group lasts no longer: of a star that varies faster its colour is wrong by what it changes meanwhile."""
_DAY_S = 86400


def colour_groups(one: LightCurve, other: LightCurve) -> tuple[Floats, Floats]:
    """Return the group of each point of both, (points,) each; NaN of limits, and where its group has one filter alone.

    A group begins with the first frame that is in none yet. Its number, from 1 to 86400, is the second of the Julian
    day at which it begins, so that no night has one twice.
    """
    curves = one, other
    seen = [np.where(each.is_limit, np.nan, each.jd_utc) for each in curves]
    groups = [np.full(len(each), np.nan) for each in curves]
    times = np.unique(np.concatenate(seen))
    times = times[np.isfinite(times)]
    while times.size:
        within = [(each >= times[0]) & (each <= times[0] + CLOSE_D) for each in seen]
        if all(each.any() for each in within):
            for numbers, each in zip(groups, within, strict=True):
                numbers[each] = int(times[0] % 1 * _DAY_S) + 1
        times = times[times > times[0] + CLOSE_D]
    return groups[0], groups[1]
