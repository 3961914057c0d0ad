"""The rotator of a simulated train."""

from asyncio import CancelledError

from obsy.engine.devices.simulated.chance import between
from obsy.engine.devices.simulated.state import Motion, SimulatedState
from obsy.errors import DeviceError
from obsy.schemas.rotator import Rotator
from obsy.schemas.train import Train

OFF_DEG = 10.0
"""At the zero of its scale the camera stands so far beside its declared angle at most: nobody knows, but by solving."""


class SimulatedRotator:
    """A rotator that keeps within its range."""

    def __init__(self, state: SimulatedState, train: Train, declared: Rotator) -> None:
        self._state, self._train, self._declared = state, train, declared

    async def turn(self, degrees: float) -> None:
        """Go to a place of its scale. Raise DeviceError beyond its range. Cancelled, it stops."""
        may = self._declared.range
        low, high = (0.0, 360.0) if may is None else (may.above, may.below)
        if not low <= degrees <= high:
            raise DeviceError(f"the rotator was asked to turn to {degrees:g} deg; it reaches {low:g} to {high:g}")
        now, here = self._state.now_s, await self.position()
        needed = abs(degrees - here) / self._declared.speed
        if not {"stuck", "timeout"} & (await self._state.faults("rotator", f"{self._train.name} rotator")).keys():
            turned = Motion(origin=here, goal=degrees, begin_s=now, end_s=now + needed)
            self._state.set_train(self._train, rotor=turned)
        try:
            await self._state.turn(self._train, "rotator", needed)
        except CancelledError:
            stands = self._state.train(self._train).rotor.value(self._state.now_s)
            self._state.set_train(self._train, rotor=Motion(origin=stands, goal=stands))
            raise

    async def position(self) -> float:
        """Return where it stands, degrees; NaN where it answers garbage."""
        found = await self._state.faults("rotator", f"{self._train.name} rotator")
        return float("nan") if "garbage" in found else self._state.train(self._train).rotor.value(self._state.now_s)

    def turned_deg(self, at_s: float) -> float:
        """Return how far it has truly turned the camera beyond its declared angle, east."""
        zero = OFF_DEG * between(-1, 1, self._state.parts.scenario.seed, "rotator", self._train.name)
        place = self._state.train(self._train).rotor.value(at_s)
        return zero + (place if self._declared.counts == "east" else -place)
