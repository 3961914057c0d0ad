"""Why a plan gets no time tonight, and the smallest change by which it would; each is proven by planning anew."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from math import ceil, floor, inf, isfinite
from typing import NamedTuple

import numpy as np

from obsy.engine.night.tally import Tally
from obsy.engine.runtime.planner import Planner
from obsy.engine.schedule.goal_line import lines
from obsy.engine.schedule.request import Candidate, Reason, Schedule
from obsy.engine.sky.constraints import Limit, allows, margin, reason, unit, word
from obsy.engine.sky.grid import Mask
from obsy.engine.sky.track import Track
from obsy.schemas.phrase import Phrase
from obsy.schemas.plan import Plan
from obsy.schemas.when import When

LOOSER: dict[tuple[str, str], tuple[float, float, str]] = {
    ("altitude", "above"): (-1.0, 0.0, " deg"),
    ("airmass", "below"): (0.05, 5.0, ""),
    ("moon", "farther_than"): (-1.0, 0.0, " deg"),
    ("moon", "fainter_than"): (1.0, 100.0, " %"),
}
"""Limits that are loosened: by which step, how far at most, and the unit."""
MOST_PRIORITY = 10
Seconds = Mapping[str, float]
Gain = tuple[float, Seconds]
"""Seconds of exposure that a change gets, and what it costs others."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A limit without which the target could be had, and by how much it misses it at best."""

    limit: str
    words: str
    margin: float | None
    """Negative, in its unit; None where a limit knows no nearer and farther."""
    unit: str
    at: datetime


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


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change of the plan that gets it time."""

    key: str
    old: str
    new: str
    gained_s: float
    """Of exposure."""
    costs: Seconds
    """By plan, the exposure that others lose."""
    goals: tuple[str, ...] = ()
    """Whose own limit it is; none if it is the plan's."""


@dataclass(frozen=True, slots=True)
class Why:
    """The whole answer for one plan."""

    goals: tuple[GoalWhy, ...]
    remedies: tuple[Remedy, ...]


def why(planner: Planner, tally: Tally, now: datetime, plan: Plan) -> Why:
    """Return what becomes of a plan's goals from `now` on, and what little change would get more for those left out."""
    asked = [each for each in planner.asked(tally, now) if each.request.line.plan == plan.name]
    grid = planner.conditions.grid
    ahead = np.asarray(grid.seconds >= (now - grid.start).total_seconds())
    schedule = planner.schedule(tally, now)
    goals = tuple(_goal(key, alike, schedule, planner, ahead) for key, alike in _by_goal(asked).items())
    left = frozenset(each.goal for each in goals if each.reason is not None)
    return Why(goals, tuple(_remedies((planner, tally, now), schedule, plan, left)) if left else ())


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
    none = (each.reason for each in schedule.unplaced if (each.request.line.plan, each.request.line.key) == whose)
    refused = None if placed else next(none, Reason("no-time-left", "nothing is left for it"))
    misses = () if placed else tuple(sorted(_misses(first, ahead), key=lambda each: -(each.margin or -inf)))
    rivals = _rivals(first, schedule, planner) if refused is not None and refused.code == "no-time-left" else {}
    return GoalWhy(key, first.request.count, placed, refused, misses, rivals)


def _misses(asked: Candidate, ahead: Mask) -> Iterator[Miss]:
    """Yield each limit that alone is in the way: where all others are kept, how near it comes to be kept as well.

    ahead: (times,), what is left of the night.
    """
    if asked.track is None:
        return
    kept = {id(each): allows(each, asked.track) for each in asked.limits}
    for limit in asked.limits:
        rest = np.logical_and.reduce([ahead, *(kept[id(each)] for each in asked.limits if each is not limit)])
        if rest.any() and not (rest & kept[id(limit)]).any():
            yield _miss(limit, asked.track, int(np.where(rest, margin(limit, asked.track), -np.inf).argmax()))


def _miss(limit: Limit, track: Track, at: int) -> Miss:
    amount = float(margin(limit, track)[at])
    return Miss(
        word(limit), reason(limit), amount if isfinite(amount) else None, unit(limit, track, at), track.grid.at(at)
    )


def _rivals(asked: Candidate, schedule: Schedule, planner: Planner) -> Seconds:
    """By plan, or goal of its own, how long others have the mount while all that it asks holds, the longest first."""
    mounts = {each.name: each.mount.name for each in planner.observatory.instruments}
    grid, taken, mine = planner.conditions.grid, Counter[str](), asked.request.line.plan
    for block in schedule.blocks:
        if mounts[block.request.train] == mounts.get(asked.request.train):
            both, line = asked.free[grid.index(block.start) : grid.index(block.end)], block.request.line
            taken[f"its own {line.key}" if line.plan == mine else line.plan] += int(both.sum() * grid.step_s)
    return {plan: float(seconds) for plan, seconds in taken.most_common() if seconds}


Tonight = tuple[Planner, Tally, datetime]
"""What planning goes by, and from when on."""
Tries = Sequence[tuple[str, Plan]]
"""Ever larger changes of one sort: what the plan says then, and the plan with it."""


class Tried(NamedTuple):
    """What a plan says that may be changed."""

    key: str
    old: str
    tries: Tries
    goals: tuple[str, ...] = ()


def _remedies(tonight: Tonight, base: Schedule, plan: Plan, left: frozenset[str]) -> Iterator[Remedy]:
    """Yield the smallest change of each sort that gets time for goals that have none, planning anew with each."""
    planner, tally, now = tonight
    before = _exposed(base, plan.name, left)

    def able(changed: Plan) -> bool:
        """Whether some of the goals could be had at all, were there no other plan; a hundredth of the planning."""
        alone = replace(planner, observatory=replace(planner.observatory, plans=(changed,)))
        return any(each.refused is None and each.request.line.key in left for each in alone.asked(tally, now))

    def gain(changed: Plan) -> Gain:
        after = _exposed(planner.with_plan(changed).schedule(tally, now), plan.name, left)
        costs = {name: before[name] - after[name] for name in before if before[name] > after[name]}
        return after[plan.name] - before[plan.name], costs

    is_able = able(plan)
    for change in _changes(plan, left):
        if (found := _smallest(change.tries, able, gain, is_able)) is not None:
            new, (gained_s, costs) = found
            yield Remedy(change.key, change.old, new, gained_s, costs, change.goals)


def _exposed(schedule: Schedule, plan: str, goals: Collection[str]) -> Counter[str]:
    """By plan, the seconds of exposure; of `plan`, those of some goals alone."""
    found = Counter[str]()
    for block in schedule.blocks:
        line = block.request.line
        found[line.plan] += int(block.count * line.goal.exposure) if line.plan != plan or line.key in goals else 0
    return found


def _changes(plan: Plan, left: Collection[str]) -> Iterator[Tried]:
    """Yield what may be changed for the goals that are left out: their own limits, those of the plan, its priority."""
    for (key, part), (step, most, sign) in LOOSER.items():
        whose: dict[Phrase, list[str]] = {}
        for line in lines(plan):
            limit = getattr(line.goal.when.over(plan.when), key)
            if line.key in left and getattr(limit, part, None) is not None:
                whose.setdefault(limit, []).append(line.key)
        for limit, goals in whose.items():
            old = getattr(limit, part)
            values = _looser(old, step, most)
            tries = [(f"{value:g}{sign}", _loosened(plan, key, limit, {part: value})) for value in values]
            own = () if getattr(plan.when, key) == limit else tuple(goals)
            yield Tried(f"{key}: {part.replace('_', ' ')}", f"{old:g}{sign}", tries, own)
    higher = range(plan.priority + 1, MOST_PRIORITY + 1)
    tries = [(str(number), plan.model_copy(update={"priority": number})) for number in higher]
    yield Tried("priority:", str(plan.priority), tries)


def _looser(old: float, step: float, most: float) -> list[float]:
    """Return the round values beyond the old one, the last of them `most`; none if it says as much already."""
    if (most - old) / step <= 0:
        return []
    first, last = floor(round(old / step, 6)) + 1, ceil(round(most / step, 6))
    return [*(round(step * number, 3) for number in range(first, last)), most]


def _loosened(plan: Plan, key: str, old: Phrase, change: Mapping[str, float]) -> Plan:
    """Return the plan with another limit wherever it says the old one."""
    new = old.model_copy(update=change)

    def other(when: When) -> When:
        return when.model_copy(update={key: new}) if getattr(when, key) == old else when

    want = tuple(goal.model_copy(update={"when": other(goal.when)}) for goal in plan.want)
    return plan.model_copy(update={"when": other(plan.when), "want": want})


def _smallest(
    tries: Tries, able: Callable[[Plan], bool], gain: Callable[[Plan], Gain], is_able: bool
) -> tuple[str, Gain] | None:
    """Return the first of ever larger changes that gains something, by halving; None if not even the last does.

    is_able: whether it could be had without any change. If not, the first with which it could is mostly the one.
    """
    count, gains = len(tries), cache(lambda number: gain(tries[number][1]))
    first = 0 if is_able else bisect_left(range(count), True, key=lambda number: able(tries[number][1]))
    ends = (count - 1,) if is_able else (first, count - 1)
    enough = next((number for number in ends if number in range(first, count) and gains(number)[0] > 0), None)
    if enough is None:
        return None
    found = first + bisect_left(range(first, enough), True, key=lambda number: gains(number)[0] > 0)
    return tries[found][0], gains(found)
