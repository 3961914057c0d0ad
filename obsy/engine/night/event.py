"""What the supervisor is told: an event with the facts that held when it happened."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class GuardFacts:
    """What the guards of the state table ask about, as it was at the event."""

    is_safe: bool = False
    is_dark: bool = False
    calibration_missing: bool = False
    work_left: bool = False
    dusk_ahead: bool = False


@dataclass(frozen=True, slots=True)
class TableEvent:
    """One thing that happened, in the words of the state table."""

    name: str
    at: datetime
    facts: GuardFacts
    detail: str = ""
