"""A rotator over INDI that knows where it stands."""

from contextlib import suppress
from math import isfinite

from obsy.engine.devices.directions import off_turn_deg
from obsy.engine.devices.indi.device import DONE, IndiDevice
from obsy.errors import DeviceError

PLACE, ANGLE = "ABS_ROTATOR_ANGLE", "ANGLE"
ABORT = "ROTATOR_ABORT_MOTION"
WITHIN_DEG = 0.2
"""Steps of common rotators are finer."""


class IndiRotator:
    """A Rotator behind an INDI driver."""

    def __init__(self, device: IndiDevice) -> None:
        self._device = device

    async def turn(self, degrees: float) -> None:
        """Return when it says, after it was told, that it stands there; 360 deg are 0. Given up, it stops."""
        device = self._device
        await device.known()
        before, losses = device.vector(PLACE), device.losses()
        if before is None:
            raise DeviceError(f"the rotator '{device.name}' does not say where it stands, so obsy cannot use it")

        def there() -> bool:
            now = device.vector(PLACE)
            if now is None or now is before:
                return False
            if now.state == "Alert":
                raise DeviceError(f"'{device.name}' says that its turn to {degrees:g} deg has failed")
            return now.state in DONE and off_turn_deg(float(now.values[ANGLE]), degrees) <= WITHIN_DEG

        try:
            device.line.put(device.name, PLACE, {ANGLE: degrees % 360.0})
            await device.until(there, f"{degrees:g} deg of '{device.name}'", losses)
        except BaseException:  # a cancellation too
            with suppress(DeviceError):  # what went wrong first is what matters
                device.line.press(device.name, ABORT, "ABORT")
            raise

    async def position(self) -> float:
        """Return where it says to stand, degrees. Raise DeviceError if it does not say so."""
        await self._device.known()
        said = self._device.vector(PLACE)
        place = float(said.values.get(ANGLE, "nan")) if said is not None and said.state != "Alert" else float("nan")
        if not isfinite(place):
            raise DeviceError(f"the rotator '{self._device.name}' does not say where it stands")
        return place
