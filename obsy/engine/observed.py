"""What a journal tells of a mount at work: its blocks, focus runs and waits, and where it left its plan."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class BlockRun:
    """A block as it went."""

    began: datetime
    """With its slew."""
    start: datetime
    """When the schedule expected its first exposure."""
    end: datetime
    """When it expected the last file."""
    plan: str
    goal: str
    exposure_s: float
    count: int
    train: str = ""
    aimed: datetime | None = None
    """When the telescope pointed there."""
    ra_deg: float | None = None
    ended: datetime | None = None
    """None while it runs, and where it was cut off."""
    frames: int = 0
    """Delivered by its end."""


@dataclass(frozen=True, slots=True)
class FocusRun:
    """A focus run as it ended."""

    at: datetime
    train: str
    found: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """A time in which a mount could take nothing."""

    at: datetime
    until: datetime
    plan: str
    """What came then."""
    mount: str = ""


@dataclass(frozen=True, slots=True)
class PlanLeft:
    """What came next was not what was planned next."""

    at: datetime
    words: str
    cause: str
    """See the event `replanned`."""
    planned: str
    """Plan and goal; empty for nothing."""
    instead: str
    mount: str = ""


@dataclass(frozen=True, slots=True)
class GaveWay:
    """A goal that waited, since its frames or blocks failed too often in a row."""

    at: datetime
    until: datetime
    plan: str
    goal: str | None
    """None: all goals of the plan."""
