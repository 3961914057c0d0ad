"""What an activity works with: the ports, the records, and the questions it may ask of tonight."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from obsy.engine.declare.instrument import Instrument
from obsy.engine.events import Event
from obsy.engine.events.observing import GoalWaits
from obsy.engine.identity import Identity
from obsy.engine.intent import Intent
from obsy.engine.journal import Writes
from obsy.engine.library.master import CalibrationSet
from obsy.engine.night.deviation import CAUSES, Expected
from obsy.engine.night.ports import FrameProcessing, Ports
from obsy.engine.night.tally import Tally
from obsy.engine.night_record import Capture
from obsy.engine.safety.guard import GuardedMount
from obsy.engine.safety.lease import RoofKeeper
from obsy.engine.schedule.patience import Record, waits_until
from obsy.engine.schedule.request import Block
from obsy.engine.sky.twilight import Night
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.mount import Mount
from obsy.schemas.policy import Patience, Safety

Planner = Callable[[Tally, datetime, Collection[str]], Intent]
"""Tonight's intent from a moment on, given what is done and the mounts that are to get nothing: pure."""
Lacking = Callable[[Tally, datetime], tuple[CalibrationSet, ...]]
"""The calibration sets that tonight's lights need and the library lacks: pure."""


@dataclass(frozen=True, slots=True)
class NightRules:
    """What was declared of one enclosure and bears on its night."""

    safety: Safety
    enclosure: Enclosure
    mounts: tuple[Mount, ...]
    """Every mount under the roof."""
    instruments: Mapping[str, Instrument]
    """Every instrument under it, by train."""
    verdict_s: float
    """After its file is complete, a frame's verdict counts this much later."""
    patience: Patience = Patience.model_construct()
    """When a goal that fails again and again gives way to others."""
    origin: Identity = Identity()
    """Site and commit of all that is asked for."""


@dataclass(slots=True)
class NightContext:
    """One enclosure's night and its tools; the activities share it, and only the loop changes its state."""

    night: Night
    rules: NightRules
    ports: Ports
    processing: FrameProcessing
    journal: Writes
    tally: Tally
    plan: Planner
    lacking: Lacking
    incoming: Path = Path()
    """The folder of arrivals, within which the journal names a file."""
    closing: bool = False
    """Whether the roof is being brought to safety: then nothing waits for a disk."""
    ended: bool = False
    """Whether the table has come to its end."""
    happened: list[Event] = field(default_factory=list)
    """What may change the plan, in its order."""
    expected: dict[str, Expected] = field(default_factory=dict)
    """By mount: what was planned when its last block was chosen."""
    errands: set["asyncio.Task[None]"] = field(default_factory=set)
    gives_way: Callable[[Block], bool] = lambda block: False
    """Whether a running block is broken off for what an alert wants."""
    accepted: Callable[[Capture], None] = lambda capture: None
    """Hears of each frame that counts."""
    news: int = 0
    """How often the plan has changed under way."""
    faults: list[Exception] = field(default_factory=list)
    """Faults of ours that the night outlived; they are raised when it is over."""

    _sleepers: set["asyncio.Future[None]"] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Let mounts move only with the leave of whoever keeps the roof over them."""
        for mount in self.ports.mounts.values():
            if isinstance(mount, GuardedMount):
                mount.under(self.ports.keeper.leave)

    @property
    def keeper(self) -> RoofKeeper:
        """Whoever keeps the roof."""
        return self.ports.keeper

    def asked(self, train: str, block: str | None = None, goal: tuple[str, str] | None = None) -> Identity:
        """Return what a frame of a train is for; without a plan and its goal, of none."""
        plan, name = goal or (None, None)
        return Identity(train=train, plan=plan, goal=name, block=block).over(self.rules.origin)

    def now(self) -> datetime:
        """The night's own time."""
        return self.ports.clock.now()

    def log(self, event: Event) -> None:
        """Keep an event; when this returns it is on the disk, unless the night is on its way to safety.

        Raises OSError if the disk does not take it.
        """
        if self.closing:
            self.note(event)
        else:
            self._remember(event)
            self.journal.write(self.now(), event.under(self.rules.enclosure.name))

    def note(self, event: Event) -> None:
        """Keep an event as soon as may be; nothing waits for the disk."""
        self._remember(event)
        self.journal.note(self.now(), event.under(self.rules.enclosure.name))

    def _remember(self, event: Event) -> None:
        if isinstance(event, CAUSES):
            self.happened.append(event)

    def ground(self) -> None:
        """Let no mount move any more, and nothing wait for a disk: the roof is about to be made safe."""
        self.closing = True
        self.keeper.withdraw()

    def replan(self, plan: Planner, lacking: Lacking) -> None:
        """Go by another plan from now on; whoever waits for what was planned looks again."""
        self.plan, self.lacking = plan, lacking
        self.news += 1
        for each in self._sleepers:
            if not each.done():
                each.set_result(None)

    async def rest(self, seconds: float, heard: int) -> None:
        """Sleep so long, or until the plan changes; not at all if it has since `heard` was its `news`."""
        if self.news != heard:
            return
        news = asyncio.get_running_loop().create_future()
        self._sleepers.add(news)
        sleep = asyncio.ensure_future(self.ports.clock.sleep(seconds))
        try:
            await asyncio.wait({sleep, news}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleep.cancel()
            self._sleepers.discard(news)

    def blocks(self, now: datetime | None = None, tally: Tally | None = None) -> tuple[Block, ...]:
        """What is still to observe under this roof from now on; nothing while there is no place for a frame.

        While it is dark, mounts under a roof that is not safe leave their work to those here.
        tally: what is done, if it is to be thought of otherwise.
        """
        if self.tally.refused:
            return ()
        mine, now = {mount.name for mount in self.rules.mounts}, now or self.now()
        away = self.tally.sheltered - mine if self.night.is_dark(now) else set()
        planned = self.plan(tally or self.tally, now, away).blocks
        return tuple(block for block in planned if block.request.train in self.rules.instruments)

    def mount_of(self, block: Block) -> Mount:
        """Return the mount that a block is taken with."""
        return self.rules.instruments[block.request.train].mount

    def missing(self, now: datetime | None = None) -> tuple[CalibrationSet, ...]:
        """The calibration sets still to take; none without a place for them, or a camera that obsy moves itself."""
        if self.tally.refused:
            return ()
        return tuple(each for each in self.lacking(self.tally, now or self.now()) if each.train in self.ports.devices)

    def record(self) -> Record:
        """Return what tonight's goals are known for; it follows the tally."""
        return Record(self.rules.patience, self.night.start, self.tally.progress, self.tally.failed)

    def note_wait(self, line: tuple[str, str], waited: datetime | None, reason: str) -> None:
        """Journal that a goal begins to give way to others, if it does.

        waited: until when it waited before it failed once more.
        """
        record, (plan, goal) = self.record(), line
        until = record.waits_until(plan, goal)
        if until is None or until == waited or until <= self.now():
            return
        failed = record.failed.get(plan, ())
        blocks = until == waits_until(failed, self.rules.patience.failures, self.rules.patience.pause)
        self.log(
            GoalWaits(
                plan=plan,
                goal=None if blocks else goal,
                until=until,
                pause_s=(until - self.now()).total_seconds(),
                in_a_row=len(failed if blocks else record.rejected(plan, goal)),
                reason=reason,
            )
        )

    def send(self, errand: Coroutine[Any, Any, None]) -> None:
        """Let something run beside the activities, to its end, whatever state the night moves to."""
        task = asyncio.get_running_loop().create_task(errand)
        self.errands.add(task)
        task.add_done_callback(self._done)

    def _done(self, errand: "asyncio.Task[None]") -> None:
        self.errands.discard(errand)
        if not errand.cancelled() and isinstance(fault := errand.exception(), Exception):
            self.faults.append(fault)
