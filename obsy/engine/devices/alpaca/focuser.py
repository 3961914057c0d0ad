"""A focuser over Alpaca that knows where it stands."""

from obsy.engine.devices.alpaca.device import AlpacaDevice
from obsy.errors import DeviceError

WITHIN_STEPS = 1.0
"""Drivers count whole steps, and some stop one short."""


class AlpacaFocuser:
    """A Focuser behind an Alpaca driver."""

    def __init__(self, device: AlpacaDevice) -> None:
        self._device = device

    async def move(self, steps: float) -> None:
        """Return when it stands there. Raise DeviceError if it stops elsewhere."""
        device, wanted = self._device, round(steps)
        await self._knows_where()
        await device.tell("move", device.timeout_s, Position=wanted)

        async def stands() -> bool:
            return not await device.flag("ismoving") and abs(await device.number("position") - wanted) <= WITHIN_STEPS

        await device.until(stands, f"{wanted} steps of '{device.name}'")

    async def position(self) -> float:
        """Return where it says to stand, steps. Raise DeviceError if it does not say so."""
        await self._knows_where()
        return await self._device.number("position")

    async def temperature(self) -> float:
        """Return its thermometer's, degrees Celsius. Raise DeviceError if it has none."""
        await self._device.ready()
        if await self._device.has("temperature") is None:
            cure = "write 'drift: 0 steps/degC' if it cannot"
            raise DeviceError(f"the focuser '{self._device.name}' does not say how warm it is: {cure}")
        return await self._device.number("temperature")

    async def _knows_where(self) -> None:
        await self._device.ready()
        if not await self._device.flag("absolute"):
            raise DeviceError(f"the focuser '{self._device.name}' does not say where it stands, so obsy cannot use it")
