"""A flat panel over INDI that also caps the telescope, or a panel or a cap alone."""

from obsy.engine.devices.indi.device import IndiDevice
from obsy.errors import DeviceError

LAMP, CAP = "FLAT_LIGHT_CONTROL", "CAP_PARK"


class IndiPanel:
    """A CoverPanel behind an INDI driver."""

    def __init__(self, device: IndiDevice, settle_s: float) -> None:
        """Nothing has been moved.

        settle_s: how long until its light is steady.
        """
        self._device, self._settle_s = device, settle_s

    async def light(self) -> None:
        """Cap the telescope and shine. Raise DeviceError if there is no lamp: a flat without light is none."""
        await self._turn(CAP, "PARK")
        if not await self._turn(LAMP, "FLAT_LIGHT_ON"):
            raise DeviceError(f"'{self._device.name}' has no lamp, so it lights no flats")
        await self._device.clock.sleep(self._settle_s)

    async def dark(self) -> None:
        """Cap the telescope and shine not at all."""
        await self._turn(LAMP, "FLAT_LIGHT_OFF")
        await self._turn(CAP, "PARK")

    async def open(self) -> None:
        """Uncap the telescope, the lamp being off."""
        await self._turn(LAMP, "FLAT_LIGHT_OFF")
        await self._turn(CAP, "UNPARK")

    async def _turn(self, name: str, switch: str) -> bool:
        """Turn a switch if the device has it, and return whether it has. Raise DeviceError if it has neither."""
        await self._device.known()
        if self._device.vector(name) is None:
            if self._device.vector(CAP if name == LAMP else LAMP) is None:
                raise DeviceError(f"'{self._device.name}' is neither a panel nor a cap")
            return False
        await self._device.turn(name, switch)
        return True
