"""A roof or dome over Alpaca: what it says of its shutter counts, once its driver has been connected."""

from contextlib import suppress

from obsy.engine.devices.alpaca.answer import AlpacaRefusal
from obsy.engine.devices.alpaca.device import AlpacaDevice
from obsy.engine.devices.alpaca.line import ANSWERS_WITHIN_S, AlpacaSilence
from obsy.engine.devices.ports import Roof
from obsy.errors import DeviceError

SHUTTER = "shutterstatus"
ERROR = 4
_STANDS = {0: Roof.OPEN, 1: Roof.CLOSED, 2: Roof.MOVING, 3: Roof.MOVING}
"""Source: ASCOM, ShutterState: open, closed, opening, closing, error."""


class AlpacaDome:
    """An Enclosure behind an Alpaca driver; a roll-off is a dome that has a shutter and does not turn."""

    def __init__(self, device: AlpacaDevice) -> None:
        """Nothing has been moved."""
        self._device = device

    async def open(self) -> None:
        """Open the shutter."""
        await self._device.ready()
        await self._go("openshutter", Roof.OPEN)

    async def close(self) -> None:
        """Close the shutter, also when it is said to be closed.

        It is told so also where its driver does not say whether it is connected, or takes long to be: the fault is
        raised then, but a driver that only takes long is waited for, and told again.
        """
        try:
            await self._device.ready(ANSWERS_WITHIN_S)
        except DeviceError as fault:
            with suppress(DeviceError):  # the first fault says more
                await self._device.tell("closeshutter")
            if not isinstance(fault, AlpacaSilence):
                raise
            await self._device.ready()
        await self._go("closeshutter", Roof.CLOSED)

    async def stop(self) -> None:
        """Stop whatever moves. It is told at once: nothing is asked of it before."""
        await self._device.tell("abortslew")

    async def state(self) -> Roof:
        """Where the shutter is; unknown if the device is gone, has none or reports a fault.

        A driver that was not connected before says what it believes: that look proves nothing.
        """
        try:
            if not await self._device.flag("connected"):
                await self._device.ready()
                return Roof.UNKNOWN
            return _STANDS.get(await self._shutter(), Roof.UNKNOWN)
        except DeviceError:
            return Roof.UNKNOWN

    async def _go(self, command: str, end: Roof) -> None:
        """Tell it and return once it is there; a driver that answers only when it is done is seen meanwhile."""
        device = self._device
        try:
            await device.tell(command)
        except AlpacaSilence:
            pass  # what it was told may be done all the same
        except AlpacaRefusal:
            if not await self._is_there(end):  # some refuse what they have done already
                raise

        async def there() -> bool:
            return await self._is_there(end)

        await device.until(there, f"'{device.name}' {end}")

    async def _is_there(self, end: Roof) -> bool:
        shutter = await self._shutter()
        if shutter == ERROR:
            raise DeviceError(f"'{self._device.name}' reports an error of its shutter: look where the roof is")
        return _STANDS.get(shutter) is end

    async def _shutter(self) -> int:
        return await self._device.whole(SHUTTER)
