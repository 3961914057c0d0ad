"""What is asked for, without a plan."""

from obsy.engine.schedule.goal_line import GoalLine
from obsy.engine.schedule.request import Claim, Request
from obsy.schemas.plan import Goal


def request(
    plan: str = "plan", goal: str = "V-60s", train: str = "newton", count: int = 10, *, exposure_s: float = 60.0
) -> Request:
    """A request of middling priority; its filter is what the goal's name begins with."""
    role = goal.partition("-")[0]
    return Request(line(plan, goal, role, exposure_s), train, count, Claim(5.0))


def line(plan: str, goal: str, role: str, exposure_s: float) -> GoalLine:
    """One line of a plan that counts a frame."""
    return GoalLine(plan, goal, plan, role, Goal(filter=(role,), exposure=f"{exposure_s} s", count=1), 1, 1)  # type: ignore[arg-type]
