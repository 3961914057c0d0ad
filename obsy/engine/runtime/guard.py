"""The guard: a process that keeps the roofs of one site, whatever becomes of the night that has them open."""

import asyncio
import os
import socket
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from functools import partial
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from obsy.engine.declare.equipment import SafetyEquipment
from obsy.engine.devices.ports import Roof
from obsy.engine.events import INFO, Event, words
from obsy.engine.journal import announce, stamp, tell_stderr
from obsy.engine.runtime.calls import Calls
from obsy.engine.runtime.reached import Reached, RoofReach, kept_roof
from obsy.engine.runtime.wire import LONGEST, Wire, question, reachable
from obsy.engine.safety.asking import told
from obsy.engine.safety.closing import PAUSES_S
from obsy.engine.safety.keeper import Keeper
from obsy.engine.safety.verdict import Verdict
from obsy.errors import DeviceError

BEATS_S = 1.0
"""How often the guard says that it lives, and of each roof that it is meant to be open: no mount moves without that."""
HEARS_S = 30.0
"""A night that has said nothing for so long does not hear either: people are told by the guard."""
UNNEEDED_S = 60.0
"""A guard that a night has started ends when all is closed, and nobody has been connected for so long."""


def socket_of(root: Path, site: str) -> Path:
    """Return where the guard of a site is asked."""
    return root.resolve() / ".obsy" / f"guard-{site}.socket"


class Guard:
    """Keeps the roofs of one site, and answers whoever asks at its socket."""

    def __init__(self, equipment: SafetyEquipment, folder: Path, runner: RoofReach, at: Path) -> None:
        """Nothing is reached. folder: of the site's data. at: where the socket is."""
        self._equipment, self._folder, self._runner, self._at = equipment, folder, runner, at
        self._keepers: dict[str, Keeper] = {}
        self._reached: Mapping[str, Reached] = {}
        self._wires: set[Wire] = set()
        self._alone_since_s: float | None = None
        self._calls = Calls()
        self._was_reached = False
        self.told_to_end = False
        """Whether it ends once every roof is proven closed."""

    async def run(self, *, while_needed: bool = False) -> None:
        """Keep the roofs without end, reaching them again whenever that breaks; or only while it is needed."""
        async with self._listening(), self._living():
            for pause_s in chain(PAUSES_S, repeat(PAUSES_S[-1])):
                try:
                    async with self._runner.reach(self._equipment, self._folder) as self._reached:
                        await self._keep(while_needed)
                        return
                except Exception as fault:
                    self._calls.call(f"the roof is not reached, and may stand open: {told(fault)}")
                if self.told_to_end and not self._was_reached:  # it never had a roof to close
                    return
                await asyncio.sleep(pause_s)

    async def _keep(self, while_needed: bool) -> None:
        self._was_reached = True
        self._keepers = {name: kept_roof(self._equipment, name, each) for name, each in self._reached.items()}
        for name, keeper in self._keepers.items():
            keeper.hear(partial(self._say, name))
            keeper.listen(partial(self._turn, name))
        self._tell(self._greeting())
        keeping = [asyncio.ensure_future(keeper.run()) for keeper in self._keepers.values()]
        try:
            while not self._is_unneeded(while_needed):
                await asyncio.sleep(BEATS_S)
                self._beat()
        finally:
            for each in keeping:
                each.cancel()
            self._keepers = {}

    @asynccontextmanager
    async def _living(self) -> Any:
        """Say every second that it lives, also while nothing is reached."""

        async def say() -> None:
            while True:
                self._tell({"process": os.getpid()})
                await asyncio.sleep(BEATS_S)

        saying = asyncio.ensure_future(say())
        try:
            yield
        finally:
            saying.cancel()

    def _beat(self) -> None:
        """Tell of each roof that is meant to be open; none is, once this is told to end."""
        for name, keeper in self._keepers.items():
            if keeper.meant is Roof.OPEN and self.told_to_end:
                keeper.withdraw()
            elif keeper.meant is Roof.OPEN:
                self._tell({"roof": name, "open": True})

    def _is_unneeded(self, while_needed: bool) -> bool:
        """Whether every roof is proven closed, and it was told to end, or nobody has been there for a while."""
        now = asyncio.get_running_loop().time()
        is_alone = not self._wires and all(keeper.meant is Roof.CLOSED for keeper in self._keepers.values())
        self._alone_since_s = (self._alone_since_s or now) if is_alone else None
        if self.told_to_end:
            return all(keeper.meant is Roof.CLOSED for keeper in self._keepers.values())
        return while_needed and self._alone_since_s is not None and now - self._alone_since_s >= UNNEEDED_S

    @asynccontextmanager
    async def _listening(self) -> Any:
        """Answer at the socket, which is this user's alone; a folder that takes none keeps no roof from being kept."""
        server = None
        try:
            server = await self._bound()
        except OSError as trouble:
            tell_stderr(f"obsy: nobody can ask the guard for a roof: {trouble}")
        try:
            yield
        finally:
            for wire in self._wires:
                wire.close()
            if server is not None:
                server.close()
                with suppress(OSError):
                    self._at.unlink()

    async def _bound(self) -> asyncio.Server:
        self._at.parent.mkdir(parents=True, exist_ok=True)
        self._at.unlink(missing_ok=True)
        heard = socket.socket(socket.AF_UNIX)
        before = os.umask(0o177)
        try:
            with reachable(self._at) as name:
                heard.bind(name)
        finally:
            os.umask(before)
        return await asyncio.start_unix_server(self._talk, sock=heard, limit=LONGEST)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire, answering = Wire(reader, writer), set[asyncio.Task[None]]()
        self._wires.add(wire)
        try:
            wire.send(self._greeting())
            for name, keeper in self._keepers.items():
                keeper.hear(partial(self._say, name))  # so that all the verdict rests on is said again
                wire.send({"roof": name, "verdict": asdict(keeper.verdict)})
            while (said := await wire.read()) is not None:
                wire.heard_s = time.monotonic()
                number, roof, ask = question(said)
                each = asyncio.create_task(self._answer(wire, number, roof, ask))
                answering.add(each)
                each.add_done_callback(answering.discard)
        except asyncio.CancelledError:  # the guard ends; who calls this looks at the task, and would complain of it
            pass
        except DeviceError as nonsense:
            tell_stderr(f"obsy: hung up on somebody at the guard's socket: {nonsense}")
        finally:
            self._wires.discard(wire)
            for each in answering:
                each.cancel()  # a roof that is being opened for nobody is made safe
            wire.close()

    async def _answer(self, wire: Wire, number: int, roof: str, ask: str) -> None:
        try:
            if roof not in self._keepers:
                raise DeviceError(f"the guard does not keep the roof '{roof}'")
            wire.hears |= ask == "hear"
            answer: object = await self._asked(self._keepers[roof], ask)
        except DeviceError as refusal:
            wire.send({"id": number, "refused": str(refusal)})
        except Exception as fault:  # ours
            wire.send({"id": number, "refused": f"a fault of the guard: {told(fault)}"})
        else:
            wire.send({"id": number, "answer": answer})

    async def _asked(self, keeper: Keeper, ask: str) -> object:
        """Return the answer to one question, as JSON has it."""
        match ask:
            case "renew":
                keeper.renew()
            case "withdraw":
                keeper.withdraw()
            case "look":
                return asdict(await keeper.look())
        asks: dict[str, Callable[[], Awaitable[object]]] = {
            "check": keeper.check_opening,
            "open": keeper.open,
            "give-back": keeper.give_back,
            "found": keeper.found,
            "release": keeper.release,
        }
        return await asks[ask]() if ask in asks else None

    def _greeting(self) -> dict[str, Any]:
        kept = self._equipment.digest
        return {"roofs": list(self._keepers), "indi": self._server(), "process": os.getpid(), "equipment": kept}

    def _server(self) -> list[object] | None:
        """Where the INDI server is that reaches the roofs, for whatever else of the observatory hangs on it."""
        found = next((each.server for each in self._reached.values() if each.server is not None), None)
        return list(found) if found is not None else None

    def _tell(self, said: Mapping[str, Any]) -> None:
        for wire in self._wires:
            wire.send(said)

    def _turn(self, roof: str, verdict: Verdict) -> None:
        self._tell({"roof": roof, "verdict": asdict(verdict)})

    def _say(self, roof: str, event: Event) -> None:
        """Say it to the night, which journals it; without one, to whoever reads this process's words, and to people."""
        self._tell({"roof": roof, "event": event.name, "facts": event.facts()})
        if event.severity > INFO:
            entry = {"event": event.name, **event.under(roof).facts()}
            tell_stderr(f"obsy: {words(entry)}")
            now_s = time.monotonic()
            if not any(wire.hears and now_s - wire.heard_s < HEARS_S for wire in self._wires):
                clock = next(iter(self._reached.values())).clock
                announce({"time": stamp(clock.now()), **entry})
