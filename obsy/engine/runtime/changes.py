"""What a plan says that may be said otherwise, so that it gets time: ever looser limits, and a higher priority."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from math import ceil, floor

from obsy.engine.schedule.goal_line import lines
from obsy.schemas.plan import Plan
from obsy.schemas.when import When

LOOSER: dict[tuple[str, str], tuple[float, float, str]] = {
    ("altitude", "above"): (-1.0, 0.0, " deg"),
    ("altitude", "below"): (1.0, 90.0, " deg"),
    ("airmass", "below"): (0.05, 5.0, ""),
    ("moon", "farther_than"): (-1.0, 0.0, " deg"),
    ("moon", "fainter_than"): (1.0, 100.0, " %"),
    ("hour_angle", "above"): (-0.5, -12.0, " h"),
    ("hour_angle", "below"): (0.5, 12.0, " h"),
}
"""Limits that are loosened: by which step, how far at most, and the unit."""
MOST_PRIORITY = 10


@dataclass(frozen=True, slots=True)
class PlanChange:
    """Something that a plan says, and what it is to say instead."""

    key: str
    old: str
    new: str
    goals: tuple[str, ...] = ()
    """Whose own limit it is; none if it is the plan's."""


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

    def change(self, step: int) -> PlanChange:
        """Return one of them in words."""
        return PlanChange(self.key, self.old, self.values[step], self.goals)


def ladders(plan: Plan, left: Collection[str]) -> Iterator[Ladder]:
    """Yield what may be changed for the goals that are left out: their own limits, those of the plan, its priority."""
    for (key, part), (step, most, sign) in LOOSER.items():
        whose: dict[float, list[str]] = {}
        for line in lines(plan):
            old = getattr(getattr(line.goal.when.over(plan.when), key), part, None)
            if line.key in left and old is not None:
                whose.setdefault(old, []).append(line.key)
        for old, goals in whose.items():
            values = looser(old, step, most)
            own = () if getattr(getattr(plan.when, key), part, None) == old else tuple(goals)
            said = tuple(f"{value:g}{sign}" for value in values)
            yield Ladder(
                f"{key}: {part.replace('_', ' ')}", f"{old:g}{sign}", said, _loosening(key, part, old, values), own
            )
    higher = range(plan.priority + 1, MOST_PRIORITY + 1)
    yield Ladder("priority:", str(plan.priority), tuple(map(str, higher)), _raised)


def untried(plan: Plan, left: Collection[str]) -> tuple[str, ...]:
    """Return the limits of the goals that are left out for which there is no ladder."""
    said = (each.goal.when.over(plan.when).constraints() for each in lines(plan) if each.key in left)
    parts = ((word, part) for limits in said for word, limit in limits for part, value in limit if value is not None)
    known = {word for word, _ in LOOSER}
    others = (each for each in parts if each not in LOOSER)
    return tuple(dict.fromkeys(f"{word}: {part.replace('_', ' ')}" if word in known else word for word, part in others))


def looser(old: float, step: float, most: float) -> list[float]:
    """Return the round values beyond the old one, the last of them `most`; none if it says as much already."""
    if (most - old) / step <= 0:
        return []
    first, last = floor(round(old / step, 6)) + 1, ceil(round(most / step, 6))
    return [*(round(step * number, 3) for number in range(first, last)), most]


def _raised(plan: Plan, step: int) -> Plan:
    return plan.model_copy(update={"priority": plan.priority + 1 + step})


def _loosening(key: str, part: str, old: float, values: list[float]) -> Callable[[Plan, int], Plan]:
    """Return what puts another limit wherever a plan says the old one."""

    def made(plan: Plan, step: int) -> Plan:
        change = {part: values[step]}
        want = tuple(goal.model_copy(update={"when": _other(goal.when, key, old, change)}) for goal in plan.want)
        return plan.model_copy(update={"when": _other(plan.when, key, old, change), "want": want})

    return made


def _other(when: When, key: str, old: float, change: Mapping[str, float]) -> When:
    limit = getattr(when, key)
    if all(getattr(limit, part, None) == old for part in change):
        return when.model_copy(update={key: limit.model_copy(update=change)})
    return when
