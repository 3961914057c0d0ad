"""The connection of a night to the guard of its roofs."""

import asyncio
import os
import secrets
import signal
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from itertools import chain, count, repeat
from typing import Any

from obsy.engine.devices.ports import Clock
from obsy.engine.journal import tell_stderr
from obsy.engine.runtime.guard.remote import RemoteKeeper
from obsy.engine.runtime.guard.wire import PROTOCOL, Said, Wire
from obsy.engine.safety.asking import told
from obsy.engine.safety.judging import GONE
from obsy.errors import DeviceError
from obsy.schemas.address import ServerAddress

PAUSES_S = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Before each further attempt to reach the guard."""
ANSWERS_S = 30.0
"""A question that moves nothing is given up after so long."""
HANGS_S = 15.0
"""A guard that says nothing for so long is ended, so that another can keep its roofs."""
KEPT = 1000
"""So many words of a guard are kept for a keeper that is made later, as KStars has to be there before."""
LOOKS = 3
"""How often it is looked for in that time."""
HOLDER = f"process {os.getpid()} ({secrets.token_hex(4)})"
"""As whom this process asks for roofs: what it has opened, nobody else gives back."""


class GuardLine:
    """One connection to the guard, taken up again whenever it is lost; a guard that is gone is begun again."""

    def __init__(
        self, dial: Callable[[], Awaitable[Wire]], begin: Callable[[], object] = lambda: None, holder: str = HOLDER
    ) -> None:
        """dial: connects to the guard, or raises OSError. begin: another guard, if none answers."""
        self._dial, self._begin, self._holder = dial, begin, holder
        self._wire: Wire | None = None
        self._heard_s = 0.0
        """When the guard was heard last, seconds of the event loop."""
        self._numbers = count()
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._roofs: dict[str, RemoteKeeper] = {}
        self._kept: deque[Said] = deque(maxlen=KEPT)
        """What the guard has said of roofs whose keepers are yet to be made."""
        self.up = asyncio.Event()
        """Set while the guard is there."""
        self.names: tuple[str, ...] | None = None
        """The roofs that the guard keeps, once it has said so."""
        self.indi: ServerAddress | None = None
        """Where the guard's INDI server is."""
        self.trouble = ""
        """Why the guard reaches no roof."""

    def keeper(
        self, roof: str, clock: Clock, park: Callable[[], Awaitable[None]], ends: datetime | None = None
    ) -> RemoteKeeper:
        """Return the keeper of a roof.

        park: brings the mounts home without the guard, as far as that goes. ends: when a rehearsal gives up.
        """
        keeper = self._roofs[roof] = RemoteKeeper(self, roof, clock, park, ends)
        if self.names is not None and self.up.is_set():
            keeper.greeted(roof in self.names)
        for said in self._kept:
            if said["roof"] == roof:
                keeper.take(said)
        return keeper

    async def run(self) -> None:
        """Stay in touch for ever."""
        nonsense = ""
        while True:
            pause_s = PAUSES_S[-1]  # whoever hangs up at once, or is not understood, would do the same again
            try:
                await self._listen(await self._dialled())
                if self.up.is_set():
                    pause_s = PAUSES_S[0]
            except Exception as fault:
                if nonsense != (nonsense := told(fault)):
                    tell_stderr(f"obsy: the guard of the roof is not understood: {nonsense}")
            finally:
                self._hang_up()
            await asyncio.sleep(pause_s)

    async def ask(self, roof: str, ask: str, within_s: float | None = ANSWERS_S) -> Any:
        """Return the guard's answer. Raise DeviceError for what it refuses, or if it does not answer."""
        if self._wire is None:
            raise DeviceError(GONE.reason)
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._wire.send({"id": number, "roof": roof, "ask": ask})
        try:
            async with asyncio.timeout(within_s):
                return await answer
        except TimeoutError:
            raise DeviceError(GONE.reason) from None
        finally:
            self._waiting.pop(number, None)

    def send(self, roof: str, ask: str) -> None:
        """Ask without waiting for the answer."""
        if self._wire is not None:
            self._wire.send({"id": next(self._numbers), "roof": roof, "ask": ask})

    async def _dialled(self) -> Wire:
        for pause_s in chain(PAUSES_S, repeat(PAUSES_S[-1])):
            with suppress(OSError):
                return await self._dial()
            try:
                self._begin()
            except Exception as fault:
                tell_stderr(f"obsy: no guard of the roof can be begun: {told(fault)}")
            await asyncio.sleep(pause_s)
        raise AssertionError

    async def _listen(self, wire: Wire) -> None:
        """Hear the guard until it has gone, or is ended because it is silent.

        Silence is counted in several looks: after this process has itself stood still, which ends one of them at once,
        what the guard has said meanwhile is heard before the next is over.
        """
        self._wire, now_s = wire, asyncio.get_running_loop().time
        wire.send({"holder": self._holder, "protocol": PROTOCOL})
        self._heard_s, silent, look_s = now_s(), 0, HANGS_S / LOOKS
        hearing = asyncio.ensure_future(self._hear(wire))
        try:
            while silent < LOOKS:
                heard_s = self._heard_s
                left_s = look_s if silent else heard_s + look_s - now_s()
                if (await asyncio.wait({hearing}, timeout=max(0.0, left_s)))[0]:
                    return hearing.result()
                silent = silent + 1 if self._heard_s == heard_s else 0
        finally:
            hearing.cancel()
        self._end(wire.process)

    async def _hear(self, wire: Wire) -> None:
        now_s = asyncio.get_running_loop().time
        while (said := await wire.read()) is not None:
            self._heard_s = now_s()
            self._take(wire, said)

    def _end(self, process: int | None) -> None:
        if process is None or process == os.getpid():
            return
        tell_stderr(f"obsy: the guard of the roof has said nothing for {HANGS_S:g} s, and is ended")
        with suppress(OSError):
            os.kill(process, signal.SIGKILL)

    def _take(self, wire: Wire, said: Said) -> None:
        """Take one message; what is none of ours is passed over."""
        number, roof = said.get("id"), self._roofs.get(str(said.get("roof")))
        if isinstance(number, int) and (waiting := self._waiting.get(number)) is not None and not waiting.done():
            if "refused" in said:
                waiting.set_exception(DeviceError(str(said["refused"])))
            else:
                waiting.set_result(said.get("answer"))
        elif roof is not None:
            roof.take(said)
        elif isinstance(is_open := said.get("open"), list):
            at_s = said.get("at_s")
            for name, each in self._roofs.items():
                each.is_open(float(at_s) if name in is_open and isinstance(at_s, int | float) else None)
            wire.send({"heard": said["beat"]} if "beat" in said else {})  # it lives, and moves nothing that it may not
        elif "protocol" in said:
            self._greet(said)
        elif "roof" in said:
            self._kept.append(said)

    def _greet(self, said: Said) -> None:
        """Take up with a guard. Raise DeviceError for one that speaks otherwise; the next start replaces it."""
        if said["protocol"] != PROTOCOL:
            raise DeviceError(f"the guard speaks protocol {said['protocol']}, and not {PROTOCOL}")
        if isinstance(found := said.get("indi"), list):
            self.indi = ServerAddress(str(found[0]), int(found[1]))
        self.trouble = str(said.get("trouble", ""))
        if isinstance(names := said.get("roofs"), list) and names:
            self.names = tuple(map(str, names))
            self.up.set()
            for name, each in self._roofs.items():
                each.greeted(name in self.names)

    def _hang_up(self) -> None:
        if self._wire is not None:
            self._wire.close()
        self._wire = None
        self._kept.clear()
        self.up.clear()
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(DeviceError("the guard of the roof has gone"))
        for roof in self._roofs.values():
            roof.lost()
