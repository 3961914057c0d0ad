"""A filter wheel that takes its time."""

from obsy.engine.devices.simulated.state import SimulatedState
from obsy.errors import DeviceError


class SimulatedWheel:
    """Filters by role, in the declared order."""

    def __init__(self, ground: SimulatedState) -> None:
        self._ground = ground

    async def select(self, role: str) -> None:
        """Bring a filter into the beam. Raises DeviceError if the wheel has none of that role."""
        wheel = self._ground.parts.train.filters
        roles = [slot.role for slot in wheel.slots]
        if role not in roles:
            raise DeviceError(f"the wheel was asked for {role}; it has {', '.join(roles)}")
        if roles.index(role) != self._ground.truth.slot or self._ground.fault("wheel"):
            await self._ground.turn("wheel", wheel.change)
            self._ground.change(slot=roles.index(role))
