"""A guider that takes away the drift of a simulated mount, and moves it when told to dither."""

from math import cos, pi, sin

from obsy.engine.devices.ports import Guiding
from obsy.engine.devices.simulated.chance import between
from obsy.engine.devices.simulated.mount import SimulatedMount
from obsy.engine.devices.simulated.state import SLOW, SimulatedState
from obsy.errors import DeviceError
from obsy.schemas.guider import Guider
from obsy.schemas.train import Train

FINDS_S = 5.0
"""Until it has a star and holds it."""


class SimulatedGuider:
    """A guider; `stuck` it finds no star, `timeout` it never settles."""

    def __init__(self, state: SimulatedState, train: Train, mount: SimulatedMount, declared: Guider) -> None:
        self._state, self._train, self._mount, self._declared = state, train, mount, declared
        self._guides = False

    async def start(self) -> bool:
        """Hold the telescope; return whether it settled in time. Raise DeviceError if it sees no star."""
        found = await self._faults()
        await self._state.clock.sleep(FINDS_S)
        if "stuck" in found:
            raise DeviceError("the guider was asked to guide, but finds no star")
        self._mount.hold()
        self._guides = True
        return await self._settles(found)

    async def dither(self, arcsec: float) -> bool:
        """Move by so much at most. Raise DeviceError if it does not guide."""
        found = await self._faults()
        if not self._guides:
            raise DeviceError("the guider was asked to dither, but does not guide")
        seed = (self._state.parts.scenario.seed, "dither", self._train.name, self._state.now_s)
        way, far = between(0, 2 * pi, *seed, "way"), between(0.3, 1.0, *seed, "far") * arcsec
        self._mount.nudge(far * cos(way), far * sin(way))
        return await self._settles(found)

    async def stop(self) -> None:
        """Let the telescope drift."""
        await self._faults()
        self.halt()

    async def state(self) -> Guiding:
        """Return whether it guides."""
        found = await self._faults()
        if not self._guides:
            return Guiding.STOPPED
        return Guiding.LOST if "stuck" in found else Guiding.GUIDING

    def halt(self) -> None:
        """Let the telescope drift, without a word."""
        if self._guides:
            self._guides = False
            self._mount.let_go()

    async def _faults(self) -> set[str]:
        return set(await self._state.faults("guider", f"{self._train.name} guider"))

    async def _settles(self, found: set[str]) -> bool:
        settle = self._declared.settle
        needs_s = settle.lasting * (SLOW if "slow" in found else 1)
        settled = "timeout" not in found and needs_s <= settle.within
        await self._state.clock.sleep(needs_s if settled else settle.within)
        return settled
