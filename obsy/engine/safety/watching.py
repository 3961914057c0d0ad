"""Look every second whether the roof, the mounts and the Sun are as they are meant to be, whatever was commanded."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from obsy.engine.devices.ports import Roof
from obsy.engine.events import Log
from obsy.engine.events.roof import AlarmRaised
from obsy.engine.journal import tell_stderr
from obsy.engine.safety import moving, seeing
from obsy.engine.safety.asking import told
from obsy.engine.safety.closing import make_safe
from obsy.engine.safety.shelter import Shelter, ShelteredMount
from obsy.engine.safety.sun import Direction, SunHeight, why_against
from obsy.engine.safety.verdict import Verdict
from obsy.errors import DeviceError

LOOK_S = 1.0
SILENT_S = 10.0
"""So long the roof's switches may say nothing before that is a violation."""
ANSWERED_S = 60.0
"""So long after it became unsafe a roof may still be meant to be open; then whoever should close it has failed."""


@dataclass(slots=True)
class _Since:
    """Since when something has been so without a break, in monotonic seconds."""

    begin: float | None = None

    def lasts(self, so: bool, now: float) -> float:
        """Return how long it has been so, seconds; 0 if it is not."""
        self.begin = (self.begin if self.begin is not None else now) if so else None
        return 0.0 if self.begin is None else now - self.begin


class StandingWatch:
    """Watches one shelter; its word outranks the table's, but all it can do is to stop, to call and to make safe."""

    def __init__(
        self, shelter: Shelter, verdict: Callable[[], Verdict], distrust: Callable[[str], None], log: Log
    ) -> None:
        """Nothing has been looked at.

        verdict: of the weather, now. distrust: is told why it is not safe, which then counts as an unsafe reading.
        log: must wait for nothing.
        """
        self._shelter, self._verdict, self._distrust, self._log = shelter, verdict, distrust, log
        self._silent, self._unsafe = _Since(), _Since()
        self._sun = SunHeight(shelter.place) if shelter.place is not None else None

    async def watch(self) -> None:
        """Look for ever; what is not as it is meant to be is made safe, by this watch itself, before it looks on.

        A mount that is silent delays no look at the roof.
        """
        async with asyncio.TaskGroup() as both:
            both.create_task(self._watch_roof())
            both.create_task(self._watch_mounts())

    async def _watch_mounts(self) -> None:
        """Call people once for each time that a mount is not where it must be, and stop it whenever it has moved on."""
        known = ""
        while True:
            await self._shelter.clock.sleep(LOOK_S)
            try:
                why = await self._why_astray()
                if why not in ("", known) and self._shelter.stance.meant is Roof.CLOSED:
                    await moving.stop_mounts(self._shelter)
            except Exception as fault:  # ours: what cannot be watched is not safe
                why = f"the mounts cannot be watched: {told(fault)}"
            if why and not known:
                self._call(why)
            known = why

    async def _watch_roof(self) -> None:
        while True:
            await self._shelter.clock.sleep(LOOK_S)
            try:
                why = await self._why_wrong()
            except Exception as fault:  # ours: what cannot be watched is not safe
                why = f"the roof cannot be watched: {told(fault)}"
            if why:
                await self._meet(why)

    async def _meet(self, why: str) -> None:
        """Stop, call and make safe; nothing that fails on the way keeps the last from being done."""
        self._shelter.stance.meant = Roof.UNKNOWN
        self._call(why)
        try:
            await moving.stop(self._shelter)
        except Exception as fault:
            tell_stderr(f"obsy: nothing was stopped: {told(fault)}")
        await make_safe(self._shelter, self._log, lambda: not self._verdict().safe)

    def _call(self, why: str) -> None:
        """Let it count as unsafe, and call people."""
        tells: tuple[Callable[[], None], ...] = (
            lambda: self._distrust(why),
            lambda: self._log(AlarmRaised(reason=why)),
        )
        for tell in tells:
            try:
                tell()
            except Exception as fault:
                tell_stderr(f"obsy: {why}; and it could not be told: {told(fault)}")

    async def _why_astray(self) -> str:
        """Return what proves that a mount is out of park under a closed roof, or by day near the Sun under another."""
        shelter, meant = self._shelter, self._shelter.stance.meant
        if meant is Roof.CLOSED:
            why = await moving.why_astray(shelter)
            return f"under the closed roof {why}" if why and shelter.stance.meant is meant else ""
        if self._sun is None or not self._sun.why_too_light(shelter.policy.sun, shelter.clock.now()):
            return ""
        found = [await self._why_against(mount) for mount in shelter.mounts]
        why = next(filter(None, found), "")
        return why if why and await seeing.roof(shelter) is not Roof.CLOSED else ""

    async def _why_against(self, mount: ShelteredMount) -> str:
        """Return why a mount must not point where it does; empty if it may, is parked or does not say where it points.

        It is not stopped: by day every roof is being closed, and this mount is on its way home.
        """
        try:
            state = await seeing.mount_state(mount)
        except DeviceError:
            return ""
        place = self._shelter.place
        if place is None or state.azimuth_deg is None or state.altitude_deg is None:
            return ""
        if seeing.seen_parked(state, mount.declared.park):
            return ""
        pointing = Direction(state.azimuth_deg, state.altitude_deg)
        why = why_against(self._shelter.policy.sun, place, pointing, self._shelter.clock.now())
        return f"the mount '{mount.declared.name}' {why}" if why else ""

    async def _why_wrong(self) -> str:
        """Return what is not as it is meant to be; empty while all is, or while it is being made safe."""
        shelter, meant = self._shelter, self._shelter.stance.meant
        if meant is Roof.UNKNOWN:
            return ""
        seen, now = await seeing.roof(shelter), shelter.clock.monotonic()
        if shelter.stance.meant is not meant:  # it was changed while the switches were asked
            return ""
        silent_s = self._silent.lasts(seen is Roof.UNKNOWN, now)
        if meant is Roof.MOVING:
            return ""
        if silent_s >= SILENT_S:
            return f"the roof's switches have said nothing that can be understood for {silent_s:.0f} s"
        if seen not in (meant, Roof.UNKNOWN):
            return f"the roof is meant to be {meant}, and its switches say '{seen}'"
        return self._why_not_open(now) if meant is Roof.OPEN else ""

    def _why_not_open(self, now: float) -> str:
        """Return why a roof that is meant to be open must not be; by day it must not, wherever the mounts point."""
        unsafe_s = self._unsafe.lasts(not self._verdict().safe, now)
        if unsafe_s >= ANSWERED_S:
            return f"the roof is open {unsafe_s:.0f} s after it became unsafe: {self._verdict().reason}"
        if self._sun is None:
            return "the roof is open, and nobody knows how high the Sun stands there"
        light = self._sun.why_too_light(self._shelter.policy.sun, self._shelter.clock.now())
        return f"the roof is open, and {light}" if light else ""
