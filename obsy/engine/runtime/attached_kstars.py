"""The KStars that a night is attached to; another that answers in its place is held against what is declared anew."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from datetime import datetime
from pathlib import Path

from obsy.engine.devices.ekos.bus import Bus
from obsy.engine.devices.ekos.readiness import hindrance
from obsy.engine.devices.ports import BlockExecutor, Job
from obsy.engine.runtime.attaching import Host
from obsy.errors import DeviceError, UserError

Fit = Callable[[], Awaitable[Host]]
"""Holds the KStars that answers against place, server, version and list; raises DeviceError or UserError."""


class AttachedKStars:
    """A KStars that was found fit, for as long as it is the one that answers."""

    def __init__(self, bus: Bus, fit: Fit, host: Host, connection: str) -> None:
        """connection: of the KStars that was found fit as `host`."""
        self._bus, self._fit, self._connection = bus, fit, connection
        self.host = host

    async def lacks(self) -> str:
        """Return why EKOS can take no frame now, with its cure; '' if nothing is in the way."""
        if why := await hindrance(self._bus, self.host.equipment):
            return why
        try:
            if (now := await self._bus.owner()) != self._connection:
                host = await self._fit()
                if await self._bus.owner() != now:
                    return "KStars was started anew while it was looked at"
                self.host, self._connection = host, now
        except (DeviceError, UserError, OSError) as fault:  # its process may end at any moment
            return f"KStars was started anew: {fault}"
        return ""

    async def check(self) -> None:
        """Raise DeviceError unless EKOS could take a frame now."""
        if why := await self.lacks():
            raise DeviceError(why)

    async def check_same(self) -> None:
        """Raise DeviceError unless EKOS could take a frame now, and is that of `host`, for which a block is written."""
        host = self.host
        await self.check()
        if self.host is not host:
            raise DeviceError("KStars was started anew while a block was written for the one before")


class AttachedExecutor:
    """A BlockExecutor that writes each block for the KStars which is there when the block begins."""

    def __init__(self, kstars: AttachedKStars, written_for: Callable[[Host], Awaitable[BlockExecutor]]) -> None:
        self._kstars, self._written_for = kstars, written_for

    @property
    def focused(self) -> Mapping[str, datetime]:
        """EKOS does not say when it focused."""
        return {}

    async def run(self, job: Job) -> AsyncGenerator[Path, None]:
        """Each finished file in turn; see EkosExecutor. Raises DeviceError also if this KStars is not fit."""
        await self._kstars.check()
        executor = await self._written_for(self._kstars.host)
        async with aclosing(executor.run(job)) as files:
            async for path in files:
                yield path
