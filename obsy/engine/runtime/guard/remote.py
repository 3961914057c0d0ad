"""The keeper of a roof as a night sees it, which asks the guard."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from math import inf
from typing import Any, Protocol, get_args, get_type_hints

from obsy.engine.devices.ports import Clock, Roof
from obsy.engine.events import EVENTS, Event, Log
from obsy.engine.events.roof import AlarmRaised
from obsy.engine.journal import moment
from obsy.engine.safety.asking import forget
from obsy.engine.safety.audience import RoofAudience
from obsy.engine.safety.judging import GONE, UNREAD
from obsy.engine.safety.lease import Leave, RoofStanding
from obsy.engine.safety.verdict import Verdict
from obsy.errors import DeviceError, UserError

GONE_S = 10.0
"""So long a guard may be gone before people are called, and the mounts are parked without it."""
HEARD_S = 5.0
"""So long the mounts may move after the guard was last heard to mean the roof open."""
LOOK_S = 1.0


class AskedGuard(Protocol):
    """How the guard is asked; see `GuardLine`."""

    up: asyncio.Event

    async def ask(self, roof: str, ask: str, within_s: float | None = ...) -> Any: ...  # noqa: D102
    def send(self, roof: str, ask: str) -> None: ...  # noqa: D102


class RemoteKeeper:
    """A RoofKeeper behind a line. While that is down, nothing is safe and no mount moves."""

    def __init__(
        self,
        line: AskedGuard,
        roof: str,
        clock: Clock,
        park: Callable[[], Awaitable[None]],
        ends: datetime | None = None,
    ) -> None:
        """Nothing has been heard. ends: when a rehearsal takes no for an answer; None where the roof is real."""
        self._line, self._roof, self._clock, self._park, self._ends = line, roof, clock, park, ends
        self._audience, self._hears = RoofAudience(), False
        self._heard_s, self._gone_s, self._wants = float("-inf"), clock.monotonic(), ""
        self._back_s = clock.monotonic() if line.up.is_set() else inf
        """When the guard that is there has come; what goes again soon was never back."""
        self._unkept, self._called = "", ""
        """Why the guard never answers for this roof, if so; and to what people were called."""
        self.verdict = UNREAD
        self.leave = Leave(lambda: clock.monotonic() - self._heard_s <= HEARD_S)

    def listen(self, tell: Callable[[Verdict], None]) -> None:
        """Tell of the verdict, if there is one, and of each turn."""
        self._audience.listen(tell)
        if self.verdict is not UNREAD:
            tell(self.verdict)

    def hear(self, say: Log) -> None:
        """Say what happens from now on, and what nobody has heard yet."""
        self.overhear(say)
        self._hears = True
        self._line.send(self._roof, "hear")

    def overhear(self, say: Log) -> None:
        """Say it too, and leave it to the guard that people hear of it."""
        self._audience.hear(say)

    async def run(self) -> None:
        """Stop the mounts when they have no leave any more; park them, and call people, when the guard stays away."""
        while True:
            still_s = self._heard_s + HEARD_S - self._clock.monotonic()
            await self._clock.sleep(max(LOOK_S, still_s))
            if self._clock.monotonic() - self._heard_s > HEARD_S:
                await self.leave.end()
            now_s = self._clock.monotonic()
            if self._unkept or (not self._line.up.is_set() and now_s - self._gone_s >= GONE_S):
                await self._go_home(self._unkept or f"{GONE.reason}, and none can be started")
            elif now_s - self._back_s >= GONE_S:
                self._called = ""

    async def _go_home(self, why: str) -> None:
        """Call people, and park the mounts without the guard; once for one reason."""
        if why != self._called:
            self._called = why
            self._audience.say(AlarmRaised(reason=why))
            self._parking = asyncio.ensure_future(self._park())
            self._parking.add_done_callback(forget)
        await asyncio.wait({self._parking})

    async def found(self) -> Roof:
        """Return how the guard sees the roof stand; open only if it may stay so for now."""
        return Roof(await self._patiently("found"))

    async def check_opening(self) -> bool:
        """Return whether the roof would have to move to be open."""
        return bool(await self._line.ask(self._roof, "check"))

    async def open(self) -> None:
        """Return when it is seen open."""
        try:
            await self._line.ask(self._roof, "open", None)
            self._wants = ""
        except asyncio.CancelledError:
            self.withdraw()
            raise

    def renew(self) -> None:
        """Let the lease last."""
        self._line.send(self._roof, "renew")

    def withdraw(self) -> None:
        """End the lease, also if the guard is to be found first."""
        self._heard_s = float("-inf")
        self._wants = "withdraw"
        self._line.send(self._roof, "withdraw")

    async def give_back(self) -> None:
        """Return when the guard has seen it closed, whichever guard that is."""
        self._heard_s = float("-inf")
        await self._patiently("give-back")
        self._wants = ""

    async def look(self) -> RoofStanding:
        """Return how it all stands; unknown without a guard."""
        try:
            said = await self._line.ask(self._roof, "look")
            return RoofStanding(Roof(said["roof"]), said["parked"])
        except (DeviceError, LookupError, TypeError, ValueError):
            return RoofStanding(Roof.UNKNOWN, None)

    async def _patiently(self, ask: str) -> Any:
        """Return the answer of whichever guard gives one.

        Raise DeviceError for none as a rehearsal ends, and UserError, over parked mounts, if none ever will.
        """
        while True:
            await self._line.up.wait()
            try:
                return await self._line.ask(self._roof, ask, None)
            except DeviceError:
                if self._unkept:
                    await self._go_home(self._unkept)
                    raise UserError(self._unkept) from None
                if self._ends is not None and self._clock.now() >= self._ends:
                    raise
            await self._clock.sleep(LOOK_S)

    def is_open(self, at_s: float | None) -> None:
        """Take when the guard meant the roof to be open, or that it does not: what moves is stopped at once.

        at_s: of the clock that nobody sets, one for the whole computer: what has waited to be read is as old as it is.
        """
        was_open = self.leave.holds()
        self._heard_s = float("-inf") if at_s is None else min(at_s, self._clock.monotonic())
        if was_open and at_s is None:
            self.leave.revoke()
            self._ending = asyncio.ensure_future(self.leave.end())

    def take(self, said: Mapping[str, Any]) -> None:
        """Take what the guard says of this roof; what is none of ours is passed over."""
        with suppress(LookupError, TypeError, ValueError):
            if "verdict" in said:
                found = said["verdict"]
                age_s = found["age_s"]
                kept = (str(found["reason"]), str(found["input"]), float(age_s) if age_s is not None else None)
                self._turn(Verdict(found["safe"] is True, *kept))
            if "event" in said:
                self._audience.say(_event(str(said["event"]), said["facts"]))

    def greeted(self, is_kept: bool = True) -> None:
        """A guard has answered: it is told what the one before may not have heard. is_kept: whether it keeps this."""
        self._back_s = min(self._back_s, self._clock.monotonic())
        self._unkept = "" if is_kept else f"the guard keeps no roof '{self._roof}': site/ has changed since; begin anew"
        if self._unkept:
            self._turn(Verdict(False, self._unkept))
        if self._wants:
            self._line.send(self._roof, self._wants)
        if self._hears:
            self._line.send(self._roof, "hear")

    def lost(self) -> None:
        """The guard has gone."""
        if self._clock.monotonic() - self._back_s >= GONE_S:
            self._gone_s = self._clock.monotonic()
        self._back_s = inf
        self.is_open(None)
        self._turn(GONE)

    def _turn(self, verdict: Verdict) -> None:
        was, self.verdict = self.verdict, verdict
        if was is UNREAD or was.safe != verdict.safe:
            self._audience.turn(verdict)


def _event(name: str, facts: Mapping[str, Any]) -> Event:
    """Return the event with these facts, as `plain` wrote them. Raise LookupError if this version knows none such."""
    kind = EVENTS[name]
    hints = {field.rstrip("_"): (field, hint) for field, hint in get_type_hints(kind).items()}
    told = dict[str, Any]()
    for each, fact in dict(facts).items():
        field, hint = hints[each]
        is_moment = datetime in (hint, *get_args(hint)) and isinstance(fact, str)
        told[field] = moment(fact) if is_moment else fact
    return kind(**told)
