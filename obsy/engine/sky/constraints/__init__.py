"""The limits on when a target may be taken: how far each is kept, when all are, and which one stands in the way."""

import re
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from obsy.engine.sky.constraints import (
    airmass,
    altitude,
    dates,
    horizon,
    hour_angle,
    meridian,
    moon,
    phase,
    season,
    sun,
)
from obsy.engine.sky.grid import Floats, Mask
from obsy.engine.sky.horizon import Skyline
from obsy.engine.sky.track import Track
from obsy.schemas import when

_Seen = when.Altitude | when.Airmass | when.Meridian | when.HourAngle | when.Phase
Constraint = _Seen | when.Moon | when.Sun | when.Dates | when.Season
"""What a plan may declare."""
Limit = Constraint | Skyline
"""What a plan declares, or the site has."""


class ConstraintModule(Protocol):
    """What the module of a constraint offers."""

    def margin(self, limit: Any, track: Track, /) -> Floats:
        """How far it is kept, in its own unit, negative where it is not; inf if only true or false; (times,)."""

    def unit(self, limit: Any, track: Track, at: int, /) -> str:
        """The unit of its margin at an instant that is not kept; '' for a number without one."""

    def reason(self, limit: Any, /) -> str:
        """Why it refuses, in words that follow 'because'."""

    def edge(self, limit: Any, track: Track, inside: int, outside: int, /) -> str:
        """What happens between the instant at which it still holds and the next, in words that follow 'when'."""


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


def word(limit: Limit) -> str:
    """The word for it, that of `when` such as 'hour_angle', or 'skyline'."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(limit).__name__).lower()


def _module(limit: Limit) -> ConstraintModule:
    return horizon if isinstance(limit, Skyline) else KINDS[type(limit)]


def margin(limit: Limit, track: Track) -> Floats:
    """How far a limit is kept, in its own unit, negative where it is not; ±inf if only true or false; (times,)."""
    return _module(limit).margin(limit, track)


def unit(limit: Limit, track: Track, at: int) -> str:
    """The unit of a limit's margin at an instant where it is not kept; '' for a number without one."""
    return _module(limit).unit(limit, track, at)


def allows(limit: Limit, track: Track) -> Mask:
    """Where one limit is kept; (times,). What is not known is not kept."""
    return np.asarray(margin(limit, track) >= 0)


def reason(limit: Limit) -> str:
    """Why a limit refuses, in words that follow 'because'."""
    return _module(limit).reason(limit)


def edge(limit: Limit, track: Track, inside: int, outside: int) -> str:
    """What happens between the instant at which a limit is kept and the next one, in words that follow 'when'."""
    return _module(limit).edge(limit, track, inside, outside)


def allowed(limits: Sequence[Limit], track: Track) -> Mask:
    """Where all of them are kept; everywhere if there are none."""
    mask = np.ones(track.grid.count, dtype=np.bool_)
    for limit in limits:
        mask &= allows(limit, track)
    return mask


def why_not(limits: Sequence[Limit], track: Track, within: Mask) -> Limit | None:
    """The limit that refuses most of the instants `within`, the earlier of two alike; None if none refuses any.

    within: (times,), the instants on offer: the dark ones, for example, so that the Sun is not blamed for day.
    """
    refused = [int(np.count_nonzero(within & ~allows(limit, track))) for limit in limits]
    most = max(refused, default=0)
    return limits[refused.index(most)] if most else None
