"""Why a plan gets no time tonight, and the smallest change by which it would; each is proven by planning anew."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf, isfinite

import numpy as np

from obsy.engine.night.tally import Tally
from obsy.engine.runtime.planner import Planner
from obsy.engine.runtime.why.changes import Ladder, PlanChange, ladders, untried
from obsy.engine.runtime.why.next_event import NO_EVENT, NextEvent, next_events
from obsy.engine.runtime.why.pairs import double
from obsy.engine.runtime.why.remedies import Remedy, single
from obsy.engine.runtime.why.trials import Seconds, Tonight, Trials
from obsy.engine.runtime.why.widest import AllAtOnce, unlikely
from obsy.engine.schedule.bond import NOT_WHOLE
from obsy.engine.schedule.request import Candidate, Reason, Schedule
from obsy.engine.sky.constraints import Limit, allowed, allows, margin, reason, unit, word
from obsy.engine.sky.grid import Mask
from obsy.engine.sky.track import Track
from obsy.schemas.constraints.sun import Sun
from obsy.schemas.plan import Plan


@dataclass(frozen=True, slots=True)
class Miss:
    """A limit without which the target could be had, and by how much it misses it at best."""

    limit: str
    words: str
    margin: float | None
    """Negative, in its unit; None where a limit knows no nearer and farther."""
    unit: str
    at: datetime
    whose: str = "plan"
    """Who sets it: plan, site, or mount."""


@dataclass(frozen=True, slots=True)
class GoalWhy:
    """What becomes of one goal tonight."""

    goal: str
    wanted: int
    """Frames."""
    placed: int
    reason: Reason | None
    """Why it gets nothing; None if it gets something."""
    misses: tuple[Miss, ...]
    """Limits each of which alone is in the way, the nearest to being kept first."""
    rivals: Seconds
    """By plan, how long others take the mount while it could be had; of its own plan, by goal."""
    forbidden: tuple[str, ...] = ()
    """What leaves it no moment, whatever its plan says: the dark, the site, the mount."""
    following: NextEvent | None = None
    """Of what covers a transit, or another event, when the next can be had."""


@dataclass(frozen=True, slots=True)
class Why:
    """The whole answer for one plan."""

    goals: tuple[GoalWhy, ...]
    remedies: tuple[Remedy, ...]
    complete: bool = True
    """Whether every change of these sorts was tried that could have got it time."""
    tried: tuple[PlanChange, ...] = ()
    """The largest change of each sort that was looked at."""
    untried: tuple[str, ...] = ()
    """Its limits that are of no such sort."""


def why(planner: Planner, tally: Tally, now: datetime, plan: Plan) -> Why:
    """Return what becomes of a plan's goals from `now` on, and what little change would get more for those left out."""
    asked, schedule, grid = planner.asked(tally, now), planner.schedule(tally, now), planner.conditions.grid
    ahead = np.asarray(grid.seconds >= (now - grid.start).total_seconds())
    mine = _by_goal([each for each in asked if each.request.line.plan == plan.name])
    goals = tuple(_goal(key, alike, schedule, planner, ahead) for key, alike in mine.items())
    if any(each.reason for each in goals):
        events = next_events(planner, plan)
        goals = tuple(replace(each, following=events.get(each.goal)) if each.reason else each for each in goals)
    left = frozenset(each.goal for each in goals if each.reason is not None and each.reason.code != NO_EVENT)
    if not left:
        return Why(goals, ())
    undue = {each.goal for each in goals if each.reason is not None and each.reason.code == "not-due"}
    trials = Trials(Tonight(planner, tally, now, asked, schedule), plan, left)
    sorts = [*ladders(plan, left, planner.night.date, undue)]
    try:
        found = _remedies(plan, sorts, trials)
    finally:
        trials.end()
    tried = tuple(each.change(-1) for each in sorts if each.values)
    return Why(goals, tuple(found), not trials.refused, tried, untried(plan, left))


def _remedies(plan: Plan, sorts: Sequence[Ladder], trials: Trials) -> list[Remedy]:
    """Return the smallest change of each sort that gets time; where none does, as few as do together."""
    found = single(plan, sorts, trials)
    if found or not (all_at_once := AllAtOnce(plan, sorts, trials)).helps():
        return found
    one = double(plan, sorts, trials) or unlikely(plan, sorts, trials) or all_at_once.less()
    return [] if one is None else [one]


def _by_goal(asked: Sequence[Candidate]) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = {}
    for each in asked:
        found.setdefault(each.request.line.key, []).append(each)
    return found


def _goal(key: str, alike: Sequence[Candidate], schedule: Schedule, planner: Planner, ahead: Mask) -> GoalWhy:
    """alike: the goal with each train that serves it; the one that could have most is told of."""
    first = max(alike, key=lambda each: (each.refused is None, int(each.free.sum())))
    whose = (first.request.line.plan, key)
    placed = sum(b.count for b in schedule.blocks if (b.request.line.plan, b.request.line.key) == whose)
    if placed:
        return GoalWhy(key, first.request.count, placed, None, (), {})
    none = (each.reason for each in schedule.unplaced if (each.request.line.plan, each.request.line.key) == whose)
    refused = next(none, Reason("no-time-left", "nothing is left for it"))
    misses = tuple(sorted(_misses(first, planner, ahead), key=lambda each: -(each.margin or -inf)))
    crowded = refused.code == "no-time-left" or (refused.code == NOT_WHOLE and first.refused is None)
    rivals = _rivals(first, schedule, planner) if crowded else {}
    return GoalWhy(key, first.request.count, placed, refused, misses, rivals, _forbidden(first, planner, ahead))


def _misses(asked: Candidate, planner: Planner, ahead: Mask) -> Iterator[Miss]:
    """Yield each limit that alone is in the way: where all others are kept, how near it comes to be kept as well.

    ahead: (times,), what is left of the night.
    """
    if asked.track is None:
        return
    kept = {id(each): allows(each, asked.track) for each in asked.limits}
    for limit in asked.limits:
        rest = np.logical_and.reduce([ahead, *(kept[id(each)] for each in asked.limits if each is not limit)])
        if rest.any() and not (rest & kept[id(limit)]).any():
            at = int(np.where(rest, margin(limit, asked.track), -np.inf).argmax())
            yield _miss(limit, asked.track, at, _whose(limit, asked, planner))


def _miss(limit: Limit, track: Track, at: int, whose: str) -> Miss:
    amount = float(margin(limit, track)[at])
    nearest = amount if isfinite(amount) else None
    return Miss(word(limit), reason(limit), nearest, unit(limit, track, at), track.grid.at(at), whose)


def _whose(limit: Limit, asked: Candidate, planner: Planner) -> str:
    """Return who sets a limit; see `conditions.limits`."""
    if any(limit is each for each in (planner.conditions.skyline, *planner.conditions.downtime)):
        return "site"
    mounts = (each.mount for each in planner.observatory.instruments if each.name == asked.request.train)
    return "mount" if any(limit is each for mount in mounts for each in mount.limits) else "plan"


def _forbidden(asked: Candidate, planner: Planner, ahead: Mask) -> tuple[str, ...]:
    """Return what leaves the target no moment whatever its plan says: the first that does after those before it."""
    if asked.track is None:
        return ()
    whose: dict[str, tuple[Limit, ...]] = {"the dark": (Sun.model_construct(below=planner.conditions.roof.below),)}
    for owner in ("site", "mount"):
        whose[f"the {owner}"] = tuple(each for each in asked.limits if _whose(each, asked, planner) == owner)
    alone = [name for name, limits in whose.items() if not (ahead & allowed(limits, asked.track)).any()]
    together = ahead & allowed([each for limits in whose.values() for each in limits], asked.track)
    return tuple(alone[:1]) or (() if together.any() else tuple(whose))


def _rivals(asked: Candidate, schedule: Schedule, planner: Planner) -> Seconds:
    """By plan, or goal of its own, how long others have the mount while all that it asks holds, the longest first."""
    mounts = {each.name: each.mount.name for each in planner.observatory.instruments}
    grid, taken, mine = planner.conditions.grid, Counter[str](), asked.request.line.plan
    for block in schedule.blocks:
        if mounts[block.request.train] == mounts.get(asked.request.train):
            both, line = asked.free[grid.index(block.start) : grid.index(block.end)], block.request.line
            taken[f"its own {line.key}" if line.plan == mine else line.plan] += int(both.sum() * grid.step_s)
    return {plan: float(seconds) for plan, seconds in taken.most_common() if seconds}
