"""A dome over INDI: its shutter is what counts, for a dome that is parked may still stand open."""

from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.ports import Roof
from obsy.errors import DeviceError

SHUTTER, PARK, POLICY = "DOME_SHUTTER", "DOME_PARK", "DOME_SHUTTER_PARK_POLICY"
STOP = "DOME_ABORT_MOTION"
_STANDS = {"SHUTTER_OPEN": Roof.OPEN, "SHUTTER_CLOSE": Roof.CLOSED}


class IndiDome:
    """An Enclosure behind an INDI driver that reports its shutter."""

    def __init__(self, device: IndiDevice) -> None:
        self._device = device

    async def open(self) -> None:
        """Unpark the dome and open the shutter; from now on parking closes it too, whoever asks for it."""
        await self._device.turn(POLICY, "SHUTTER_CLOSE_ON_PARK")
        await self._device.turn(PARK, "UNPARK")
        await self._device.turn(SHUTTER, "SHUTTER_OPEN")

    async def close(self) -> None:
        """Close the shutter, also when it is said to be closed, then park the dome."""
        losses = self._device.losses()
        await self._device.turn(SHUTTER, "SHUTTER_CLOSE")
        await self._device.turn(PARK, "PARK")  # which closes the shutter once more, as told in open()
        await self._device.until(lambda: self._shutter() is Roof.CLOSED, f"'{self._device.name}' closed", losses)

    async def stop(self) -> None:
        """Stop whatever moves."""
        await self._device.ready()
        self._device.line.press(self._device.name, STOP, "ABORT")

    async def state(self) -> Roof:
        """Where the shutter is; unknown if the device is gone, has no shutter, reports a fault, or has not moved yet.

        A driver that has just started says what it believes, not what it sees.
        """
        try:
            await self._device.ready()
        except DeviceError:
            return Roof.UNKNOWN
        return self._shutter()

    def _shutter(self) -> Roof:
        shutter = self._device.vector(SHUTTER)
        if shutter is None or shutter.received is None or shutter.state == "Alert":
            return Roof.UNKNOWN
        if shutter.state == "Busy":
            return Roof.MOVING
        return _STANDS.get(shutter.chosen() or "", Roof.UNKNOWN)
