"""A filter wheel that takes its time."""

from obsy.engine.devices.simulated.state import SimulatedState
from obsy.errors import DeviceError
from obsy.schemas.train import Train


class SimulatedWheel:
    """Filters by role, in the declared order."""

    def __init__(self, state: SimulatedState, train: Train, change_s: float) -> None:
        self._state, self._train, self._change_s = state, train, change_s

    async def select(self, role: str) -> None:
        """Bring a filter into the beam. Raises DeviceError if the wheel has none of that role."""
        roles, state = self._train.roles, self._state
        if role not in roles:
            raise DeviceError(f"the wheel was asked for {role}; it has {', '.join(roles)}")
        if roles.index(role) != state.train(self._train).slot or state.fault("wheel", f"{self._train.name} wheel"):
            await state.turn(self._train, "wheel", self._change_s)
            state.set_train(self._train, slot=roles.index(role))
