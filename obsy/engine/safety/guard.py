"""A mount, and what takes its blocks, that refuse to come near the Sun, whoever asks and whatever was planned."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from math import isfinite, nan
from pathlib import Path

from obsy.engine.devices.ports import BlockExecutor, Clock, Job, MountPort, MountState, Pointing, Roof
from obsy.engine.safety.asking import ask, told
from obsy.engine.safety.seeing import mount_state
from obsy.engine.safety.shelter import RoofStance, ShelteredMount
from obsy.engine.safety.sun import Direction, why_too_light, why_too_near
from obsy.errors import DeviceError
from obsy.schemas.mount import Mount
from obsy.schemas.policy import SunLimits
from obsy.schemas.site import Location


class GuardedMount:
    """A Mount that slews only where, and on a way on which, the policy lets it point."""

    def __init__(self, mount: MountPort, declared: Mount, limits: SunLimits, place: Location, clock: Clock) -> None:
        """Stand before `mount`; until it is `under` a roof, it may move."""
        self._mount, self._seen = mount, ShelteredMount(declared, mount)
        self._limits, self._place, self._clock = limits, place, clock
        self._stance = RoofStance(Roof.OPEN)

    def under(self, stance: RoofStance) -> None:
        """Move only while this roof is meant to be open, whoever asks: work that does not let go moves nothing."""
        self._stance = stance

    async def check(self, pointing: Pointing) -> None:
        """Raise DeviceError if the mount may not go there now, or anywhere.

        By day it must be known where it points: from an unknown place any way may lead past the Sun.
        """
        self._check_roof()
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
        name = self._seen.declared.name
        await ask(f"the mount '{name}', told to slew,", lambda: self._mount.slew(pointing), self._seen.moves_within_s)

    async def park(self) -> None:
        """Park: the way home is the mount's own, and never refused."""
        await self._mount.park()

    async def unpark(self) -> None:
        """Unpark. Raise DeviceError under a roof that is not meant to be open."""
        self._check_roof()
        await self._mount.unpark()

    def _check_roof(self) -> None:
        if self._stance.meant is not Roof.OPEN:
            raise DeviceError("the mount stays where it is: the roof is not meant to be open")

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
