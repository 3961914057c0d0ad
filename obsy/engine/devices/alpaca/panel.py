"""A flat panel over Alpaca that also caps the telescope, or a panel or a cap alone."""

from obsy.engine.devices.alpaca.device import AlpacaDevice
from obsy.errors import DeviceError

CAP, LAMP = "coverstate", "calibratorstate"
ABSENT, ERROR = 0, 5
CLOSED, OPEN = 1, 3
OFF, READY = 1, 3
"""Source: ASCOM, CoverStatus and CalibratorStatus."""


class AlpacaPanel:
    """A CoverPanel behind an Alpaca driver."""

    def __init__(self, device: AlpacaDevice, settle_s: float) -> None:
        """Nothing has been moved.

        settle_s: how long until its light is steady.
        """
        self._device, self._settle_s = device, settle_s

    async def light(self) -> None:
        """Cap the telescope and shine as brightly as it can. Raise DeviceError if there is no lamp."""
        await self._turn(CAP, "closecover", CLOSED)
        if not await self._has(LAMP):
            raise DeviceError(f"'{self._device.name}' has no lamp, so it lights no flats")
        brightest = int(await self._device.number("maxbrightness"))
        await self._turn(LAMP, "calibratoron", READY, Brightness=brightest)
        await self._device.clock.sleep(self._settle_s)

    async def dark(self) -> None:
        """Cap the telescope and shine not at all."""
        await self._turn(LAMP, "calibratoroff", OFF)
        await self._turn(CAP, "closecover", CLOSED)

    async def open(self) -> None:
        """Uncap the telescope, the lamp being off."""
        await self._turn(LAMP, "calibratoroff", OFF)
        await self._turn(CAP, "opencover", OPEN)

    async def _has(self, part: str) -> bool:
        """Return whether it has a lamp or a cap. Raise DeviceError if it has neither."""
        await self._device.ready()
        if await self._device.number(part) != ABSENT:
            return True
        if await self._device.number(CAP if part == LAMP else LAMP) == ABSENT:
            raise DeviceError(f"'{self._device.name}' is neither a panel nor a cap")
        return False

    async def _turn(self, part: str, command: str, end: int, **said: object) -> None:
        """Have a part that it has do something, and return once it is seen."""
        device = self._device
        if not await self._has(part):
            return
        await device.tell(command, device.timeout_s, **said)

        async def seen() -> bool:
            stands = await device.number(part)
            if stands == ERROR:
                raise DeviceError(f"'{device.name}' says that {command} has failed")
            return stands == end

        await device.until(seen, f"{command} of '{device.name}'")
