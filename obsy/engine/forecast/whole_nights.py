"""Nights of which no draw tears what counts only together, as `schedule/tonight.py` has it.

Nobody knows at dusk when it will cloud over. So a night is planned as a clear one: what the filling tears is tried
before all others, and left out if it is torn then too; or left out at once, and the night that is worth more counts.
Then it is filled until it clouds over. What the clouds tear took its time and counts for nothing.
"""

from dataclasses import dataclass, replace
from itertools import count

import numpy as np

from obsy.engine.forecast.block_choice import DrawsSoFar
from obsy.engine.forecast.filling import fill, worth_of
from obsy.engine.forecast.night_arrays import NightArrays, Whole
from obsy.engine.schedule.tonight import FIRST, ROUNDS
from obsy.engine.sky.grid import Floats, Mask

MOST = 8
"""Rounds in which a night is mended: what is torn after them is cut short."""
BEGUN = 1e6
"""Points: what was begun tonight goes before all that was not."""


@dataclass(eq=False)
class _Plan:
    """Of which bonds a night is filled, in each draw; (draws, bonds)."""

    first: Mask
    """Tried before all others."""
    out: Mask
    """Left out."""

    def of(self, draws: Whole) -> "_Plan":
        return _Plan(self.first[draws], self.out[draws])


def fill_whole(night: NightArrays, standing: DrawsSoFar, clear_s: tuple[Floats, Floats]) -> None:
    """Take what each draw's night allows, of each bond all or nothing; clear_s: from when until when it is clear."""
    asked = _asked(night, standing)
    bound = asked.any(axis=1) & (clear_s[0] < np.minimum(clear_s[1], night.end_s))
    if not bound.any():
        fill(night, standing, clear_s)
        return
    draws = np.flatnonzero(~bound)
    plain = _part(standing, draws)
    fill(night, plain, (clear_s[0][draws], clear_s[1][draws]))
    _put(standing, draws, plain)
    draws = np.flatnonzero(bound)
    before, clear = _part(standing, draws), (clear_s[0][draws], clear_s[1][draws])
    plan, filled = _planned(night, before, clear[0])
    clouded = np.flatnonzero(clear[1] < night.end_s)
    _put(
        filled,
        clouded,
        _clouded(night, _part(before, clouded), (clear[0][clouded], clear[1][clouded]), plan.of(clouded)),
    )
    _put(standing, draws, filled)


def _planned(night: NightArrays, before: DrawsSoFar, begin_s: Floats) -> tuple[_Plan, DrawsSoFar]:
    """Return how clear nights are filled that tear nothing, and how far each draw comes by that."""
    shape = (len(begin_s), len(night.bonds.begun))
    begun = np.tile(night.bonds.begun, (shape[0], 1))
    begins = _tried(night, before, begin_s, _Plan(begun, np.zeros(shape, bool)))
    best, filled = _mended(night, before, begin_s, (begun, begins), is_tried=True)
    torn = np.flatnonzero(_torn(night, before, begins).any(axis=1))
    if torn.size:
        some, mine = _part(before, torn), (begun[torn], _part(begins, torn))
        other, without = _mended(night, some, begin_s[torn], mine, is_tried=False)
        better = _worth(night, some, without) > _worth(night, some, _part(filled, torn))
        at = torn[better]
        best.first[at], best.out[at] = other.first[better], other.out[better]
        _put(filled, at, _part(without, np.flatnonzero(better)))
    return best, filled


def _mended(
    night: NightArrays, before: DrawsSoFar, begin_s: Floats, begins: tuple[Mask, DrawsSoFar], *, is_tried: bool
) -> tuple[_Plan, DrawsSoFar]:
    plan, filled = _Plan(begins[0].copy(), np.zeros_like(begins[0])), _part(begins[1], np.arange(len(begin_s)))
    for round_ in count():
        torn = _torn(night, before, filled)
        draws = np.flatnonzero(torn.any(axis=1))
        if not draws.size:
            break
        if round_ >= MOST:  # the scheduler looks on; the forecast keeps what it has whole, and asks for no other
            plan.out[draws] |= _asked(night, _part(filled, draws))
        else:
            fresh = (torn[draws] & ~plan.first[draws]).any(axis=1) & is_tried
            plan.first[draws[fresh]] |= torn[draws[fresh]]
            rest = draws[~fresh]
            if is_tried and round_ < ROUNDS:
                plan.out[rest, np.where(torn[rest], night.bonds.wanted, np.inf).argmin(axis=1)] = True
            else:
                plan.out[rest] |= torn[rest]
        _put(filled, draws, _tried(night, _part(before, draws), begin_s[draws], plan.of(draws)))
    return plan, filled


def _clouded(night: NightArrays, before: DrawsSoFar, clear_s: tuple[Floats, Floats], plan: _Plan) -> DrawsSoFar:
    """Return how far draws come until it clouds over; of what that tears, nothing counts."""
    found = _tried(night, before, clear_s[0], plan, clear_s[1])
    lost = _goals(night, _torn(night, before, found))
    found.left = np.where(lost, before.left, found.left)
    return found


def _tried(
    night: NightArrays, before: DrawsSoFar, begin_s: Floats, plan: _Plan, end_s: Floats | None = None
) -> DrawsSoFar:
    """Return how far draws come without what is left out, where some of it goes before all others."""
    out, standing = _goals(night, plan.out), replace(before, **{key: getattr(before, key).copy() for key in _FIELDS})
    standing.left = np.where(out, 0.0, before.left)
    more: Floats = FIRST * _goals(night, plan.first)[:, night.goal].astype(np.float64)
    fill(night, standing, (begin_s, np.full_like(begin_s, np.inf) if end_s is None else end_s), more)
    standing.left = np.where(out, before.left, standing.left)
    return standing


def _worth(night: NightArrays, before: DrawsSoFar, after: DrawsSoFar) -> Floats:
    """Return what nights are worth, as far as what was taken tells; (draws,)."""
    goals, own = np.unique(night.goal, return_index=True)
    hourly = worth_of(night, before.left[:, night.goal])[0][:, own]
    taken, is_done = before.left[:, goals] - after.left[:, goals], after.left[:, goals] <= 0
    found = (hourly * taken * night.exposure_h[own] + night.bonds.finishing[goals] * (is_done & (taken > 0))).sum(
        axis=1
    )
    return np.asarray(found + BEGUN * (night.bonds.begun & ~_asked(night, after)).sum(axis=1))


def _goals(night: NightArrays, bonds: Mask) -> Mask:
    """Return which goals are of some bonds; (draws, goals)."""
    return np.asarray((bonds[:, :, None] & night.bonds.members).any(axis=1))


def _asked(night: NightArrays, standing: DrawsSoFar) -> Mask:
    """Return of which bonds something is wanted; (draws, bonds). Of one that has begun, what is due later was had."""
    had = (standing.due_s > night.end_s)[:, None, :] & night.bonds.begun[:, None]
    return np.asarray(((standing.left > 0)[:, None, :] & night.bonds.members & ~had).any(axis=2))


def _torn(night: NightArrays, before: DrawsSoFar, after: DrawsSoFar) -> Mask:
    """Return of which bonds something was taken, and not all; (draws, bonds)."""
    had = ((after.left < before.left)[:, None, :] & night.bonds.members).any(axis=2)
    return had & _asked(night, after)


_FIELDS = "left", "train", "due_s", "begun_s"


def _part(standing: DrawsSoFar, draws: Whole) -> DrawsSoFar:
    """Return a copy of some draws."""
    return DrawsSoFar(*(getattr(standing, key)[draws] for key in _FIELDS))


def _put(standing: DrawsSoFar, draws: Whole, part: DrawsSoFar) -> None:
    """Write some draws back."""
    for key in _FIELDS:
        getattr(standing, key)[draws] = getattr(part, key)
