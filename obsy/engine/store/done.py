"""What accepted frames already prove of each goal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from obsy.engine.store.models import FrameRow


@dataclass(frozen=True, slots=True)
class Done:
    """One goal's frames: all, accepted and rejected; what is in neither is not graded yet."""

    frames: int
    accepted: int
    rejected: int
    done_s: float
    """Exposure of the accepted frames."""
    accepted_at: tuple[datetime, ...]
    """When each accepted frame began, in order: for cadences, visits and transits."""
    rejected_at: tuple[datetime, ...]
    """When each rejected frame began, in order."""

    @property
    def last_at(self) -> datetime | None:
        """When the last accepted frame began."""
        return self.accepted_at[-1] if self.accepted_at else None


def done() -> dict[tuple[str, str], Done]:
    """What there is of each (plan, goal) that has any frame."""
    rows = (
        FrameRow.objects.filter(kind="light", plan__isnull=False, goal__isnull=False)
        .order_by("plan", "goal", "taken_at")
        .values_list("plan", "goal", "accepted", "exposure_s", "taken_at")
    )
    return {(str(plan), str(goal)): _sum(of_goal) for (plan, goal), of_goal in groupby(rows, key=lambda row: row[:2])}


def _sum(rows: Iterable[tuple[str | None, str | None, bool | None, float, datetime]]) -> Done:
    verdicts = [(accepted, exposure_s, taken_at) for _, _, accepted, exposure_s, taken_at in rows]
    good = [(exposure_s, taken_at) for accepted, exposure_s, taken_at in verdicts if accepted]
    return Done(
        frames=len(verdicts),
        accepted=len(good),
        rejected=sum(accepted is False for accepted, _, _ in verdicts),
        done_s=sum(exposure_s for exposure_s, _ in good),
        accepted_at=tuple(taken_at for _, taken_at in good),
        rejected_at=tuple(taken_at for accepted, _, taken_at in verdicts if accepted is False),
    )
