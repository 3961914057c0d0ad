"""The guard: it keeps the roofs of one site, whatever becomes of the night that has them open."""

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from functools import partial
from math import inf
from pathlib import Path
from typing import Any

import obsy
from obsy.engine.declare.equipment import SafetyEquipment
from obsy.engine.devices.ports import Roof
from obsy.engine.events import INFO, Event, words
from obsy.engine.journal import announce, stamp, tell_stderr
from obsy.engine.runtime.guard.calls import Calls
from obsy.engine.runtime.guard.ending import Ending
from obsy.engine.runtime.guard.memory import joined
from obsy.engine.runtime.guard.open_roofs import OpenRoofs
from obsy.engine.runtime.guard.reached import Reached, RoofReach, all_at_work, found_now, kept_roof, looked_at, standing
from obsy.engine.runtime.guard.wire import PROTOCOL, Said, Wire, is_one_of_us, question, serve
from obsy.engine.safety.asking import told
from obsy.engine.safety.closing import PAUSES_S
from obsy.engine.safety.keeper import Keeper
from obsy.engine.safety.verdict import Verdict
from obsy.errors import DeviceError

BEATS_S = 2.0
"""How often the guard says that it lives, and which roofs are meant to be open: no mount moves without that."""
MOST = 64
"""Connections at a time; further ones are hung up on, for each takes one of the files that a process may open."""
HEARS_S = 30.0
"""A night that has said nothing for so long does not hear either: people are told by the guard."""


def nothing() -> None:
    """Do nothing."""


def let_hear(when: datetime, event: Event) -> None:
    """Let people hear of it."""
    announce({"time": stamp(when), "event": event.name, **event.facts()})


class Guard:
    """Keeps the roofs of one site, and answers who asks for them: one night at a time has the use of a roof."""

    def __init__(
        self, equipment: SafetyEquipment, folder: Path, runner: RoofReach, *, setting_up: bool = False
    ) -> None:
        """Nothing is reached.

        folder: for what reaches the roofs. setting_up: whether none was ever reached here.
        """
        self._equipment, self._folder, self._runner = equipment, folder, runner
        self._keepers: dict[str, Keeper] = {}
        self._reached: Mapping[str, Reached] = {}
        self._wires: set[Wire] = set()
        self._talking = set[asyncio.Future[None]]()
        self._nights: dict[str, str] = {}
        """Who has the use of each roof, open or closed, for as long as they are connected."""
        self._open_roofs = OpenRoofs()
        self.ending = Ending((each.name for each in equipment.enclosures), setting_up=setting_up)
        self._calls = Calls()
        self.note: Callable[[datetime, Event], object] = let_hear
        """Told what no night hears."""
        self.once_reached: Callable[[], object] = nothing
        """Called when the roofs are reached."""
        self.at_work: Callable[[str, bool], object] = lambda how, in_hand: None
        """Called every few seconds with how the roofs stand; see `standing`. Without words nobody is truly at work."""
        self.trouble = ""
        """Why no roof is reached."""
        self.closed_s = inf
        """When all was done, seconds of `time.monotonic`."""

    async def run(self, held: socket.socket | None = None, *, while_needed: bool = False) -> None:
        """Keep the roofs without end, reaching them again whenever that breaks; or only while it is needed.

        held: where it is asked; see `lock.claim`.
        """
        async with self._listening(held):
            pauses = iter(PAUSES_S)
            while True:
                try:
                    async with self._runner.reach(self._equipment, self._folder) as self._reached:
                        pauses = iter(PAUSES_S)
                        await self._keep(while_needed)
                        return
                except Exception as fault:
                    self._say_nothing_is_kept()
                    self.trouble = f"the roof is not reached, and may stand open: {told(fault)}"
                    self._calls.call(self.trouble)
                    self._tell(self._greeting())
                if self.ending.ordered and self.ending.setting_up:
                    return
                await asyncio.sleep(next(pauses, PAUSES_S[-1]))

    def connect(self) -> Wire:
        """Return a connection within its event loop; the other end keeps what is said until the night hears it."""
        here, there = joined()
        there.hears, there.heard_s = True, asyncio.get_running_loop().time()
        talking = asyncio.ensure_future(self._talk(there))
        self._talking.add(talking)
        talking.add_done_callback(self._talking.discard)
        return here

    async def _keep(self, while_needed: bool) -> None:
        self.trouble = self._calls.over()
        self.once_reached()
        self._keepers = {name: kept_roof(self._equipment, name, each) for name, each in self._reached.items()}
        for name, keeper in self._keepers.items():
            keeper.hear(partial(self._say, name))
            keeper.listen(partial(self._turn, name))
            keeper.let_go = partial(self._nights_let_go, name)
        self._tell(self._greeting())
        keeping = [asyncio.ensure_future(keeper.run()) for keeper in self._keepers.values()]
        try:
            while not self._may_end(while_needed):
                await all_at_work(keeping, BEATS_S)
        finally:
            for each in keeping:
                each.cancel()
            self._keepers = {}
        self.closed_s = time.monotonic()

    def _say_nothing_is_kept(self) -> None:
        """Take back whatever was safe: what reached the roofs has broken, or who kept them."""
        for name in self._reached:
            self._tell({"roof": name, "verdict": asdict(Verdict(False, "the guard does not reach the roof"))})
        self._reached = {}

    async def _beat(self) -> None:
        """Say that it lives, also while nothing is reached."""
        while True:
            self._tell_what_is_open()
            how, in_hand = standing(self._keepers)
            self.at_work(how or self._calls.hope(), in_hand)
            await asyncio.sleep(BEATS_S)

    def _tell_what_is_open(self) -> None:
        """Tell what is meant to be open, which is nothing once this is told to end."""
        is_open = [name for name, keeper in self._keepers.items() if keeper.meant is Roof.OPEN]
        at_s = max((each.clock.monotonic() for each in self._reached.values()), default=0.0)
        self._open_roofs.tell(self._wires, [] if self.ending.ordered else is_open, at_s)

    async def _nights_let_go(self, roof: str) -> None:
        """Return when no night moves a mount under a roof any more that is not meant to be open."""
        self._tell_what_is_open()
        await self._open_roofs.heard(lambda: [wire for wire in self._wires if wire.holder == self._nights.get(roof)])

    def _may_end(self, while_needed: bool) -> bool:
        self.ending.close_what_is_open(self._keepers)
        return self.ending.is_due(self._keepers, self._reached, is_alone=not self._wires, while_needed=while_needed)

    @asynccontextmanager
    async def _listening(self, held: socket.socket | None) -> AsyncIterator[None]:
        """Answer this user, and root, for as long as the block runs."""
        server = None if held is None else await serve(held, self._accept)
        beating = asyncio.ensure_future(self._beat())
        try:
            yield
        finally:
            beating.cancel()
            for wire in self._wires:
                wire.close()
            if server is not None:
                server.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._wires) < MOST and is_one_of_us(writer.get_extra_info("socket")):
            await self._talk(Wire(reader, writer))
        else:
            writer.close()

    async def _talk(self, wire: Wire) -> None:
        answering = set[asyncio.Task[None]]()
        self._wires.add(wire)
        try:
            wire.send(self._greeting())
            while (said := await wire.read()) is not None:
                wire.heard_s = asyncio.get_running_loop().time()
                if "ask" in said:
                    each = asyncio.create_task(self._answer(wire, *question(said)))
                    answering.add(each)
                    each.add_done_callback(answering.discard)
                else:
                    if _acquaint(wire, said):
                        self._tell_how_it_stands(wire)
                    self._open_roofs.hear(wire, said)
        except asyncio.CancelledError:  # the guard ends; who calls this looks at the task, and would complain of it
            pass
        except DeviceError as nonsense:
            tell_stderr(f"obsy: hung up on somebody at the guard's socket: {nonsense}")
        finally:
            self._wires.discard(wire)
            self._open_roofs.forget(wire)
            if not any(other.holder == wire.holder for other in self._wires):
                self._nights = {roof: night for roof, night in self._nights.items() if night != wire.holder}
            for each in answering:
                each.cancel()  # a roof that is being opened for nobody is made safe
            wire.close()

    def _tell_how_it_stands(self, wire: Wire) -> None:
        """Tell a night that has come all that the verdicts rest on, and the verdicts."""
        for name, keeper in self._keepers.items():
            keeper.hear(partial(self._say, name))
            wire.send({"roof": name, "verdict": asdict(keeper.verdict)})

    async def _answer(self, wire: Wire, number: int, roof: str, ask: str) -> None:
        try:
            if roof not in self._keepers:
                raise DeviceError(f"the guard does not keep the roof '{roof}'")
            answer: object = await self._asked(wire, roof, ask)
        except DeviceError as refusal:
            wire.send({"id": number, "refused": str(refusal)})
        except Exception as fault:  # ours
            wire.send({"id": number, "refused": f"a fault of the guard: {told(fault)}"})
        else:
            wire.send({"id": number, "answer": answer})

    async def _asked(self, wire: Wire, roof: str, ask: str) -> object:
        """Return the answer to one question, as JSON has it."""
        keeper, other = self._keepers[roof], self._other(wire, roof, ask)
        if other and ask in ("check", "open"):
            raise DeviceError(f"the roof '{roof}' is {other}'s, which is still at work")
        if ask == "open":
            self.ending.opens(roof)
            await keeper.open()
            self._tell_what_is_open()  # the answer gives no mount leave to move
            return None
        asks: dict[str, Callable[[], Awaitable[object]]] = {
            "check": keeper.check_opening,
            "give-back": keeper.give_back,
            "found": partial(found_now, keeper),
            "look": partial(looked_at, keeper),
            "release": keeper.release,
        }
        if ask in ("found", "look", "release") or (ask in asks and not other):
            return await asks[ask]()
        if ask == "hear":
            wire.hears = True
        elif not other:
            (keeper.renew if ask == "renew" else keeper.withdraw)()
        return None

    def _other(self, wire: Wire, roof: str, ask: str) -> str:
        """Return who else has the use of a roof; whoever hears it, opens it or keeps it open has it, if nobody does."""
        if ask in ("hear", "open") or (ask == "renew" and self._keepers[roof].meant is Roof.OPEN):
            self._nights.setdefault(roof, wire.holder)
        return "" if self._nights.get(roof, wire.holder) == wire.holder else self._nights[roof]

    def _greeting(self) -> dict[str, Any]:
        return {
            "obsy": obsy.__version__,
            "protocol": PROTOCOL,
            "equipment": self._equipment.digest,
            "process": os.getpid(),
            "roofs": list(self._keepers),
            "nights": sorted(set(self._nights.values())),
            "indi": self._server(),
            "trouble": self.trouble,
        }

    def _server(self) -> list[object] | None:
        """Where the INDI server is that reaches the roofs, for whatever else of the observatory hangs on it."""
        found = next((each.server for each in self._reached.values() if each.server is not None), None)
        return list(found) if found is not None else None

    def _tell(self, said: Mapping[str, Any]) -> None:
        for wire in self._wires:
            wire.send(said)

    def _turn(self, roof: str, verdict: Verdict) -> None:
        self._tell_what_is_open()
        self._tell({"roof": roof, "verdict": asdict(verdict)})

    def _say(self, roof: str, event: Event) -> None:
        """Say it to the night, which journals it; without one, to whoever reads this process's words, and to people."""
        now = self._reached[roof].clock.now()
        self._tell_what_is_open()
        self._tell({"roof": roof, "event": event.name, "facts": event.facts(), "time": stamp(now)})
        self.ending.hear(roof, event)
        now_s = asyncio.get_running_loop().time()
        if event.severity > INFO and not any(wire.hears and now_s - wire.heard_s < HEARS_S for wire in self._wires):
            tell_stderr(f"obsy: {words({'event': event.name, **event.under(roof).facts()})}")
            self.note(now, event.under(roof))


def _acquaint(wire: Wire, said: Said) -> bool:
    """Take who is at the other end; return whether that is news. Raise DeviceError for one who speaks otherwise."""
    if said.get("protocol", PROTOCOL) != PROTOCOL:
        raise DeviceError(f"it speaks protocol {said['protocol']}, and this guard {PROTOCOL}")
    before, wire.holder = wire.holder, str(said.get("holder", wire.holder))
    return wire.holder != before
