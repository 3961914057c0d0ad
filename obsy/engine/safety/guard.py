"""A mount, and what takes its blocks, that refuse to come near the Sun, whoever asks and whatever was planned."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from datetime import datetime
from math import isfinite, nan
from pathlib import Path

from obsy.engine.devices.mount_reckoning import Reckoning
from obsy.engine.devices.ports import BlockExecutor, Clock, Job, MountPort, MountState, Pier, Pointing
from obsy.engine.safety.asking import ask, told
from obsy.engine.safety.daylight import Direction, why_too_light
from obsy.engine.safety.lease import Leave
from obsy.engine.safety.seeing import mount_state
from obsy.engine.safety.shelter import ShelteredMount
from obsy.engine.safety.sun import why_too_near
from obsy.errors import DeviceError
from obsy.schemas.mount import Mount
from obsy.schemas.policy import SunLimits
from obsy.schemas.site import Location


class GuardedMount:
    """A Mount that slews only where, and on a way on which, the policy lets it point."""

    def __init__(self, mount: MountPort, declared: Mount, limits: SunLimits, place: Location, clock: Clock) -> None:
        """Stand before `mount`; until it is `under` a roof that is kept, it may move."""
        self._mount, self._seen = mount, ShelteredMount(declared, mount)
        self._limits, self._place, self._clock = limits, place, clock
        self._leave = Leave(lambda: True)

    def under(self, leave: Leave) -> None:
        """Move only with leave, whoever asks: work that does not let go moves nothing."""
        self._leave = leave

    async def check(self, pointing: Pointing) -> None:
        """Raise DeviceError if the mount may not go there now, or anywhere.

        By day it must be known where it points: from an unknown place any way may lead past the Sun.
        """
        self._leave.check()
        if not why_too_light(self._limits, self._place, self._clock.now()):
            return
        seen = await mount_state(self._seen)
        start = Direction(*(nan if each is None else each for each in (seen.azimuth_deg, seen.altitude_deg)))
        if not all(map(isfinite, start)):
            raise DeviceError("the mount stays where it is: it is day, and it does not say where it points")
        way = (start, pointing)
        if why_not := why_too_near(self._seen.declared, self._limits, self._place, way, self._clock.now()):
            raise DeviceError(f"the mount stays where it is: {why_not}")

    async def slew(self, pointing: Pointing) -> None:
        """Go there and track, if it is far enough from the Sun. Raise DeviceError whatever else goes wrong, in time."""
        await self.check(pointing)
        await self._moves("slew", lambda: self._mount.slew(pointing))

    async def park(self) -> None:
        """Park: the way home is the mount's own, and never refused."""
        await self._mount.park()

    async def unpark(self) -> None:
        """Unpark. Raise DeviceError without leave, or whatever else goes wrong, in time."""
        await self._moves("wake", self._mount.unpark)

    async def _moves(self, what: str, move: Callable[[], Awaitable[None]]) -> None:
        name = self._seen.declared.name
        await self._leave.during(ask(f"the mount '{name}', told to {what},", move, self._seen.moves_within_s))

    async def stand(self) -> None:
        """Stop where it is. Raise DeviceError without leave: whoever makes safe has it go home, and it goes on."""
        await self._moves("stand", self._mount.stop)

    async def reckoning(self) -> Reckoning:
        """Return with which place and time it reckons."""
        return await self._mount.reckoning()

    async def tell(self) -> None:
        """Tell it its place and its time."""
        await self._mount.tell()

    async def side_for(self, pointing: Pointing) -> Pier:
        """Return the side on which it would hang there, as far as it says so."""
        return await self._mount.side_for(pointing)

    async def stop(self) -> None:
        """Stop."""
        await self._mount.stop()

    async def state(self) -> MountState:
        """Return what it says of itself."""
        return await self._mount.state()


class GuardedExecutor:
    """An Executor that moves the mount by itself, as EKOS does, and so is asked before a block begins."""

    def __init__(self, executor: BlockExecutor, mount: GuardedMount) -> None:
        """Stand before `executor`."""
        self._executor, self._mount = executor, mount

    @property
    def focused(self) -> Mapping[str, datetime]:
        """When each train's focus was last measured, as far as that is known."""
        return self._executor.focused

    async def run(self, job: Job) -> AsyncGenerator[Path, None]:
        """Run a block. Raise DeviceError if its target lies too near the Sun."""
        await self._mount.check(job.pointing)
        try:
            async with aclosing(self._executor.run(job)) as files:
                async for path in files:
                    yield path
        except DeviceError:
            raise
        except (Exception, SystemExit, KeyboardInterrupt) as fault:  # of a driver: a signal cancels
            raise DeviceError(f"the block broke off: {told(fault)}") from fault
