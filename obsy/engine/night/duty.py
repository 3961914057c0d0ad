"""What an activity works with: the ports, the records, and the questions it may ask of tonight."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from obsy.engine.intent import Intent
from obsy.engine.journal import Writes
from obsy.engine.library.master import CalibrationSet
from obsy.engine.night.conditions import Verdict
from obsy.engine.night.ledger import Book
from obsy.engine.night.rooms import Darkroom, Ports
from obsy.engine.sky.twilight import Night
from obsy.schemas.mount import ParkPosition
from obsy.schemas.policy import Safety
from obsy.schemas.train import Train

Planner = Callable[[Book, datetime], Intent]
"""Tonight's intent from a moment on, given what is done: pure."""
Lacking = Callable[[Book, datetime], tuple[CalibrationSet, ...]]
"""The calibration sets that tonight's lights need and the library lacks: pure."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What was declared and bears on the night's conduct."""

    safety: Safety
    park: ParkPosition
    train: Train
    verdict_s: float
    """After its file is complete, a frame's verdict counts this much later."""


@dataclass(slots=True)
class Duty:
    """One night's work and its tools; the activities share it, and only the loop changes its state."""

    night: Night
    rules: Rules
    ports: Ports
    darkroom: Darkroom
    journal: Writes
    book: Book
    plan: Planner
    lacking: Lacking
    verdict: Verdict = Verdict(False, "nothing has been read yet")
    errands: set["asyncio.Task[None]"] = field(default_factory=set)

    def now(self) -> datetime:
        """The night's own time."""
        return self.ports.clock.now()

    def log(self, event: str, **facts: Any) -> None:
        """Keep an event; when this returns it is on the disk."""
        self.journal.write(self.now(), event, facts)

    def intent(self) -> Intent:
        """What is still to do from now on."""
        return self.plan(self.book, self.now())

    def missing(self) -> tuple[CalibrationSet, ...]:
        """The calibration sets still to take; none where obsy does not move the camera itself."""
        return self.lacking(self.book, self.now()) if self.ports.instrument is not None else ()

    def send(self, errand: Coroutine[Any, Any, None]) -> None:
        """Let something run beside the activities, to its end, whatever state the night moves to."""
        task = asyncio.get_running_loop().create_task(errand)
        self.errands.add(task)
        task.add_done_callback(self.errands.discard)
