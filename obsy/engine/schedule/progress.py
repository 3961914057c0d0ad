"""What is still wanted of a goal, less what its accepted frames already prove."""

from datetime import datetime, timedelta
from math import ceil

from obsy.engine.progress import Progress
from obsy.engine.schedule.goal_line import GoalLine

_NOTHING = 1e-9
"""Of an exposure: sums of fractions of a second are not exact."""


def wanted(line: GoalLine, progress: Progress, now: datetime) -> tuple[int, datetime | None]:
    """Frames still wanted of a line, and for a cadence the time from which on they are."""
    goal = line.goal
    if goal.every is not None and goal.count is not None:
        return _visit(timedelta(days=goal.every), goal.count, progress, now)
    if goal.total is not None:  # in seconds: frames of an earlier exposure prove theirs
        missing_s = goal.total - progress.done_s - progress.waiting * goal.exposure
        return max(0, ceil(missing_s / goal.exposure - _NOTHING)), None
    return max(0, (goal.count or 0) - progress.accepted - progress.waiting), None


def _visit(every: timedelta, count: int, progress: Progress, now: datetime) -> tuple[int, datetime | None]:
    """The rest of the visit that is going on, or the whole of the next one and when it is due.

    A visit begins with its first accepted frame and may be completed within half its cadence; derived from the frames
    each time, never stored, so that a rejected or lost frame cannot derail it.
    """
    visit: list[datetime] = []
    for at in progress.accepted_at:
        visit = [*visit, at] if visit and at < visit[0] + every / 2 else [at]
    if not visit:
        return count, None
    if len(visit) < count and now < visit[0] + every / 2:
        return count - len(visit), None
    return count, visit[0] + every
