"""One night filled for all draws at once, by the rules of `schedule/tonight.py`, without its two looks ahead.

What that leaves out: it holds back no goal that can still be had when others cannot, and knows no lists to choose from.
"""

from dataclasses import dataclass

import numpy as np

from obsy.engine.forecast.block_choice import SAME, BlockChoice, DrawsSoFar, index
from obsy.engine.forecast.night_arrays import NightArrays, Whole
from obsy.engine.schedule.chances import scarcity
from obsy.engine.sky.grid import Floats, Mask


@dataclass(eq=False)
class _Mounts:
    """Where each mount is, in each draw; (draws, mounts)."""

    now: Floats
    last: Whole
    """The row that it took last; the number of rows at the beginning."""
    half: Whole
    focused_s: Floats
    """When each train was focused last; (draws, trains)."""
    end_s: Floats
    """Until when each draw is clear; (draws,)."""


def fill(night: NightArrays, standing: DrawsSoFar, clear_s: tuple[Floats, Floats], more: Floats | float = 0.0) -> None:
    """Take what each draw's night allows; clear_s: from when until when it is clear; (draws,).

    more: what rows are to deserve more, points; (draws, rows).
    """
    begin_s, end_s = clear_s[0], np.minimum(clear_s[1], night.end_s)
    draws = np.flatnonzero(begin_s < end_s)
    rows, shape = len(night.goal), (len(end_s), len(night.begin_s))
    now = np.maximum(night.begin_s, begin_s[:, None])
    never = np.full((len(end_s), night.train.max() + 1), -np.inf)
    mounts = _Mounts(now, np.full(shape, rows), np.zeros(shape, int), never, end_s)
    events = _placed(night, standing, clear_s)
    hourly, needed_s = worth_of(night, standing.left[:, night.goal])
    worth = hourly + more, needed_s
    while draws.size:
        draws = draws[mounts.now[draws].min(axis=1) < end_s[draws] - SAME]
        if draws.size:
            _step(night, standing, (mounts, events), draws, worth)


def _placed(night: NightArrays, standing: DrawsSoFar, clear_s: tuple[Floats, Floats]) -> Mask:
    """Return which events have a place; (draws, events). What is covered is wanted no more."""
    placed = np.zeros((len(clear_s[0]), len(night.events)), bool)
    for number, each in enumerate(night.events):
        goal, plan, train = (of[each.row] for of in (night.goal, night.plan, night.train))
        able = (clear_s[0] <= each.start_s) & (each.end_s <= clear_s[1]) & (standing.left[:, goal] > 0)
        able &= np.isin(standing.train[:, plan], (-1, train))
        for other, before in enumerate(night.events[:number]):
            if before.mount == each.mount and before.start_s < each.end_s and each.start_s < before.end_s:
                able &= ~placed[:, other]
        placed[:, number] = able
        standing.train[able, plan] = train
        standing.left[able, goal] = 0.0
    return placed


def worth_of(night: NightArrays, asked: Floats) -> tuple[Floats, Floats]:
    """Return what an hour of each row is worth by what it still wants, and the seconds that it needs; (draws, rows)."""
    season = night.season * scarcity(asked * night.exposure_h, night.chance_h, night.year_h)
    return night.claim + season, np.maximum(asked * night.each_s, 1e-9)


def _step(
    night: NightArrays, standing: DrawsSoFar, where: tuple[_Mounts, Mask], draws: Whole, worth: tuple[Floats, Floats]
) -> None:
    """Give the mount that is free next its next block, in each draw; or let it wait, or take the event that follows."""
    mounts, events = where
    mount = mounts.now[draws].argmin(axis=1)
    now, last, half = mounts.now[draws, mount], mounts.last[draws, mount], mounts.half[draws, mount]
    rows = np.flatnonzero((standing.left[draws][:, night.goal] > 0).any(axis=0) & night.free.any(axis=1))
    following = _following(night, events[draws], mount, now)
    chosen = BlockChoice(night, rows, (now, mounts.end_s[draws]), (last, half, mounts.focused_s[draws]))
    block = chosen.best(standing, draws, mount, (following, worth)) if rows.size else None
    taken = np.zeros(len(draws), bool) if block is None else block[1] > 0
    if block is not None:
        row, count, start, focuses, half = (each[taken] for each in block)
        at, goal = draws[taken], night.goal[row]
        standing.left[at, goal] -= count
        standing.train[at, night.plan[row]] = night.train[row]
        begun = standing.begun_s[at, goal]
        standing.begun_s[at, goal] = np.where(np.isnan(begun), start, begun)
        mounts.now[at, mount[taken]] = start + count * night.each_s[row]
        mounts.last[at, mount[taken]] = row
        mounts.half[at, mount[taken]] = half
        mounts.focused_s[at[focuses], night.train[row[focuses]]] = start[focuses]
    waits = _wait(night, (mounts, draws, mount), following, ~taken)
    mounts.now[draws[waits], mount[waits]] = _next_chance(night, standing, draws[waits], mount[waits], now[waits])


def _wait(night: NightArrays, where: tuple[_Mounts, Whole, Whole], following: Whole, idle: Mask) -> Mask:
    """Take the event that follows where nothing else fits before it; return which draws have none, and wait."""
    mounts, draws, mount = where
    waits = idle.copy()
    for number, each in enumerate(night.events):
        due = idle & (following == number)
        last = mounts.last[draws, mount]
        flips = night.moves.flips(mounts.half[draws, mount], each.halves[0], each.row)
        arrival = mounts.now[draws, mount] + night.moves.change_s[last, each.row] + 2 * night.step_s
        arrival += np.where(flips, night.moves.side_s[each.row], night.moves.slew_s[last, each.row])
        train = night.train[each.row]
        focuses = arrival - mounts.focused_s[draws, train] >= night.moves.every_s[each.row]
        arrival += np.where(focuses, night.moves.focus_s[each.row], 0.0)
        due &= arrival >= each.start_s
        mounts.focused_s[draws[due & focuses], train] = each.start_s
        setup_s = arrival[due] - mounts.now[draws[due], mount[due]] - 2 * night.step_s
        mounts.half[draws[due], mount[due]] = each.half_after(setup_s)
        mounts.now[draws[due], mount[due]] = max(each.end_s, each.start_s + night.step_s)
        mounts.last[draws[due], mount[due]] = each.row
        waits &= ~due
    return waits


def _following(night: NightArrays, events: Mask, mount: Whole, now: Floats) -> Whole:
    """Return the number of the event that comes next on the mount, -1 for none; (draws,)."""
    found, at = np.full(len(now), -1), np.full(len(now), np.inf)
    for number, each in enumerate(night.events):
        nearer = events[:, number] & (mount == each.mount) & (each.start_s > now - SAME) & (each.start_s < at)
        found[nearer], at[nearer] = number, each.start_s
    return found


def _next_chance(night: NightArrays, standing: DrawsSoFar, draws: Whole, mount: Whole, now: Floats) -> Floats:
    """Return the next instant of the grid at which a mount may begin anything, as far as slews and focus runs reach.

    Infinite where that is never: what a draw wants becomes no more within a night.
    """
    ahead = int(
        np.ceil(
            (
                night.moves.change_s.max()
                + night.moves.focus_s.max()
                + night.moves.slew_s.max()
                + np.nanmax([0.0, *night.moves.side_s])
            )
            / night.step_s
        )
    )
    count = night.free.shape[1]
    following = np.minimum(index(night, now) + 1, count - 1)
    wanted = (standing.left[draws][:, night.goal] > 0) & (night.mount == mount[:, None])
    from_ = np.maximum(following[:, None], index(night, np.maximum(standing.due_s[draws][:, night.goal], 0.0)))
    marks = np.where(wanted, night.next_free[np.arange(len(night.goal)), from_], count).min(axis=1)
    starts = [each.start_s / night.step_s for each in night.events]
    until = np.minimum.reduce([marks, *(np.where(at >= following, at, count) for at in starts)])
    return np.where(until < count, np.maximum(following, until - ahead) * night.step_s, np.inf)
