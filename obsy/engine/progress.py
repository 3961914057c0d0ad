"""What accepted frames already prove of a goal."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache

from obsy.engine.signal import Signal

GoalKey = tuple[str, str]
"""Plan and goal."""
_TILE = re.compile(r"_\d+-\d+$", re.ASCII)


@cache
def tile(goal: str) -> str:
    """Return the end of a goal's name that says the tile, such as '_2-1'; nothing if there are no tiles."""
    found = _TILE.search(goal)
    return found[0] if found else ""


def without_tile(goal: str) -> str:
    """Return a goal's name as its plan writes it, the same for all tiles."""
    return goal.removesuffix(tile(goal))


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
    trains: Mapping[str, int] = field(default_factory=dict)
    """Accepted frames of earlier nights by the train that took them."""
    unstacked: tuple[str, ...] = ()
    """Why accepted frames are in no stack, one each."""
    newest: tuple[datetime, str] | None = None
    """When the newest frame of earlier nights was taken, and by which train."""
    torn: int = 0
    """Accepted frames of nights that had too little of what they count together with: these count for nothing."""
    signal: Signal = Signal()
    """What the accepted frames of a goal in S/N prove; nothing of other goals."""

    @property
    def tried_at(self) -> tuple[datetime, ...]:
        """When each exposure began, whatever became of it, in order."""
        return tuple(sorted((*self.accepted_at, *self.rejected_at)))

    def taken(self, at: datetime) -> "Progress":
        """With one more frame that waits for its verdict."""
        return replace(self, frames=self.frames + 1, waiting=self.waiting + 1, accepted_at=(*self.accepted_at, at))

    def judged(self, at: datetime, exposure_s: float, accepted: bool, signal: Signal | None = None) -> "Progress":
        """With the verdict of a frame that waited for it; signal: what all then prove, where that is asked for."""
        if accepted:
            done_s, signal = self.done_s + exposure_s, signal or self.signal
            return replace(self, waiting=self.waiting - 1, accepted=self.accepted + 1, done_s=done_s, signal=signal)
        times = tuple(time for time in self.accepted_at if time != at)
        rejected_at = (*self.rejected_at, at)
        return replace(
            self, waiting=self.waiting - 1, rejected=self.rejected + 1, accepted_at=times, rejected_at=rejected_at
        )


ProgressByGoal = Mapping[GoalKey, Progress]
NOTHING = Progress()


def trains(done: ProgressByGoal) -> dict[str, str]:
    """Return the train of each plan's newest frame."""
    newest = sorted((each.newest, plan) for (plan, _), each in done.items() if each.newest is not None)
    return {plan: train for (_, train), plan in newest}
