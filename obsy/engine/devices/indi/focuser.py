"""A focuser over INDI that knows where it stands."""

from obsy.engine.devices.indi.device import IndiDevice
from obsy.errors import DeviceError

PLACE, STEPS = "ABS_FOCUS_POSITION", "FOCUS_ABSOLUTE_POSITION"
WARMTH = "FOCUS_TEMPERATURE"
WITHIN_STEPS = 1.0
"""Drivers count whole steps, and some stop one short."""


class IndiFocuser:
    """A Focuser behind an INDI driver."""

    def __init__(self, device: IndiDevice) -> None:
        self._device = device

    async def move(self, steps: float) -> None:
        """Return when it stands there."""
        await self._device.known()
        await self._device.set(PLACE, {STEPS: round(steps)}, WITHIN_STEPS)

    async def position(self) -> float:
        """Return where it says to stand, steps. Raise DeviceError if it does not say so."""
        return await self._said(PLACE, STEPS, "where it stands")

    async def temperature(self) -> float:
        """Return its thermometer's, degrees Celsius. Raise DeviceError if it has none."""
        return await self._said(WARMTH, "TEMPERATURE", "how warm it is: write 'drift: 0 steps/degC' if it cannot")

    async def _said(self, name: str, element: str, what: str) -> float:
        await self._device.known()
        said = self._device.vector(name)
        if said is None or said.state == "Alert" or element not in said.values:
            raise DeviceError(f"the focuser '{self._device.name}' does not say {what}")
        return float(said.values[element])
