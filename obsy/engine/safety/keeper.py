"""The keeper of one roof: it reads the weather, judges, watches and closes; nobody else ever commands that roof."""

import asyncio
from collections.abc import Callable, Coroutine
from math import inf
from typing import Any

from obsy.engine.devices.ports import Roof
from obsy.engine.events import Log
from obsy.engine.events.roof import AlarmRaised, RoofReleased
from obsy.engine.journal import tell_stderr
from obsy.engine.safety import moving, seeing
from obsy.engine.safety.asking import LETS_GO_S, forget, is_quick, told
from obsy.engine.safety.audience import RoofAudience
from obsy.engine.safety.beneath import MountWatch
from obsy.engine.safety.closing import make_safe
from obsy.engine.safety.lease import LEASE_S, Leave, RoofStanding
from obsy.engine.safety.monitor import WeatherMonitor
from obsy.engine.safety.opening import HastyRoof, check_opening, check_release, open_roof
from obsy.engine.safety.overdue import Overdue
from obsy.engine.safety.rounds import BEGINS_WITHIN_S, LOOKS_WITHIN_S, Rounds
from obsy.engine.safety.shelter import Shelter
from obsy.engine.safety.verdict import Verdict
from obsy.engine.safety.watching import RoofWatch
from obsy.errors import DeviceError

LOOK_S = 1.0
"""How often everything is looked at."""
ENDED = "whoever kept the roof has ended"


class Keeper:
    """Keeps one roof closed, open on a lease, or on its way to safety; see `RoofKeeper`."""

    def __init__(self, shelter: Shelter, monitor: WeatherMonitor) -> None:
        """Nothing has been looked at."""
        self._shelter, self._stance, self._clock = shelter, shelter.stance, shelter.clock
        self._audience, self._monitor, self._watch = RoofAudience(), monitor, RoofWatch(shelter)
        quick = all(map(is_quick, (shelter.port, *(mount.port for mount in shelter.mounts))))
        self.rounds = Rounds(shelter.clock, self._fails, quick=quick)
        self._lease_s = -inf
        hears = self._alarm, self._call, self._violated
        self._mounts = {each.declared.name: MountWatch(each, self._watch, *hears) for each in shelter.mounts}
        self._held = ""
        """Why the roof stays closed until it has been day, whatever the weather: something else than obsy moved it."""
        self._overdue = Overdue(shelter.home_within_s)
        self._stops, self._ended = False, False  # whatever moves before it is made safe; this keeper
        self._closing: asyncio.Future[None] | None = None
        self._opening: asyncio.Future[None] | None = None
        self._found: asyncio.Future[Roof] | None = None
        self.leave = Leave(lambda: self._stance.meant is Roof.OPEN)
        self.let_go: Callable[[], Coroutine[Any, Any, None]] = self.leave.end
        """Returns when no night moves a mount under the roof any more; it is closed only then."""
        monitor.listen(self._turn, self._audience.say)

    @property
    def verdict(self) -> Verdict:
        """The newest one."""
        return self._monitor.current

    @property
    def meant(self) -> Roof:
        """Open, closed once it was proven so, moving while it is opened, or unknown while it is made safe."""
        return self._stance.meant

    def listen(self, tell: Callable[[Verdict], None]) -> None:
        """Tell of the verdict, if there is one, and of each turn."""
        self._audience.listen(tell)
        if self._monitor.restate():
            tell(self.verdict)

    def hear(self, say: Log) -> None:
        """Say what happens from now on, and what nobody has heard yet; `say` must wait for nothing."""
        self._audience.hear(say)
        self._monitor.restate()
        self._monitor.tell_overrides()

    async def check_opening(self) -> bool:
        """Return whether the roof would have to move to be open. Raise DeviceError if it may not open now."""
        self._check_leave()
        return await check_opening(self._shelter, self.verdict)

    async def found(self) -> Roof:
        """Return where the switches said the roof was at first."""
        return await asyncio.shield(self._finding())

    async def run(self) -> None:
        """Keep the roof for ever, whatever fault of ours is met; cancelled, leave it as it is."""
        try:
            self.rounds.due_within(BEGINS_WITHIN_S)
            await self.rounds.guarded("the roof cannot be looked at", self._begin())
            while True:
                self.rounds.due_within(LOOKS_WITHIN_S)
                await self._clock.sleep(LOOK_S)
                await self._look()
        finally:
            self._ended = True
            self._monitor.close()
            self.rounds.end()
            if not self._finding().done():
                self._finding().set_exception(DeviceError(ENDED))
                self._finding().exception()  # where nobody asks
            for task in filter(None, (self._closing, self._opening)):
                task.cancel()

    async def open(self) -> None:
        """Return when the roof is seen open. Raise DeviceError if it is not, or whatever keeps it from being told."""
        self._check_leave()
        self._lease()
        if self._opening is None or self._opening.done():
            self._opening = asyncio.ensure_future(open_roof(self._shelter, self.verdict, self._audience.say))
            self._opening.add_done_callback(self._opened)
        opens = self._opening
        try:
            await asyncio.wait({opens})
        finally:
            if self._stance.meant not in (Roof.OPEN, Roof.CLOSED):
                self.withdraw()
        if not opens.cancelled():
            opens.result()
        if self._stance.meant is not Roof.OPEN:
            raise DeviceError("the roof was told to open, and is being made safe")

    def _opened(self, opens: "asyncio.Future[None]") -> None:
        """Hold a roof that has only echoed, whether or not somebody still waits for it."""
        if not opens.cancelled() and isinstance(why := opens.exception(), HastyRoof):
            self._moved(str(why))

    def renew(self) -> None:
        """Let the lease last from now on; one that has ended has ended."""
        if self._clock.monotonic() <= self._lease_s:
            self._lease()

    def _lease(self) -> None:
        self._lease_s = self._clock.monotonic() + LEASE_S

    def withdraw(self) -> None:
        """Make the roof safe, from now on without end; what already does goes on. A keeper that has ended does not."""
        self._stance.meant, self._lease_s = Roof.UNKNOWN, -inf
        if not self._is_closing() and not self._ended:
            self._closing = asyncio.ensure_future(self._close())
            self._closing.add_done_callback(forget)

    async def give_back(self) -> None:
        """Return when the roof is seen closed. Raise DeviceError if this keeper has ended before: another is asked."""
        self.withdraw()
        while (closing := self._closing) is not None and not self._ended:
            await asyncio.wait({closing})
            if not closing.cancelled():
                return closing.result()
            self.withdraw()
        raise DeviceError(ENDED)

    async def release(self) -> str:
        """Let the roof open again, whatever closed it for the night; return what that was, or nothing.

        Raise DeviceError unless it is seen closed over parked mounts.
        """
        why = self._held
        await check_release(self._shelter)
        if why and self._held == why:
            self._held = ""
            self._audience.say(RoofReleased(reason=why))
        return why

    async def look(self) -> RoofStanding:
        """Return how the roof and the mounts are seen to stand."""
        return RoofStanding(await seeing.roof(self._shelter), await seeing.all_parked(self._shelter))

    def _finding(self) -> "asyncio.Future[Roof]":
        if self._found is None:
            self._found = asyncio.get_running_loop().create_future()
        return self._found

    async def _begin(self) -> None:
        """Look at the roof: one that is open may stay so while it is safe and dark, any other is proven closed."""
        seen = Roof.UNKNOWN
        try:
            self._monitor.look()
            seen = await seeing.roof(self._shelter)
            self._stance.exposed |= seen is not Roof.CLOSED
            if seen is Roof.OPEN:
                self._monitor.trust_the_open_roof()
                self._lease()
                await self._monitor.read_all()
                self._stance.meant = Roof.OPEN if not self._why_not_open() else Roof.UNKNOWN
        finally:
            if self._stance.meant is not Roof.OPEN:
                self.withdraw()
            self._finding().set_result(seen)

    async def _look(self) -> None:
        """What is done every second; nothing here waits for a device."""
        self.rounds.do("the weather cannot be watched", self._monitor.look)
        self.rounds.do("the lease cannot be watched", self._look_at_the_lease)
        self.rounds.do("the switches cannot be watched", self._look_at_the_switches)
        await self.rounds.ask("the roof cannot be watched", self._look_at_the_roof)
        for name, mount in self._mounts.items():
            await self.rounds.ask(f"the mount '{name}' cannot be watched", mount.look)

    def _look_at_the_lease(self) -> None:
        meant = self._stance.meant
        if self._held and self._watch.why_too_light():
            self._held = ""
        left, over = meant is Roof.MOVING and (self._opening is None or self._opening.done()), self._shelter.is_over()
        if self._overdue.is_so(self._clock.monotonic(), wanted=self._is_closing() and not over):
            self._alarm(f"the roof has not been proven closed within {self._overdue.within_s:.0f} s: it needs hands")
        if meant in (Roof.OPEN, Roof.MOVING) and (why := self._why_not_open()):
            if self.verdict.safe:  # people are called for all but the weather
                self._call(why)
            self.withdraw()
        elif left or (meant is Roof.UNKNOWN and not self._is_closing() and not over):
            self.withdraw()

    def _why_not_open(self) -> str:
        """Return why the lease ends; empty while it holds."""
        if not self.verdict.safe:
            return self.verdict.reason
        if light := self._watch.why_too_light():
            return f"the roof is open, and {light}"
        if self._clock.monotonic() > self._lease_s:
            return f"the roof is open, and for {LEASE_S:g} s nobody has asked that it stays so"
        return ""

    async def _look_at_the_roof(self) -> None:
        if self._stance.meant is Roof.UNKNOWN:  # nobody waits for a roof between two attempts to close it
            if await self._watch.why_passing():
                await moving.stop_roof(self._shelter)
        elif why := await self._watch.why_wrong():
            self._moved(why)

    def _look_at_the_switches(self) -> None:
        if why := self._watch.why_silent():
            self._moved(why)

    def _moved(self, why: str) -> None:
        """Make safe a roof of which nobody knows that it is where it is meant to be; another hand may have moved it."""
        self._held, self._stance.exposed = why, True
        self._violated(why)

    def _violated(self, why: str, *, is_news: bool = True) -> None:
        """Call people, stop whatever moves, and make safe."""
        self._stance.meant = Roof.UNKNOWN
        self._call(why, is_news=is_news)
        self._stops = True
        self.withdraw()

    async def _close(self) -> None:
        self._stance.let_go = asyncio.ensure_future(self.let_go())
        self._stance.let_go.add_done_callback(forget)
        await self.leave.end()
        if self._opening is not None and not self._opening.done():
            self._stops = self._opening.cancel()
            await asyncio.wait({self._opening}, timeout=LETS_GO_S)
        if self._stops:
            self._stops = False
            try:
                await (moving.stop_roof if self._shelter.clears else moving.stop)(self._shelter)
            except Exception as fault:
                tell_stderr(f"obsy: nothing was stopped: {told(fault)}")
        bad, watch = self._monitor.is_bad, self._watch
        await make_safe(self._shelter, self._audience.say, lambda: bad() or bool(watch.why_too_light()))

    def _check_leave(self) -> None:
        why = ENDED if self._ended else "it is being made safe" if self._is_closing() else self._watch.why_too_light()
        if self._held and not why:
            why = f"{self._held}; when all is well again, 'obsy guard --release' lets it open"
        if why:
            raise DeviceError(f"the roof stays closed: {why}")

    def _is_closing(self) -> bool:
        return self._closing is not None and not self._closing.done()

    def _alarm(self, why: str) -> None:
        self._audience.say(AlarmRaised(reason=why))

    def _call(self, why: str, *, is_news: bool = True) -> None:
        """Let it count as unsafe, and call people if it is news."""
        try:
            self._monitor.distrust(why)
        except Exception as fault:
            tell_stderr(f"obsy: {why}; and it does not count as unsafe: {told(fault)}")
        if is_news:
            self._alarm(why)

    def _turn(self, verdict: Verdict) -> None:
        if not verdict.safe and self._stance.meant in (Roof.OPEN, Roof.MOVING):
            self.withdraw()
        self._audience.turn(verdict)

    def _fails(self, why: str, is_news: bool) -> None:
        """Make safe after a fault of ours; where the roof is proven closed, only when it is news."""
        if is_news or self._stance.meant is not Roof.CLOSED:
            self._violated(why, is_news=is_news)
        else:
            self._call(why, is_news=False)
