"""A rotator over Alpaca, by its own scale."""

from contextlib import suppress

from obsy.engine.devices.alpaca.device import AlpacaDevice
from obsy.engine.devices.directions import off_turn_deg
from obsy.errors import DeviceError

WITHIN_DEG = 0.2
"""Steps of common rotators are finer."""


class AlpacaRotator:
    """A Rotator behind an Alpaca driver.

    What it is told is the place of its own scale where it has one (IRotatorV3), which nobody's synchronising moves.
    """

    def __init__(self, device: AlpacaDevice) -> None:
        self._device = device

    async def turn(self, degrees: float) -> None:
        """Return when it stands there; 360 deg are 0. Given up, it stops. Raise DeviceError if it stops elsewhere."""
        device = self._device
        await device.ready()
        member, move = await self._members()

        async def stands() -> bool:
            moves = await device.flag("ismoving")
            return not moves and off_turn_deg(await device.number(member), degrees) <= WITHIN_DEG

        try:
            await device.tell(move, device.timeout_s, Position=degrees % 360.0)
            await device.until(stands, f"{degrees:g} deg of '{device.name}'")
        except BaseException:  # a cancellation too
            with suppress(DeviceError):  # what went wrong first is what matters
                await device.tell("halt")
            raise

    async def position(self) -> float:
        """Return where it says to stand, degrees. Raise DeviceError if it does not say so."""
        await self._device.ready()
        return await self._device.number((await self._members())[0])

    async def _members(self) -> tuple[str, str]:
        """What says where it stands, and what turns it."""
        if await self._device.has("mechanicalposition") is None:
            return "position", "moveabsolute"
        return "mechanicalposition", "movemechanical"
