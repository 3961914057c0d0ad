"""A flat panel that also caps the telescope."""

from obsy.engine.devices.simulated.state import SimulatedState
from obsy.schemas.train import Train


class SimulatedPanel:
    """A cover with light in it."""

    def __init__(self, state: SimulatedState, train: Train, settle_s: float) -> None:
        self._state, self._train, self._settle_s = state, train, settle_s

    async def light(self) -> None:
        """Cap the telescope and shine steadily."""
        await self._set("light")

    async def dark(self) -> None:
        """Cap the telescope and shine not at all."""
        await self._set("dark")

    async def open(self) -> None:
        """Uncap the telescope."""
        await self._set("open")

    async def _set(self, cover: str) -> None:
        if self._state.train(self._train).cover != cover or self._state.fault("panel", f"{self._train.name} panel"):
            await self._state.turn(self._train, "panel", self._settle_s)
            self._state.set_train(self._train, cover=cover)
