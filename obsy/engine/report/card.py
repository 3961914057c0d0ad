"""A plan as the page shows it: its bars, its pictures, its words."""

from collections.abc import Iterable
from dataclasses import dataclass

from obsy.engine.report.altitude import COLOURS
from obsy.engine.report.pictures import StackPicture, pictures
from obsy.engine.report.story import GoalStory, PlanStory
from obsy.engine.report.words import duration, several

SATED = "it has all it wants"


@dataclass(frozen=True, slots=True)
class Bar:
    """One goal: how much of it was there before, what tonight added, in percent of what is wanted."""

    goal: GoalStory
    before: float
    tonight: float
    words: str


@dataclass(frozen=True, slots=True)
class Card:
    """One plan that got something tonight."""

    story: PlanStory
    colour: int
    bars: tuple[Bar, ...]
    pictures: tuple[StackPicture, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """Goals of a plan that were not taken for the same reason."""

    plan: str
    target: str
    goals: tuple[str, ...]
    words: str
    wanting: bool
    """False if they have all they want."""


def cards(plans: Iterable[PlanStory]) -> tuple[Card, ...]:
    """A card for each plan with frames tonight."""
    taken = [plan for plan in plans if plan.taken]
    return tuple(
        Card(plan, index % COLOURS + 1, tuple(_bar(goal) for goal in plan.goals), pictures(plan.plan, plan.stacks))
        for index, plan in enumerate(taken)
    )


def left(plans: Iterable[PlanStory]) -> tuple[Left, ...]:
    """What was not taken, and why; a goal that has all it wants says so."""
    found: dict[tuple[str, str], list[str]] = {}
    targets = {}
    for plan in plans:
        targets[plan.plan] = plan.target
        for goal in plan.goals:
            if not goal.frames:
                found.setdefault((plan.plan, _why(goal)), []).append(goal.goal)
    return tuple(
        Left(plan, targets[plan], tuple(goals), words, words != SATED) for (plan, words), goals in found.items()
    )


def _why(goal: GoalStory) -> str:
    if goal.unplaced:
        return goal.unplaced
    return SATED if goal.missing_s == 0 else "it was not asked for tonight"


def _bar(goal: GoalStory) -> Bar:
    if not goal.wanted_s:
        words = f"{several(goal.accepted, 'frame')} tonight, {goal.before} before; {goal.asked}"
        return Bar(goal, 0.0, 0.0, words)
    before = min(100.0, 100 * goal.before_s / goal.wanted_s)
    tonight = min(100.0 - before, 100 * goal.tonight_s / goal.wanted_s)
    return Bar(goal, round(before, 1), round(tonight, 1), _progress(goal, goal.wanted_s))


def _progress(goal: GoalStory, wanted_s: float) -> str:
    """'+36 min, 1 h 12 min of 3 h'."""
    if not goal.before_s + goal.tonight_s:
        return f"nothing yet of {duration(wanted_s)}"
    gain = f"+{duration(goal.tonight_s)}, " if goal.tonight_s else ""
    return f"{gain}{duration(goal.before_s + goal.tonight_s)} of {duration(wanted_s)}"
