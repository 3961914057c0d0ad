"""How much a goal asks for, in seconds and in words."""

from obsy.engine.report.words import duration, several
from obsy.engine.schedule.goal_line import GoalLine
from obsy.schemas.plan import Goal, Plan
from obsy.schemas.target import Asteroid, Comet, NamedTarget, Planet


def wanted_s(line: GoalLine) -> float | None:
    """Accepted exposure wanted in all; None where the sky decides, as for a cadence or a transit."""
    return None if line.wanted is None else line.wanted * line.goal.exposure


def asked(goal: Goal) -> str:
    """'3 h', '20 frames', '3 frames every 4 d', 'transit b'."""
    if goal.cover is not None:
        return f"transit {goal.cover.transit} with {duration(goal.cover.baseline)} before and after"
    if goal.every is not None:
        return f"{several(goal.count or 1, 'frame')} every {goal.every:g} d"
    return duration(goal.total) if goal.total is not None else several(goal.count or 0, "frame")


def target(plan: Plan) -> str:
    """What a plan points at, as people say it."""
    match plan.target:
        case NamedTarget(name=name):
            return name
        case Planet(body=body):
            return body.title()
        case Comet():
            return "a comet by its elements"
        case Asteroid():
            return "an asteroid by its elements"
        case position:
            return f"{position.ra:.4f}° {position.dec:+.4f}°"
