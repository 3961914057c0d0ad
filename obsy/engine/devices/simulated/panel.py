"""A flat panel that also caps the telescope."""

from obsy.engine.devices.simulated.state import SimulatedState


class SimulatedPanel:
    """A cover with light in it."""

    def __init__(self, ground: SimulatedState, settle_s: float) -> None:
        self._ground, self._settle_s = ground, settle_s

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
        if self._ground.truth.cover != cover or self._ground.fault("panel"):
            await self._ground.turn("panel", self._settle_s)
            self._ground.change(cover=cover)
