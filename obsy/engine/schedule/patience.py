"""A goal that fails again and again gives way to others, each time for longer, so that it cannot starve a night.

Until when is worked out anew from tonight's frames and blocks, never stored: a killed night goes on as it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from obsy.engine.progress import NOTHING, ProgressByGoal
from obsy.engine.schedule.request import Candidate, Reason
from obsy.engine.sky.grid import Grid, windows
from obsy.schemas.policy import Patience

LONGEST_S = 3600.0
"""Nothing waits longer than this, or than the first pause if that is declared longer: skies clear."""


@dataclass(frozen=True, slots=True)
class Record:
    """What tonight's goals are known for."""

    patience: Patience
    since: datetime
    """The beginning of the night: what was rejected earlier is forgiven."""
    progress: ProgressByGoal = field(default_factory=dict)
    failed: Mapping[str, Sequence[datetime]] = field(default_factory=dict)
    """By plan: when its blocks failed one after the other, the last of them first to be ended by one that did not."""

    def rejected(self, plan: str, goal: str) -> tuple[datetime, ...]:
        """Return when the exposures began that were rejected since the goal's last accepted one."""
        progress = self.progress.get((plan, goal), NOTHING)
        proven = progress.accepted_at[: len(progress.accepted_at) - progress.waiting]
        after = max((self.since, *proven))
        return tuple(at for at in progress.rejected_at if at > after)

    def waits_until(self, plan: str, goal: str) -> datetime | None:
        """Return until when a goal waits, for its rejected frames or its plan's failed blocks; None if it never did."""
        frames = waits_until(self.rejected(plan, goal), self.patience.rejections, self.patience.pause)
        blocks = waits_until(self.failed.get(plan, ()), self.patience.failures, self.patience.pause)
        return max((until for until in (frames, blocks) if until is not None), default=None)


def waits_until(failed_at: Sequence[datetime], enough: int, pause_s: float) -> datetime | None:
    """Return the end of the last wait; None if there is none yet.

    The wait begins with the `enough`-th failure in a row. The first failure after a wait begins one twice as long.
    """
    until, pause = None, timedelta(seconds=pause_s)
    longest = max(pause, timedelta(seconds=LONGEST_S))
    for at in failed_at[enough - 1 :]:
        if until is None or at >= until:
            until, pause = at + pause, min(2 * pause, longest)
    return until


def giving_way(candidates: Sequence[Candidate], record: Record, grid: Grid) -> list[Candidate]:
    """Return the candidates, those that wait not free before their time. A time that is fixed waits for nobody."""
    return [candidate if candidate.fixed else _later(candidate, record, grid) for candidate in candidates]


def _later(candidate: Candidate, record: Record, grid: Grid) -> Candidate:
    request = candidate.request
    until = record.waits_until(request.line.plan, request.line.key)
    if until is None or candidate.refused is not None:
        return candidate
    later = replace(candidate, free=candidate.free & (grid.seconds >= (until - grid.start).total_seconds()))
    longest_s = max((window.length.total_seconds() for window in windows(later.free, grid)), default=0.0)
    if longest_s >= request.line.goal.exposure:
        return later
    reason = f"it failed too often in a row to be tried again before {until:%H:%M} UTC, and then it is too late"
    return replace(later, refused=Reason("gave-way", reason))
