"""What accepted frames already prove of a goal, and what is still wanted of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from obsy.engine.schedule.goal_line import GoalLine


@dataclass(frozen=True, slots=True)
class Progress:
    """One line's frames over all nights; those that wait for their verdict count as accepted until it comes."""

    frames: int = 0
    accepted: int = 0
    rejected: int = 0
    done_s: float = 0.0
    accepted_at: tuple[datetime, ...] = ()
    """When each accepted exposure began, in order."""
    waiting: int = 0
    rejected_at: tuple[datetime, ...] = ()
    """When each rejected exposure began, in order."""

    @property
    def tried_at(self) -> tuple[datetime, ...]:
        """When each exposure began, whatever became of it, in order."""
        return tuple(sorted((*self.accepted_at, *self.rejected_at)))

    def taken(self, at: datetime) -> "Progress":
        """With one more frame that waits for its verdict."""
        return replace(self, frames=self.frames + 1, waiting=self.waiting + 1, accepted_at=(*self.accepted_at, at))

    def judged(self, at: datetime, exposure_s: float, accepted: bool) -> "Progress":
        """With the verdict of a frame that waited for it."""
        if accepted:
            return replace(self, waiting=self.waiting - 1, accepted=self.accepted + 1, done_s=self.done_s + exposure_s)
        times = tuple(time for time in self.accepted_at if time != at)
        rejected_at = (*self.rejected_at, at)
        return replace(
            self, waiting=self.waiting - 1, rejected=self.rejected + 1, accepted_at=times, rejected_at=rejected_at
        )


ProgressByGoal = Mapping[tuple[str, str], Progress]
"""Progress by plan and goal."""

NOTHING = Progress()
_NOTHING = 1e-9
"""Of an exposure: sums of fractions of a second are not exact."""


def wanted(line: GoalLine, progress: Progress, now: datetime) -> tuple[int, datetime | None]:
    """Frames still wanted of a line, and for a cadence the time from which on they are."""
    if line.goal.every is not None:
        return _visit(line, progress, now)
    if line.goal.total is not None:  # in seconds: frames of an earlier exposure prove theirs
        missing_s = line.goal.total - progress.done_s - progress.waiting * line.goal.exposure
        return max(0, ceil(missing_s / line.goal.exposure - _NOTHING)), None
    return max(0, (line.wanted or 0) - progress.accepted - progress.waiting), None


def _visit(line: GoalLine, progress: Progress, now: datetime) -> tuple[int, datetime | None]:
    """The rest of the visit that is going on, or the whole of the next one and when it is due.

    A visit begins with its first accepted frame and may be completed within half its cadence; derived from the frames
    each time, never stored, so that a rejected or lost frame cannot derail it.
    """
    every, count = timedelta(days=line.goal.every or 0.0), line.goal.count or 1
    visit: list[datetime] = []
    for at in progress.accepted_at:
        visit = [*visit, at] if visit and at < visit[0] + every / 2 else [at]
    if not visit:
        return count, None
    if len(visit) < count and now < visit[0] + every / 2:
        return count - len(visit), None
    return count, visit[0] + every
