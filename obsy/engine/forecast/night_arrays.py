"""One night's candidates as arrays, worked out once for all draws of the weather."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from obsy.engine.forecast.night_bonds import NightBonds, night_bonds
from obsy.engine.progress import GoalKey
from obsy.engine.schedule.conditions import ObservingConditions
from obsy.engine.schedule.filling import TURN_S
from obsy.engine.schedule.fit import Timeline, fit_fixed, least_frames, most_frames
from obsy.engine.schedule.goal_line import GoalLine
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.pier import RISING, SETTING, sets
from obsy.engine.schedule.request import AHEAD_S, Candidate
from obsy.engine.schedule.value import chances_h
from obsy.engine.sidereal import HOURS_PER_S
from obsy.engine.sky.grid import Floats, Mask
from obsy.schemas.constraints.constraint import Constraint
from obsy.schemas.plan import Plan
from obsy.schemas.value import Value

Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Names:
    """The numbers of what lasts from night to night."""

    goals: Mapping[GoalKey, int]
    plans: Mapping[str, int]
    trains: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class FixedTime:
    """A fixed time that may be taken: its row in the table, its mount, and seconds from the grid's start."""

    row: int
    mount: int
    start_s: float
    end_s: float
    halves: tuple[int, int]
    """The halves of the sky in which its first and its last block are begun, if the mount is sent there in time."""
    meridian_s: float | None
    """When its target passes the meridian; None where that asks for no side, or the mount changes sides within it."""

    def half_after(self, setup_s: Floats) -> Whole:
        """Return the half of the sky that the mount looks at afterwards, where so much lies before it; (draws,)."""
        if self.meridian_s is None:
            return np.full(len(setup_s), self.halves[1])
        sent_s = self.start_s - np.maximum(setup_s, AHEAD_S)
        return np.where(sets((sent_s - self.meridian_s) * HOURS_PER_S), SETTING, RISING)


@dataclass(frozen=True, eq=False)
class Moves:
    """What it costs, or is worth, to go from one candidate to another; a last row is for the night's beginning."""

    meridian_s: Floats
    """When the target passes the meridian, seen from each instant; from the grid's start, (candidates, times)."""
    past_s: Floats
    """How long the mount tracks past it; infinite where it need not change sides."""
    change_s: Floats
    """The filter, from the row of what was before; (candidates + 1, candidates)."""
    focus_s: Floats
    every_s: Floats
    """From one focus run of a train to its next; infinite where it has none."""
    spare_s: Floats
    """How long before its sky ends a block does."""
    slew_s: Floats
    """The same of slews."""
    side_s: Floats
    """What a change of sides costs instead; NaN where the mount need not."""
    staying: Floats
    """What an hour gains that goes on as what was before."""

    def half(self, rows: Whole, at: Whole, now: Floats) -> Whole:
        """Return the half of the sky in which each row is now, at an instant; (draws, rows)."""
        past_s = now[:, None] - self.meridian_s[np.ix_(rows, at)].T
        return np.where(sets(past_s * HOURS_PER_S), SETTING, RISING)

    def flips(self, last: Whole, to: Whole | int, row: Whole | int) -> Mask:
        """Return whether a mount changes sides on the way to a row; it was sent to neither half as the night begins."""
        return np.asarray(~np.isnan(self.side_s[row]) & (last != 0) & (last != to))


@dataclass(frozen=True, eq=False)
class NightArrays:
    """Arrays are (candidates,), and (candidates, times) where they follow the night; times from the grid's start."""

    step_s: float
    end_s: float
    urgency: float
    """What it is worth that a goal needs all the time that it still has tonight."""
    begin_s: Floats
    """When each mount is free; (mounts,)."""
    goal: Whole
    plan: Whole
    train: Whole
    mount: Whole
    picture: Whole
    each_s: Floats
    exposure_h: Floats
    size: Floats
    least: Floats
    most: Floats
    longest: Floats
    """Frames of a turn that the plan asks for; infinite where it says nothing."""
    turn: Floats
    """Frames after which another goal of the same picture is next, if there is one."""
    claim: Floats
    """What an hour of it is worth, its season left out."""
    chance_h: Floats
    year_h: Floats
    season: Floats
    free: Mask
    next_free: Whole
    """The first free instant from each on, or their number where none is left; of what has a fixed time, none."""
    run_end_s: Floats
    rest_s: Floats
    sky: Floats
    """What an hour is worth by height and Moon."""
    moves: Moves
    events: tuple[FixedTime, ...]
    """The more wanted first."""
    bonds: NightBonds


def night_arrays(
    asked: Sequence[Candidate],
    timelines: Sequence[Timeline],
    names: Names,
    conditions: ObservingConditions,
    whose: Mapping[GoalKey, tuple[Plan, Mapping[str, Sequence[Constraint]]]],
) -> NightArrays | None:
    """Return a night as arrays; None where nothing can be had.

    whose: of each goal its plan, and where the mount of each train reaches.
    """
    serving = {train: (number, each) for number, each in enumerate(timelines) for train in each.costs}
    rows = [each for each in asked if each.refused is None and each.free.any() and each.request.train in serving]
    if not rows:
        return None
    grid, weights = conditions.grid, conditions.value
    lines, of = [each.request.line for each in rows], [serving[each.request.train][1] for each in rows]
    costs = [line.costs[each.request.train] for line, each in zip(of, rows, strict=True)]
    each_s = [line.each_s(each.request) for line, each in zip(of, rows, strict=True)]
    free = np.array([each.free for each in rows])
    pictures = {each: number for number, each in enumerate(dict.fromkeys(line.picture for line in lines))}

    def chances(each: Candidate) -> tuple[float, float]:
        line = each.request.line
        plan, reach = whose[line.plan, line.key]
        return chances_h(plan, line, reach[each.request.train], conditions)

    soon_h, year_h = np.array([chances(each) for each in rows]).T
    open_ = free & np.array([each.fixed is None for each in rows])[:, None]
    return NightArrays(
        step_s=grid.step_s,
        end_s=(grid.count - 1) * grid.step_s,
        urgency=weights.urgency,
        begin_s=np.array([(each.begin - grid.start).total_seconds() for each in timelines]),
        goal=np.array([names.goals[line.plan, line.key] for line in lines]),
        plan=np.array([names.plans[line.plan] for line in lines]),
        train=np.array([names.trains[each.request.train] for each in rows]),
        mount=np.array([serving[each.request.train][0] for each in rows]),
        picture=np.array([pictures[line.picture] for line in lines]),
        each_s=np.array(each_s),
        exposure_h=np.array([line.goal.exposure / 3600 for line in lines]),
        size=np.array([float(each.size) for each in rows]),
        least=np.array([float(least_frames(line, s)) for line, s in zip(lines, each_s, strict=True)]),
        most=np.array([float(most_frames(line, s)) for line, s in zip(lines, each_s, strict=True)]),
        longest=np.array([np.inf if line.turn is None else float(line.turn) for line in lines]),
        turn=np.array([_turn(line, s) for line, s in zip(lines, each_s, strict=True)]),
        claim=np.array([each.request.claim.total - each.request.claim.season for each in rows]),
        chance_h=soon_h,
        year_h=year_h,
        season=np.array([0.0 if line.goal.cover else weights.season for line in lines]),
        free=open_,
        next_free=_next_free(open_),
        run_end_s=_run_end(free) * grid.step_s,
        rest_s=free[:, ::-1].cumsum(axis=1)[:, ::-1] * grid.step_s,
        sky=np.array([weights.quality * each.quality + weights.moon * each.moonless for each in rows]),
        moves=_moves(rows, costs, weights, grid.seconds),
        events=tuple(_events(rows, serving)),
        bonds=night_bonds(asked, names.goals, weights),
    )


def _turn(line: GoalLine, each_s: float) -> float:
    return np.inf if line.goal.run is not None else max(1.0, TURN_S // each_s)


def _next_free(free: Mask) -> Whole:
    """Return the index of the first free instant from each on, and their number where there is none."""
    count = free.shape[1]
    return np.minimum.accumulate(np.where(free, np.arange(count), count)[:, ::-1], axis=1)[:, ::-1]


def _run_end(free: Mask) -> Floats:
    """Return the index of the last free instant of the run that each instant is in; (candidates, times)."""
    count = free.shape[1]
    stops = np.where(free, count, np.arange(count))
    return np.minimum.accumulate(stops[:, ::-1], axis=1)[:, ::-1] - 1.0


def _moves(rows: Sequence[Candidate], costs: Sequence[Overheads], weights: Value, grid_s: Floats) -> Moves:
    lines, middle = [each.request.line for each in rows], len(rows[0].free) // 2
    ra, dec = (np.radians([getattr(each, key)[middle] for each in rows]) for key in ("ra_deg", "dec_deg"))
    to = np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])
    apart = np.degrees(np.arccos(np.clip(to.T @ to, -1.0, 1.0)))
    settle, change, focus, slew, flip, every = (
        np.array([getattr(each, key) for each in costs])
        for key in ("settle_s", "filter_s", "focus_s", "slew_deg_s", "flip_s", "focus_every_s")
    )
    past = np.array([np.nan if each.past_meridian_s is None else each.past_meridian_s for each in costs])
    hour_angle = np.array([each.hour_angle_h for each in rows])
    stays = _alike([each.picture for each in lines])
    same = _alike([(each.request.train, each.request.line.filter) for each in rows])
    none = np.zeros((1, len(rows)))
    return Moves(
        meridian_s=grid_s - hour_angle / HOURS_PER_S,
        past_s=np.where(np.isnan(past), np.inf, past),
        change_s=np.concatenate([np.where(same, 0.0, change + settle * stays), [settle + change]]),
        focus_s=focus,
        every_s=every,
        spare_s=np.array([each.spare_s for each in costs]),
        slew_s=np.concatenate([np.where(stays, 0.0, apart / slew + settle), none]),
        side_s=np.where(np.isnan(past), np.nan, flip + settle),
        staying=np.concatenate([weights.staying * stays + weights.filter * same, none]),
    )


def _alike(names: Sequence[Hashable]) -> Mask:
    """Return which two have the same name."""
    numbers = {each: number for number, each in enumerate(dict.fromkeys(names))}
    own = np.array([numbers[each] for each in names])
    return np.asarray(own[:, None] == own)


def _events(rows: Sequence[Candidate], serving: Mapping[str, tuple[int, Timeline]]) -> list[FixedTime]:
    """Return what is fixed and can be had, by the scheduler's own measure."""
    found = []
    for row, each in sorted(enumerate(rows), key=lambda one: -one[1].request.claim.total):
        mount, timeline = serving[each.request.train]
        if each.fixed is not None and (pieces := fit_fixed(each, timeline)):
            first, last = pieces[0], pieces[-1]
            start_s, end_s = ((at - timeline.grid.start).total_seconds() for at in (first.start, last.end))
            passes_s = start_s - first.hour_angle_h / HOURS_PER_S
            has_side = len(pieces) == 1 and each.request.line.unfollowed is None
            halves = first.half, last.half
            found.append(FixedTime(row, mount, start_s, end_s, halves, passes_s if has_side else None))
    return found
