"""What befalls the computer in a rehearsal, and what another hand does to roofs and mounts."""

import errno
import os
import signal

from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.devices.simulated.timeline import Trouble, is_deed
from obsy.engine.devices.simulated.world import World
from obsy.engine.journal import Journal
from obsy.schemas.scenario import THE_COMPUTER

LOOK_S = 1.0


class Mischief:
    """Does at its time what no simulated device can do by itself; what was done is not done again after a restart."""

    def __init__(self, world: World, clock: VirtualClock, loop: VirtualLoop, journal: Journal) -> None:
        self._world, self._clock, self._loop, self._journal = world, clock, loop, journal

    async def go_on(self) -> None:
        """Look for what is due, for ever; return if the scenario has nothing of the sort."""
        told = self._world.state.parts.scenario.faults
        if not any(is_deed(each) or each.device == "disk" for each in told):
            return
        await self._clock.sleep(LOOK_S / 2)  # between two looks of whoever watches
        while True:
            self.do_what_is_due()
            await self._clock.sleep(LOOK_S)

    def do_what_is_due(self) -> None:
        """Do what is due now."""
        state, now = self._world.state, self._world.state.now_s
        full = state.timeline.troubles(("disk",), now)
        self._journal.refuses = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) if full else None
        for each in (*state.timeline.all_of(*THE_COMPUTER), *self._moved()):
            if each.begin_s <= now and each.told.fault != "disk-full" and not state.befell(each):
                state.befalls(each)
                self._do(each)

    def _moved(self) -> list[Trouble]:
        names = ("roof", "mount", *self._world.enclosures, *self._world.mounts)
        moved = (each for each in self._world.state.timeline.all_of(*names))
        return [each for each in moved if each.told.fault == "moved"]

    def _do(self, each: Trouble) -> None:
        told, state = each.told, self._world.state
        match told.fault:
            case "moved":
                self._move(told.device)
            case "freeze":
                self._loop.freeze(told.lasts or 0.0)
            case "clock-step":
                state.set_by_s += told.by or 0.0
                self._clock.set_by(told.by or 0.0)
            case "signal":
                signal.raise_signal(signal.Signals[told.signal or "SIGTERM"])
            case "power-cut":
                state.cut_power()
                os.kill(os.getpid(), signal.SIGKILL)
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)

    def _move(self, name: str) -> None:
        for roof, enclosure in self._world.enclosures.items():
            if name in ("roof", roof):
                enclosure.move_by_hand()
        for called, mount in self._world.mounts.items():
            if name in ("mount", called):
                mount.move_by_hand()
