"""What recurs at the target is in the right part of its turn."""

import numpy as np

from obsy.engine.sky.grid import Mask
from obsy.engine.sky.track import Track
from obsy.schemas.when import Phase


def allows(constraint: Phase, track: Track) -> Mask:
    """Where the phase lies between the two, both inclusive; through 0 if the first is the larger.

    Nowhere if the target has no such event, or several and none is named.
    """
    known = track.phases if constraint.of is None else {constraint.of: track.phases.get(constraint.of)}
    (phase, *more) = known.values() or [None]
    if phase is None or more:
        return np.zeros(track.grid.count, dtype=np.bool_)
    after, before = phase >= constraint.after, phase <= constraint.before
    return np.asarray(after & before if constraint.after <= constraint.before else after | before)


def reason(constraint: Phase) -> str:
    """Why it refuses, in words that follow 'because'."""
    of = "" if constraint.of is None else f" of {constraint.of}"
    return f"its phase{of} is not after {constraint.after:g} and before {constraint.before:g}"
