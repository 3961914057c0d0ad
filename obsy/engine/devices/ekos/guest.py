"""EKOS of a KStars that somebody else runs: it is found, borrowed for a block, and given back as it was."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from obsy.engine.devices.ekos.bus import Bus
from obsy.engine.devices.ekos.scheduler import CAPTURE, Ekos
from obsy.errors import DeviceError

Check = Callable[[], Awaitable[None]]


class GuestEkos(Ekos):
    """Loads a block only where nothing of its owner's is, and clears only what it has loaded itself."""

    def __init__(self, bus: Bus, check: Check, holds: Callable[[str], None]) -> None:
        """check: raises DeviceError unless a block may be loaded now.

        holds: is told whose list is ours, the connection of a KStars, or '' once none is.
        """
        super().__init__(bus)
        self._check, self._holds = check, holds
        self._held = ""

    async def load(self, schedule: Path) -> None:
        """Load a block, if EKOS is ready for it and has no other job."""
        if self._held:  # of an earlier block, which could not be taken out
            await self.abort()
        await self._check()
        self._held = await self.bus.owner()
        self._holds(self._held)
        await super().load(schedule)

    async def abort(self) -> None:
        """Stop the block that was loaded and take it out again; a KStars that was begun since has none of ours."""
        await give_back(self, self._held)
        self._held = ""
        self._holds("")

    async def start(self, profile: str, patience_s: float) -> None:
        """Never: beside an INDI server that lives, KStars ends it for a local profile."""
        raise DeviceError(f"EKOS's profile '{profile}' is its owner's to start")

    async def quit(self) -> None:
        """Never."""
        raise DeviceError("KStars is its owner's to end")


async def give_back(ekos: Ekos, held: str) -> None:
    """Stop EKOS and clear what obsy has loaded into the KStars of a connection, if that still answers."""
    if held and held == await ekos.bus.owner():
        await Ekos.abort(ekos)
        with suppress(DeviceError):  # the capture module exists only while EKOS runs
            await ekos.bus.call(*CAPTURE, "clearSequenceQueue")
