"""Why a plan gets no time tonight, and the smallest change by which it would; each is proven by planning anew."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf, isfinite

import numpy as np

from obsy.engine.night.tally import Tally
from obsy.engine.runtime.planner import Planner
from obsy.engine.schedule.request import Candidate, Reason, Schedule
from obsy.engine.sky.constraints import Limit, allows, margin, reason, word
from obsy.schemas.plan import Plan
from obsy.schemas.when import When

UNITS = {"altitude": "deg", "moon": "deg", "sun": "deg", "skyline": "deg", "meridian": "h", "hour_angle": "h"}
"""Of margins; those of others are days, or numbers without a unit."""
DAYS = ("dates", "season")
LOOSER: dict[tuple[str, str], tuple[float, float, str]] = {
    ("altitude", "above"): (-1.0, 0.0, " deg"),
    ("airmass", "below"): (0.1, 5.0, ""),
    ("moon", "farther_than"): (-5.0, 0.0, " deg"),
    ("moon", "fainter_than"): (5.0, 100.0, " %"),
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
    """By plan, how long others take the mount while it could be had."""


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


@dataclass(frozen=True, slots=True)
class Why:
    """The whole answer for one plan."""

    goals: tuple[GoalWhy, ...]
    remedies: tuple[Remedy, ...]


def why(planner: Planner, tally: Tally, now: datetime, plan: Plan) -> Why:
    """Return what becomes of a plan's goals from `now` on, and what little change would get more for those left out."""
    asked = [each for each in planner.asked(tally, now) if each.request.line.plan == plan.name]
    schedule = planner.schedule(tally, now)
    goals = tuple(_goal(key, alike, schedule, planner) for key, alike in _by_goal(asked).items())
    left = {each.goal for each in goals if each.reason is not None}
    return Why(goals, tuple(_remedies(planner, tally, now, plan, left)) if left else ())


def _by_goal(asked: Sequence[Candidate]) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = {}
    for each in asked:
        found.setdefault(each.request.line.key, []).append(each)
    return found


def _goal(key: str, alike: Sequence[Candidate], schedule: Schedule, planner: Planner) -> GoalWhy:
    """alike: the goal with each train that serves it; the one that could have most is told of."""
    first = max(alike, key=lambda each: (each.refused is None, int(each.free.sum())))
    whose = (first.request.line.plan, key)
    placed = sum(b.count for b in schedule.blocks if (b.request.line.plan, b.request.line.key) == whose)
    none = (each.reason for each in schedule.unplaced if (each.request.line.plan, each.request.line.key) == whose)
    refused = None if placed else next(none, Reason("no-time-left", "nothing is left for it"))
    misses = (
        () if placed or first.free.any() else tuple(sorted(_misses(first), key=lambda each: -(each.margin or -inf)))
    )
    rivals = _rivals(first, schedule, planner) if refused is not None and refused.code == "no-time-left" else {}
    return GoalWhy(key, first.request.count, placed, refused, misses, rivals)


def _misses(asked: Candidate) -> Iterator[Miss]:
    """Yield each limit that alone is in the way: where all others are kept, how near it comes to be kept as well."""
    if asked.track is None:
        return
    kept = {id(each): allows(each, asked.track) for each in asked.limits}
    for limit in asked.limits:
        others = [kept[id(each)] for each in asked.limits if each is not limit]
        rest = np.logical_and.reduce(others) if others else np.ones(asked.free.shape, bool)
        if rest.any():
            best = np.where(rest, margin(limit, asked.track), -np.inf)
            index = int(best.argmax())
            yield _miss(limit, float(best[index]), asked.track.grid.at(index))


def _miss(limit: Limit, amount: float, at: datetime) -> Miss:
    name = word(limit)
    return Miss(
        name, reason(limit), amount if isfinite(amount) else None, "d" if name in DAYS else UNITS.get(name, ""), at
    )


def _rivals(asked: Candidate, schedule: Schedule, planner: Planner) -> Seconds:
    """By plan, how long others have the mount while all that the goal asks holds, the longest first."""
    mounts = {each.name: each.mount.name for each in planner.observatory.instruments}
    grid, taken = planner.conditions.grid, Counter[str]()
    for block in schedule.blocks:
        if mounts[block.request.train] == mounts.get(asked.request.train):
            both = asked.free[grid.index(block.start) : grid.index(block.end)]
            taken[block.request.line.plan] += int(both.sum() * grid.step_s)
    return {
        plan: float(seconds) for plan, seconds in taken.most_common() if seconds and plan != asked.request.line.plan
    }


def _remedies(planner: Planner, tally: Tally, now: datetime, plan: Plan, left: set[str]) -> Iterator[Remedy]:
    """Yield the smallest change of each sort that gets time for goals that have none, planning anew with each."""
    base = planner.schedule(tally, now)

    def gain(changed: Plan) -> Gain:
        schedule = planner.with_plan(changed).schedule(tally, now)
        before, after = _exposed(base, plan.name, left), _exposed(schedule, plan.name, left)
        costs = {name: before[name] - after[name] for name in before if before[name] > after[name]}
        return after[plan.name] - before[plan.name], costs

    for key, old, tries in _tries(plan):
        if (found := _smallest(tries, gain)) is not None:
            new, (gained_s, costs) = found
            yield Remedy(key, old, new, gained_s, costs)


def _exposed(schedule: Schedule, plan: str, goals: set[str]) -> Counter[str]:
    """By plan, the seconds of exposure; of `plan`, those of some goals alone."""
    found = Counter[str]()
    for block in schedule.blocks:
        line = block.request.line
        found[line.plan] += int(block.count * line.goal.exposure) if line.plan != plan or line.key in goals else 0
    return found


Tries = Sequence[tuple[str, Plan]]


def _tries(plan: Plan) -> Iterator[tuple[str, str, Tries]]:
    """Yield a key, what it says, and ever larger changes of it: what it says then, and the plan with it."""
    for (key, part), (step, most, unit) in LOOSER.items():
        for when in (plan.when, *(goal.when for goal in plan.want)):
            if (old := getattr(getattr(when, key), part, None)) is not None:
                values = [round(old + step * number, 3) for number in range(1, max(0, round((most - old) / step)) + 1)]
                tries = [(f"{value:g}{unit}", _loosened(plan, when, (key, part, value))) for value in values]
                yield f"{key}: {part.replace('_', ' ')}", f"{old:g}{unit}", tries
    higher = range(plan.priority + 1, MOST_PRIORITY + 1)
    tries = [(str(number), plan.model_copy(update={"priority": number})) for number in higher]
    yield "priority:", str(plan.priority), tries


def _loosened(plan: Plan, when: When, change: tuple[str, str, float]) -> Plan:
    """Return the plan with another limit in one of its `when`."""
    key, part, value = change
    other = when.model_copy(update={key: getattr(when, key).model_copy(update={part: value})})
    if plan.when is when:
        return plan.model_copy(update={"when": other})
    want = (goal.model_copy(update={"when": other}) if goal.when is when else goal for goal in plan.want)
    return plan.model_copy(update={"want": tuple(want)})


def _smallest(tries: Tries, gain: Callable[[Plan], Gain]) -> tuple[str, Gain] | None:
    """Return the first of ever larger changes that gains something, by halving; None if not even the last does."""
    low, high = 0, len(tries) - 1
    if high < 0 or (best := gain(tries[high][1]))[0] <= 0:
        return None
    while low < high:
        middle = (low + high) // 2
        if (found := gain(tries[middle][1]))[0] > 0:
            high, best = middle, found
        else:
            low = middle + 1
    return tries[high][0], best
