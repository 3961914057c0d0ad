"""Where a mount points and how it stands: what is known when its next block is chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import inf


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a mount points, with which train and filter; `half` is that of the sky (`schedule/pier.py`)."""

    picture: str
    ra_deg: float
    dec_deg: float
    train: str
    filter: str
    half: int


@dataclass(frozen=True, slots=True)
class Bearings:
    """How a mount stands when its next block is chosen, as the night saw or sent it last; no device is asked."""

    aim: Aim | None = None
    """Of the block before; None if there was none tonight, or nobody knows where it led."""
    rests: bool = False
    """Whether the mount has been stopped or parked since: then it must be sent there again."""
    focused: Mapping[str, datetime] = field(default_factory=dict)
    """By train, when its focus was last measured."""

    def since_focus_s(self, train: str, at: datetime) -> float:
        """Return the seconds since the train's focus was measured; infinite if it was not."""
        measured = self.focused.get(train)
        return inf if measured is None else (at - measured).total_seconds()
