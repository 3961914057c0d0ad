"""What a plan says that may be said otherwise, so that it gets time: ever looser limits, and a higher priority."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from obsy.engine.runtime.why.wider import WIDER
from obsy.engine.schedule.goal_line import GoalLine, lines
from obsy.schemas.constraints.constraint import Constraint
from obsy.schemas.goal import Goal
from obsy.schemas.plan import Plan
from obsy.schemas.when import When

PRIORITY, MOST_PRIORITY = "priority:", 10
_HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class PlanChange:
    """Something that a plan says, and what it is to say instead."""

    key: str
    old: str
    new: str
    goals: tuple[str, ...] = ()
    """Whose own limit it is; none if it is the plan's."""
    begins: str | None = None
    """From when on the limit holds of itself; None if it never does."""


@dataclass(frozen=True, slots=True, eq=False)
class Ladder:
    """Ever larger changes of one sort, a step each."""

    key: str
    old: str
    values: tuple[str, ...]
    """What the plan says then."""
    made: Callable[[Plan, int], Plan]
    """The plan with one of them, by its place."""
    goals: tuple[str, ...] = ()
    begins: str | None = None

    def change(self, step: int) -> PlanChange:
        """Return one of them in words."""
        return PlanChange(self.key, self.old, self.values[step], self.goals, self.begins)


def ladders(plan: Plan, left: Collection[str], night: date, undue: Collection[str] = ()) -> Iterator[Ladder]:
    """Yield what may be changed for the goals that are left out: their own limits, those of the plan, its priority.

    night: the date of its evening.
    undue: those of them whose cadence does not make them due yet.
    """
    for (key, part), wider in WIDER.items():
        whose: dict[Any, list[str]] = {}
        limits: dict[Any, Constraint] = {}
        for line in lines(plan):
            limit = getattr(line.goal.when.over(plan.when), key)
            old = getattr(limit, part, None)
            if line.key in left and old is not None:
                whose.setdefault(old, []).append(line.key)
                limits.setdefault(old, limit)
        for old, goals in whose.items():
            values = wider.values(wider.near(old, night), limits[old])
            own = () if getattr(getattr(plan.when, key), part, None) == old else tuple(goals)
            name, said = f"{key}: {part.replace('_', ' ')}", tuple(map(wider.said, values))
            begins = wider.begins(old, night)
            yield Ladder(name, wider.said(old), said, _loosening(key, part, old, values), own, begins)
    yield from _sooner(plan, undue)
    higher = range(plan.priority + 1, MOST_PRIORITY + 1)
    yield Ladder(PRIORITY, str(plan.priority), tuple(map(str, higher)), _raised)


def untried(plan: Plan, left: Collection[str]) -> tuple[str, ...]:
    """Return the limits of the goals that are left out for which there is no ladder."""
    said = (each.goal.when.over(plan.when).constraints() for each in lines(plan) if each.key in left)
    parts = ((word, part) for limits in said for word, limit in limits for part, value in limit if value is not None)
    known = {word for word, _ in WIDER}
    others = (each for each in parts if each not in WIDER)
    return tuple(dict.fromkeys(f"{word}: {part.replace('_', ' ')}" if word in known else word for word, part in others))


def _raised(plan: Plan, step: int) -> Plan:
    return plan.model_copy(update={"priority": plan.priority + 1 + step})


def _sooner(plan: Plan, left: Collection[str]) -> Iterator[Ladder]:
    """Yield how the visits of a cadence may come sooner, an hour each, as far as the language lets them."""
    whose: dict[tuple[float, float], list[GoalLine]] = {}
    for line in lines(plan):
        if line.key in left and line.goal.every is not None:
            whose.setdefault((line.goal.every, line.size * line.goal.exposure), []).append(line)
    for (every, visit_s), alike in whose.items():
        least, first = max(1, ceil(2 * visit_s / _HOUR_S)), ceil(round(every * 24, 6)) - 1
        hours = range(first, least - 1, -1)
        said = f"{every:g} d" if every >= 1 else f"{every * 24:g} h"
        goals = () if {*lines(plan)} == {*alike} else tuple(line.key for line in alike)
        yield Ladder("every:", said, tuple(f"{each} h" for each in hours), _visiting(every, visit_s, hours), goals)


def _visiting(every: float, visit_s: float, hours: Sequence[int]) -> Callable[[Plan, int], Plan]:
    """Return what has the visits of such a cadence and length come sooner."""

    def changed(goal: Goal, step: int) -> Goal:
        is_meant = goal.every == every and (goal.count or 1) * goal.exposure == visit_s
        return goal.model_copy(update={"every": hours[step] / 24}) if is_meant else goal

    return lambda plan, step: plan.model_copy(update={"want": tuple(changed(goal, step) for goal in plan.want)})


def _loosening(key: str, part: str, old: object, values: list[Any]) -> Callable[[Plan, int], Plan]:
    """Return what puts another limit wherever a plan says the old one."""

    def made(plan: Plan, step: int) -> Plan:
        change = {part: values[step]}
        want = tuple(goal.model_copy(update={"when": _other(goal.when, key, old, change)}) for goal in plan.want)
        return plan.model_copy(update={"when": _other(plan.when, key, old, change), "want": want})

    return made


def _other(when: When, key: str, old: object, change: Mapping[str, Any]) -> When:
    limit = getattr(when, key)
    if all(getattr(limit, part, None) == old for part in change):
        return when.model_copy(update={key: limit.model_copy(update=change)})
    return when
