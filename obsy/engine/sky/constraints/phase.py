"""What recurs at the target is in the right part of its turn."""

import numpy as np

from obsy.engine.sky.grid import Floats
from obsy.engine.sky.track import Track
from obsy.schemas.when import Phase


def margin(constraint: Phase, track: Track) -> Floats:
    """How far the phase lies between the two, in turns; through 0 if the first is the larger.

    -inf if the target has no such event, or several and none is named.
    """
    known = track.phases if constraint.of is None else {constraint.of: track.phases.get(constraint.of)}
    (phase, *more) = known.values() or [None]
    if phase is None or more:
        return np.full(track.grid.count, -np.inf)
    after, before = phase - constraint.after, constraint.before - phase
    return np.minimum(after, before) if constraint.after <= constraint.before else np.maximum(after, before)


def unit(_constraint: Phase, _track: Track, _at: int) -> str:
    """The unit of its margin."""
    return ""


def reason(constraint: Phase) -> str:
    """Why it refuses, in words that follow 'because'."""
    of = "" if constraint.of is None else f" of {constraint.of}"
    return f"its phase{of} is not after {constraint.after:g} and before {constraint.before:g}"


def edge(constraint: Phase, _track: Track, inside: int, outside: int) -> str:
    """What happens there, in words that follow 'when'."""
    return f"its phase passes {constraint.before:g}" if outside > inside else f"its phase reaches {constraint.after:g}"
