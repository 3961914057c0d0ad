"""Drills a real roof by day: opens it by a guard of its own, does something to it, and measures until it is closed."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from obsy.engine.declare.equipment import SafetyEquipment
from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.ports import Roof
from obsy.engine.drills.real.by_day import check_may_be_drilled, drill_of
from obsy.engine.events import INFO, Event, words
from obsy.engine.runtime.guard.begin import STARTS_WITHIN_S
from obsy.engine.runtime.guard.claims import devices
from obsy.engine.runtime.guard.line import GuardLine
from obsy.engine.runtime.guard.remote import RemoteKeeper
from obsy.engine.runtime.guard.wire import dial
from obsy.engine.safety.lease import LEASE_S, RoofStanding
from obsy.engine.safety.lock import only_keeper

SOON_S = 5.0
"""How long after the moment at which it must be known closing may start."""
OPENS_WITHIN_S = 300.0
SETTLES_S = 5.0
"""So long the roof stands open before anything happens: the night has asked again by then."""
GLANCE_S = 0.2
LATE_S = 30.0
"""How much later than it must a roof may do something before that is waited for no longer."""
SAYS_EVERY_S = 10.0
Child = subprocess.Popen[bytes]


@dataclass(frozen=True)
class Mishap:
    """What is done to a roof that stands open."""

    about: str
    deed: str
    """An order of `boundary.ORDERS`, or what becomes of the night or the guard."""
    known_s: float = 0.0
    """How long it may take until that can be known, besides the time in which an input may be silent."""
    by_inputs: bool = True
    """Whether that time counts too."""


MISHAPS = {
    "rain": Mishap("every rain sensor says rain", "rain"),
    "not-a-number": Mishap("every input says NaN", "nan"),
    "stale": Mishap("every input repeats its last word, of its old date", "stale"),
    "frozen": Mishap("no input answers", "hang"),
    "clock-set": Mishap("the guard's clock is set by 20 min", "step"),
    "night-killed": Mishap("the night is killed", "kill-night", LEASE_S, by_inputs=False),
    "night-silent": Mishap("the night asks for nothing any more", "silence-night", LEASE_S, by_inputs=False),
    "guard-killed": Mishap("it rains as the guard is killed, and begun again", "kill-guard", STARTS_WITHIN_S),
}


@dataclass(frozen=True)
class RoofDrilled:
    """What became of one mishap, seconds after it."""

    name: str
    within_s: float
    """In which closing had to start."""
    fault: str
    """What was wrong; empty if all was well."""
    starts_s: float | None = None
    """Until the guard said that it closes; None if it did not."""
    closed_s: float | None = None
    """Until the switches said that the roof is closed; None if they did not."""


class RealDrill:
    """Drills one roof, whose guard and night are its children."""

    def __init__(self, root: Path, equipment: SafetyEquipment, tell: Callable[[str], None]) -> None:
        """Nothing is begun. equipment: of this roof alone. tell: takes lines of progress."""
        self._root, self._equipment, self._tell = root.absolute(), equipment, tell
        (self._roof,) = equipment.enclosures
        self._log = self._root / ".obsy" / f"drill-{equipment.site.name}.log"
        """What its guard and its night say."""
        self._guard: Child
        self._heard: dict[str, float] = {}
        """When the guard has said what of this roof, by the names of events."""
        rain = equipment.safety.limits.rain
        self._silent_s = max((each.max_age for each in equipment.weather), default=0.0) + (rain.held_s if rain else 0.0)

    def check(self) -> None:
        """Raise UserError if the roof may not be drilled now, GuardRunning if another process keeps it."""
        with only_keeper(devices(self._equipment, self._root)):
            check_may_be_drilled(self._equipment, datetime.now(UTC))

    def play(self, names: Sequence[str]) -> Iterator[RoofDrilled]:
        """Do one thing after another, until one does not end with a closed roof; however this ends, the roof is closed.

        Raise UserError as `check` does.
        """
        self.check()
        self._begin_guard()
        try:
            for name in names:
                yield (drilled := asyncio.run(self._one(name)))
                if drilled.closed_s is None:
                    return
        finally:
            self._end()

    async def _one(self, name: str) -> RoofDrilled:
        self._tell(f"{name}: {MISHAPS[name].about}")
        _write(self._guard, "well")
        line = GuardLine(partial(dial, drill_of(self._root, self._equipment.site.name)))
        roof = line.keeper(self._roof.name, WallClock(), partial(asyncio.sleep, 0.0))
        roof.overhear(self._hear)
        roof.listen(lambda verdict: self._tell(f"  {verdict.reason}"))
        talking, night = asyncio.ensure_future(line.run()), self._child("night")
        try:
            self._heard.clear()
            if not await self._comes(lambda: self._is("roof-opened"), OPENS_WITHIN_S):
                why = self._last_words() or line.trouble or roof.verdict.reason
                return RoofDrilled(name, self._within_s(name), f"the roof was not opened: {why}; see {self._log}")
            if await roof.look() != RoofStanding(Roof.OPEN, True):
                return RoofDrilled(name, self._within_s(name), "it is not seen open over parked mounts")
            await asyncio.sleep(SETTLES_S)
            return await self._measured(name, night, roof)
        finally:
            night.kill()
            night.communicate()
            talking.cancel()
            await asyncio.gather(talking, return_exceptions=True)

    async def _measured(self, name: str, night: Child, roof: RemoteKeeper) -> RoofDrilled:
        self._heard.clear()
        within_s, begun_s = self._within_s(name), time.monotonic()

        async def closes() -> bool:  # of a guard that has just begun, its first words may not be heard
            return await self._is("roof-closing") or (await roof.look()).roof in (Roof.MOVING, Roof.CLOSED)

        async def closed() -> bool:
            return await roof.look() == RoofStanding(Roof.CLOSED, True)

        self._do(MISHAPS[name].deed, night)
        if not await self._comes(closes, within_s + LATE_S):
            return RoofDrilled(name, within_s, "it does not close")
        starts_s = self._heard.get("roof-closing", time.monotonic()) - begun_s
        self._tell(f"  closing starts after {starts_s:.1f} s")
        if not await self._comes(closed, self._roof.timeout + LATE_S):
            return RoofDrilled(name, within_s, "it is not seen closed", starts_s)
        late = "" if starts_s <= within_s else "closing started late"
        return RoofDrilled(name, within_s, late, starts_s, time.monotonic() - begun_s)

    def _within_s(self, name: str) -> float:
        return MISHAPS[name].known_s + (self._silent_s if MISHAPS[name].by_inputs else 0.0) + SOON_S

    def _do(self, deed: str, night: Child) -> None:
        if deed == "kill-night":
            night.kill()
        elif deed == "silence-night":
            _write(night, deed)
        elif deed == "kill-guard":
            self._guard.kill()
            self._guard.communicate()
            self._begin_guard("anew")
            _write(self._guard, "rain")
        else:
            _write(self._guard, deed)

    async def _is(self, event: str) -> bool:
        return event in self._heard

    async def _comes(self, what: Callable[[], Awaitable[bool]], within_s: float) -> bool:
        """Return whether it is so in time, and before the guard ends."""
        deadline_s = time.monotonic() + within_s
        while not (found := await what()) and time.monotonic() < deadline_s and self._guard.poll() is None:
            await asyncio.sleep(GLANCE_S)
        return found

    def _hear(self, event: Event) -> None:
        self._heard.setdefault(event.name, time.monotonic())
        if event.severity > INFO:
            self._tell(f"  {words({'event': event.name, **event.facts()})}")

    def _begin_guard(self, *anew: str) -> None:
        self._guard = self._child("guard", *anew)
        self._tell(
            f"process {self._guard.pid} keeps the roof now, and ends once that is closed, whatever ends the drill"
        )

    def _last_words(self) -> str:
        """Return what a guard that has ended said last."""
        said = self._log.read_text(errors="replace").split("obsy: ") if self._guard.poll() is not None else [""]
        return said[-1].strip()

    def _child(self, what: str, *anew: str) -> Child:
        its = (str(self._root), self._equipment.site.name, self._roof.name, *anew)
        command = [sys.executable, "-P", "-m", f"obsy.engine.drills.real.{what}", *its]
        self._log.parent.mkdir(exist_ok=True)
        with self._log.open("ab") as log:
            return subprocess.Popen(  # ^C is for this process alone
                command, cwd=self._root, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
            )

    def _end(self) -> None:
        """Return when the guard has seen the roof closed, and ended; one that ended otherwise is begun anew."""
        if self._guard.poll():
            self._guard.communicate()
            self._begin_guard("anew")
        if self._guard.stdin is not None:
            self._guard.stdin.close()
        pid = self._guard.pid
        goes_on = (
            f"the roof is not seen closed yet; process {pid} goes on closing it, without end, and lets no other near: "
            f"see {self._log}; 'kill -9 {pid}' ends it, and leaves the roof as it stands"
        )
        while True:
            try:
                self._guard.wait(SAYS_EVERY_S)
                return
            except (subprocess.TimeoutExpired, KeyboardInterrupt) as cut_off:
                self._tell(goes_on)
                if isinstance(cut_off, KeyboardInterrupt):
                    raise


def _write(child: Child, line: str) -> None:
    with suppress(OSError):  # it has been killed
        if child.stdin is not None:
            child.stdin.write(f"{line}\n".encode())
            child.stdin.flush()
