"""The keeper of a roof as a night sees it that asks another process, the guard."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from itertools import chain, count, repeat
from pathlib import Path
from typing import Any

from obsy.engine.devices.ports import Clock, Roof
from obsy.engine.events import EVENTS, Event, Log
from obsy.engine.events.roof import AlarmRaised
from obsy.engine.journal import tell_stderr
from obsy.engine.runtime.wire import Said, Wire, dial
from obsy.engine.safety.asking import told
from obsy.engine.safety.audience import RoofAudience
from obsy.engine.safety.judging import UNREAD
from obsy.engine.safety.lease import Leave, RoofStanding
from obsy.engine.safety.verdict import Verdict
from obsy.errors import DeviceError

PAUSES_S = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Before each further attempt to reach the guard."""
ANSWERS_S = 30.0
"""A question that moves nothing is given up after so long."""
GONE_S = 10.0
"""So long a guard may be gone before people are called, and the mounts are parked without it."""
HEARD_S = 5.0
"""So long the mounts may move after the guard was last heard to mean the roof open."""
HANGS_S = 15.0
"""A guard that says nothing for so long is ended, so that another can keep its roofs."""


class GuardLine:
    """One connection to the guard, taken up again whenever it is lost; a guard that is gone is started again."""

    def __init__(self, at: Path, start: Callable[[], object]) -> None:
        """at: the guard's socket. start: begins another guard, if none runs."""
        self._at, self._start = at, start
        self._wire: Wire | None = None
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._roofs: dict[str, RemoteKeeper] = {}
        self.names: tuple[str, ...] | None = None
        """The roofs that the guard keeps, once it has said so."""
        self.indi: tuple[str, int] | None = None
        """Where the guard's INDI server is."""
        self.process: int | None = None
        self.equipment = ""
        """The digest of what the guard takes the site to have."""

    def keeper(self, roof: str, clock: Clock, park: Callable[[], Awaitable[None]]) -> "RemoteKeeper":
        """Return the keeper of a roof. park: brings the mounts home without the guard, as far as that goes."""
        self._roofs[roof] = RemoteKeeper(self, roof, clock, park)
        return self._roofs[roof]

    @property
    def is_up(self) -> bool:
        """Whether the guard is there."""
        return self._wire is not None

    async def run(self) -> None:
        """Stay in touch for ever."""
        while True:
            try:
                await self._listen(await self._dialled())
            except (OSError, DeviceError):
                pass
            finally:
                self._hang_up()

    async def ask(self, roof: str, ask: str, within_s: float | None = ANSWERS_S) -> Any:
        """Return the guard's answer. Raise DeviceError for what it refuses, or if it does not answer."""
        if self._wire is None:
            raise DeviceError("the guard of the roof does not answer")
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._wire.send({"id": number, "roof": roof, "ask": ask})
        try:
            async with asyncio.timeout(within_s):
                return await answer
        except TimeoutError:
            raise DeviceError("the guard of the roof does not answer") from None
        finally:
            self._waiting.pop(number, None)

    def send(self, roof: str, ask: str) -> None:
        """Ask without waiting for the answer."""
        if self._wire is not None:
            self._wire.send({"id": next(self._numbers), "roof": roof, "ask": ask})

    async def _dialled(self) -> Wire:
        for pause_s in chain(PAUSES_S, repeat(PAUSES_S[-1])):
            with suppress(OSError):
                return await dial(self._at)
            try:
                self._start()
            except Exception as fault:
                tell_stderr(f"obsy: no guard of the roof can be started: {told(fault)}")
            await asyncio.sleep(pause_s)
        raise AssertionError

    async def _listen(self, wire: Wire) -> None:
        self._wire = wire
        try:
            while True:
                async with asyncio.timeout(HANGS_S):  # wait_for of Python 3.11 may lose a cancellation
                    said = await wire.read()
                if said is None:
                    return
                self._take(said)
        except TimeoutError:
            tell_stderr(f"obsy: the guard of the roof has said nothing for {HANGS_S:g} s, and is ended")
            if self.process is not None:
                with suppress(OSError):
                    os.kill(self.process, signal.SIGKILL)

    def _take(self, said: Said) -> None:
        """Take one message; what is none of ours is passed over."""
        number, roof = said.get("id"), self._roofs.get(str(said.get("roof")))
        if isinstance(number, int) and (waiting := self._waiting.get(number)) is not None and not waiting.done():
            if "refused" in said:
                waiting.set_exception(DeviceError(str(said["refused"])))
            else:
                waiting.set_result(said.get("answer"))
        elif roof is not None:
            roof.take(said)
        elif isinstance(found := said.get("indi"), list):
            self.indi = (str(found[0]), int(found[1]))
        if isinstance(process := said.get("process"), int) and process > 1:
            self.process, self.equipment = process, str(said.get("equipment", self.equipment))
        if isinstance(said.get("roofs"), list) and said["roofs"]:
            self.names = tuple(map(str, said["roofs"]))
            for each in self._roofs.values():
                each.greeted()

    def _hang_up(self) -> None:
        if self._wire is not None:
            self._wire.close()
        self._wire = None
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(DeviceError("the guard of the roof has gone"))
        for roof in self._roofs.values():
            roof.lost()


class RemoteKeeper:
    """A RoofKeeper in another process. While that is gone, nothing is safe and no mount moves."""

    def __init__(self, line: GuardLine, roof: str, clock: Clock, park: Callable[[], Awaitable[None]]) -> None:
        """Nothing has been heard."""
        self._line, self._roof, self._clock, self._park = line, roof, clock, park
        self._audience, self._hears = RoofAudience(), False
        self._heard_s, self._gone_s, self._wants = float("-inf"), clock.monotonic(), ""
        self.verdict = UNREAD
        self.leave = Leave(lambda: clock.monotonic() - self._heard_s <= HEARD_S)

    def listen(self, tell: Callable[[Verdict], None]) -> None:
        """Tell of the verdict, if there is one, and of each turn."""
        self._audience.listen(tell)
        if self.verdict is not UNREAD:
            tell(self.verdict)

    def hear(self, say: Log) -> None:
        """Say what happens from now on, and what nobody has heard yet."""
        self._audience.hear(say)
        self._hears = True
        self._line.send(self._roof, "hear")

    def recall(self, *, was_open: bool) -> None:
        """Leave it to the guard, which counts a roof whose past it does not know as one that was open."""

    async def run(self) -> None:
        """Stop the mounts when they have no leave any more; park them, and call people, when the guard stays away."""
        called = False
        while True:
            await self._clock.sleep(1.0)
            if self._clock.monotonic() - self._heard_s > HEARD_S:
                await self.leave.end()
            is_gone = not self._line.is_up and self._clock.monotonic() - self._gone_s >= GONE_S
            if is_gone and not called:
                self._audience.say(AlarmRaised(reason="the guard of the roof does not answer, and none can be started"))
                with suppress(Exception):
                    await self._park()
            called = is_gone

    async def found(self) -> Roof:
        """Return where the guard found the roof."""
        return Roof(await self._patiently("found"))

    async def check_opening(self) -> bool:
        """Return whether the roof would have to move to be open."""
        return bool(await self._line.ask(self._roof, "check"))

    async def open(self) -> None:
        """Return when it is seen open."""
        try:
            await self._line.ask(self._roof, "open", None)
            self._heard_s, self._wants = self._clock.monotonic(), ""
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
        """Return the answer of whichever guard gives one."""
        while True:
            if self._line.is_up:
                with suppress(DeviceError):
                    return await self._line.ask(self._roof, ask, None)
            await self._clock.sleep(PAUSES_S[0])

    def take(self, said: Mapping[str, Any]) -> None:
        """Take what the guard says of this roof; what is none of ours is passed over."""
        with suppress(LookupError, TypeError, ValueError):
            if said.get("open") is True:
                self._heard_s = self._clock.monotonic()
            if "verdict" in said:
                found = said["verdict"]
                self._turn(Verdict(bool(found["safe"] is True), str(found["reason"]), str(found["input"])))
            if "event" in said:
                self._audience.say(_event(said))

    def greeted(self) -> None:
        """A guard has answered: it is told what the one before may not have heard."""
        if self._wants:
            self._line.send(self._roof, self._wants)
        if self._hears:
            self._line.send(self._roof, "hear")

    def lost(self) -> None:
        """The guard has gone."""
        self._gone_s, self._heard_s = self._clock.monotonic(), float("-inf")
        self._turn(Verdict(False, "the guard of the roof does not answer"))

    def _turn(self, verdict: Verdict) -> None:
        was, self.verdict = self.verdict, verdict
        if was is UNREAD or was.safe != verdict.safe:
            self._audience.turn(verdict)


def _event(said: Mapping[str, Any]) -> Event:
    kind = EVENTS[str(said["event"])]
    return kind(**{name.rstrip("_"): fact for name, fact in dict(said["facts"]).items()})
