"""The limits on when a target may be taken: how far each is kept, when all are, and which one stands in the way."""

import re
from collections.abc import Sequence

import numpy as np

from obsy.engine.sky.grid import Floats, Mask
from obsy.engine.sky.horizon import Skyline
from obsy.engine.sky.track import Track
from obsy.schemas.constraints.constraint import Constraint
from obsy.schemas.when import When

Limit = Constraint | Skyline
"""What a plan declares, or the site has; what each means stands in its own file."""


def declared(asked: When) -> tuple[Constraint, ...]:
    """Return the constraints that a `when` names, in the order of its words, but for those that are reserved."""
    return tuple(each for _, each in asked.constraints())


def word(limit: Limit) -> str:
    """The word for it, that of `when` such as 'hour_angle', or 'skyline'."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(limit).__name__).lower()


def margin(limit: Limit, track: Track) -> Floats:
    """How far a limit is kept, in its own unit, negative where it is not; ±inf if only true or false; (times,)."""
    kept: Floats = limit.margin(track)
    return kept


def unit(limit: Limit, track: Track, at: int) -> str:
    """The unit of a limit's margin at an instant where it is not kept; '' for a number without one."""
    return limit.unit(track, at)


def allows(limit: Limit, track: Track) -> Mask:
    """Where one limit is kept; (times,). What is not known is not kept."""
    return np.asarray(margin(limit, track) >= 0)


def reason(limit: Limit) -> str:
    """Why a limit refuses, in words that follow 'because'."""
    return limit.reason()


def edge(limit: Limit, track: Track, inside: int, outside: int) -> str:
    """What happens between the instant at which a limit is kept and the next one, in words that follow 'when'."""
    return limit.edge(track, inside, outside)


def allowed(limits: Sequence[Limit], track: Track) -> Mask:
    """Where all of them are kept; everywhere if there are none."""
    mask = np.ones(track.grid.count, dtype=np.bool_)
    for limit in limits:
        mask &= allows(limit, track)
    return mask


def why_not(limits: Sequence[Limit], kept: Sequence[Mask], within: Mask) -> Limit | None:
    """The limit that refuses most of the instants `within`, the earlier of two alike; None if none refuses any.

    kept: where each of them is, (times,); within: (times,), the instants on offer: the dark ones, for example, so that
    the Sun is not blamed for day.
    """
    refused = [int(np.count_nonzero(within & ~each)) for each in kept]
    most = max(refused, default=0)
    return limits[refused.index(most)] if most else None
