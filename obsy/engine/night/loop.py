"""The night itself: events in, the table's answer, activities begun and ended; nothing decides here."""

import asyncio
from dataclasses import asdict
from datetime import datetime

from obsy.engine.events.night import ActivityStuck, FaultMet, StateChanged
from obsy.engine.events.roof import DeviceFailed, VerdictTurned
from obsy.engine.night import supervisor
from obsy.engine.night.activities import ACTIVITIES
from obsy.engine.night.context import NightContext
from obsy.engine.night.event import GuardFacts, TableEvent
from obsy.engine.night.together import to_its_end
from obsy.engine.safety.lease import RENEWED_EVERY_S
from obsy.engine.safety.verdict import Verdict
from obsy.errors import DeviceError, UserError
from obsy.schemas.night import CLOSE, UNDER_THE_SKY, NightTable

LETS_GO_S = 30.0
"""An activity that has not let go by then is left behind: the next one, which may be closing the roof, begins."""
ASKED_EVERY_S = 30.0
"""How often the clock is asked how far dusk and dawn are: it may have been set."""
LAST = "rest"
"""The activity that ends the night."""
FORGIVEN = 5
"""So many faults of ours are met by the table's `failed`; after one more the roof is closed and the night left."""


class Loop:
    """Runs one night by its table."""

    def __init__(self, table: NightTable, context: NightContext) -> None:
        """Stand at the table's beginning."""
        self._table, self._context = table, context
        self._state = table.initial
        self._events: asyncio.Queue[tuple[TableEvent, int | None]] = asyncio.Queue()
        self._activity: asyncio.Task[None] | None = None
        self._turn = 0
        """Counts the activities begun; the end of an earlier one is no longer news."""

    async def run(self, begin_in: str | None = None) -> None:
        """From the table's initial state, or from `begin_in` when a night is taken up again, to its end.

        Raises the first fault of ours that was met, but not before the roof is closed. DeviceError if that still fails
        when a rehearsal ends.
        """
        try:
            await self._play(begin_in)
            await self._context.keeper.give_back()  # a table that has ended may stand under a roof opened since
        except BaseException:
            await to_its_end(self._leave())
            raise
        if self._context.faults:
            raise self._context.faults[0]

    async def _leave(self) -> None:
        """Close the roof, whatever was being done."""
        self._context.ground()
        await self._end_activity()
        await ACTIVITIES["close"](self._context)

    async def _play(self, begin_in: str | None) -> None:
        watch = [
            asyncio.create_task(self._hear_the_keeper()),
            asyncio.create_task(self._tell_the_time()),
        ]
        self._state = begin_in or self._state
        self._begin(self._table.states[self._state].do)
        try:
            while not self._over():
                if self._table.states[self._state].do in UNDER_THE_SKY:  # here, so that a table that hangs does not
                    self._context.keeper.renew()
                await self._take(watch)
        finally:
            for task in watch:
                task.cancel()

    async def _take(self, watch: list["asyncio.Task[None]"]) -> None:
        """Answer the next event, if one comes soon; raise the fault of a task or an activity that has died."""
        heard = asyncio.create_task(self._events.get())
        tasks = [*watch, *([self._activity] if self._activity else [])]
        running = [task for task in tasks if not task.done()]
        await asyncio.wait([heard, *running], timeout=RENEWED_EVERY_S, return_when=asyncio.FIRST_COMPLETED)
        nothing = heard.cancel()
        for task in tasks:
            if task.done() and not task.cancelled() and (fault := task.exception()) is not None:
                raise fault.exceptions[0] if isinstance(fault, BaseExceptionGroup) else fault
        if not nothing:
            event, turn = heard.result()
            if event.name == "failed":
                self._despair(event)
            if turn in (None, self._turn):
                await self._answer(event)

    def _despair(self, event: TableEvent) -> None:
        """Raise if trying again has no end."""
        if len(self._context.faults) > FORGIVEN:
            raise self._context.faults[0]
        if event.at >= self._context.night.end:
            raise DeviceError(f"the night is over, and this still fails: {event.detail}")

    def _over(self) -> bool:
        return self._table.states[self._state].do == LAST and (self._activity is None or self._activity.done())

    async def _answer(self, event: TableEvent) -> None:
        """Journal the event with the state it leads to; then, and only then, act. Closing alone waits for no disk."""
        step = supervisor.step(self._table, self._state, event)
        if step.actions:
            closes = self._table.states[step.state].do == CLOSE
            if closes:
                self._context.ground()
            (self._context.note if closes else self._context.log)(_moved(self._state, step.state, event))
            await self._end_activity()
            self._state = step.state
            for action in step.actions:
                self._begin(action.activity)

    def _begin(self, activity: str) -> None:
        self._turn += 1
        self._context.closing = activity == CLOSE  # an earlier failure excuses no silence of the journal now
        self._activity = asyncio.create_task(self._do(activity, self._turn))

    async def _end_activity(self) -> None:
        """Stop what is being done: a running exposure is aborted, a slew stopped."""
        task = self._activity
        if task is None or task.done() or task is asyncio.current_task():
            return
        task.cancel()
        await asyncio.wait({task}, timeout=LETS_GO_S)
        if not task.done():
            self._context.note(ActivityStuck(after_s=LETS_GO_S))

    async def _do(self, activity: str, turn: int) -> None:
        """Carry an activity out and say how it ended."""
        try:
            await ACTIVITIES[activity](self._context)
        except (DeviceError, asyncio.CancelledError) as error:
            if _told_to_stop(error):
                raise
            reason = str(error) or "it broke off by itself"
            self._context.closing = True  # until a roof is seen closed, whatever the disk says
            self._context.log(DeviceFailed(activity=activity, reason=reason))
            await self._happen("failed", reason, turn)
        except UserError:  # nothing that the table could try again
            raise
        except Exception as fault:  # ours: heard at the end, but first the table must bring the roof to safety
            self._context.faults.append(fault)
            self._context.closing = True
            self._context.log(FaultMet(activity=activity, reason=repr(fault)))
            await self._happen("failed", repr(fault), turn)
        else:
            await self._happen("done", "", turn)

    async def _hear_the_keeper(self) -> None:
        turns: asyncio.Queue[Verdict] = asyncio.Queue()
        self._context.keeper.listen(turns.put_nowait)
        while True:
            await self._hear(await turns.get())

    async def _hear(self, verdict: Verdict) -> None:
        """A verdict has turned."""
        mounts = {mount.name for mount in self._context.rules.mounts}
        self._context.tally.sheltered = self._context.tally.sheltered - mounts | (set() if verdict.safe else mounts)
        log = self._context.log if verdict.safe else self._context.note
        log(VerdictTurned(safe=verdict.safe, reason=verdict.reason, input=verdict.input))
        await self._happen("safe" if verdict.safe else "unsafe", verdict.reason)

    async def _tell_the_time(self) -> None:
        """Dusk and dawn, at their moments, also of a clock that is set meanwhile; those that have passed at once."""
        night, clock = self._context.night, self._context.ports.clock
        if night.dusk is None or night.dawn is None:
            await self._happen("dawn", "the Sun does not sink low enough in this night")
            return
        for name, at in (("dusk", night.dusk), ("dawn", night.dawn)):
            if name == "dusk" and clock.now() >= night.dawn:
                continue
            while (left_s := (at - clock.now()).total_seconds()) > 0:
                await clock.sleep(min(left_s, ASKED_EVERY_S))
            await self._happen(name)

    async def _happen(self, name: str, detail: str = "", turn: int | None = None) -> None:
        now = self._context.now()
        # What is unsafe needs no plan of the night, and must not wait for one.
        facts = GuardFacts() if name == "unsafe" else self._facts(now)
        await self._events.put((TableEvent(name, now, facts, detail), turn))

    def _facts(self, now: datetime) -> GuardFacts:
        context = self._context
        dark = context.night.is_dark(now)
        return GuardFacts(
            is_safe=context.keeper.verdict.safe,
            is_dark=dark,
            calibration_missing=bool(context.missing(now)),
            work_left=dark and bool(context.blocks(now)),
            dusk_ahead=context.night.dusk is not None and now < context.night.dusk,
        )


def _told_to_stop(error: BaseException) -> bool:
    """Return whether it ends the task that was cancelled; a device may raise the same of its own accord."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and (task is None or task.cancelling() > 0)


def _moved(source: str, dest: str, event: TableEvent) -> StateChanged:
    """Return the move as the journal keeps it, whole enough to be replayed."""
    return StateChanged(from_=source, to=dest, on=event.name, facts_=asdict(event.facts), detail=event.detail)
