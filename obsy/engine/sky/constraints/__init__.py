"""The constraints a plan may declare, when they hold together, and which one stands in the way."""

import re
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from obsy.engine.sky.constraints import airmass, altitude, dates, hour_angle, meridian, moon, phase, season, sun
from obsy.engine.sky.grid import Mask
from obsy.engine.sky.track import Track
from obsy.schemas import when

_Seen = when.Altitude | when.Airmass | when.Meridian | when.HourAngle | when.Phase
Constraint = _Seen | when.Moon | when.Sun | when.Dates | when.Season


class ConstraintModule(Protocol):
    """What the module of a constraint offers."""

    def allows(self, constraint: Any, track: Track, /) -> Mask:
        """Where the constraint holds; (times,)."""

    def reason(self, constraint: Any, /) -> str:
        """Why it refuses, in words that follow 'because'."""


KINDS: dict[type[Constraint], ConstraintModule] = {
    when.Altitude: altitude,
    when.Airmass: airmass,
    when.Moon: moon,
    when.Sun: sun,
    when.Dates: dates,
    when.Meridian: meridian,
    when.HourAngle: hour_angle,
    when.Season: season,
    when.Phase: phase,
}


def declared(asked: when.When) -> tuple[Constraint, ...]:
    """Return the constraints that a `when` names, in the order of its words, but for those that are reserved."""
    named = (getattr(asked, name) for name in when.When.model_fields)
    return tuple(constraint for constraint in named if type(constraint) in KINDS)


def word(constraint: Constraint) -> str:
    """The word that `when` has for it, such as 'hour_angle'."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(constraint).__name__).lower()


def allows(constraint: Constraint, track: Track) -> Mask:
    """Where one constraint holds; (times,)."""
    return KINDS[type(constraint)].allows(constraint, track)


def reason(constraint: Constraint) -> str:
    """Why a constraint refuses, in words that follow 'because'."""
    return KINDS[type(constraint)].reason(constraint)


def allowed(constraints: Sequence[Constraint], track: Track) -> Mask:
    """Where all of them hold; everywhere if there are none."""
    mask = np.ones(track.grid.count, dtype=np.bool_)
    for constraint in constraints:
        mask &= allows(constraint, track)
    return mask


def why_not(constraints: Sequence[Constraint], track: Track, within: Mask) -> Constraint | None:
    """The constraint that refuses most of the instants `within`, the earlier of two alike; None if none refuses any.

    within: (times,), the instants on offer: the dark ones, for example, so that the Sun is not blamed for day.
    """
    refused = [int(np.count_nonzero(within & ~allows(constraint, track))) for constraint in constraints]
    most = max(refused, default=0)
    return constraints[refused.index(most)] if most else None
