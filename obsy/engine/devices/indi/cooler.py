"""A camera's cooler over INDI."""

from dataclasses import replace

from obsy.engine.devices.cooling import COOLS_WITHIN_S, WARM_C, WARMS_C, WARMS_S, Cooling
from obsy.engine.devices.indi.connection import Vector
from obsy.engine.devices.indi.device import DONE, IndiDevice
from obsy.errors import DeviceError

WARMTH, DEGREES, COOLER = "CCD_TEMPERATURE", "CCD_TEMPERATURE_VALUE", "CCD_COOLER"


async def cool(device: IndiDevice, celsius: float) -> None:
    """Return when the sensor has reached the set point; at once if there is a thermometer only, or nothing.

    Raise DeviceError if it comes no nearer.
    """
    before, losses = device.vector(WARMTH), device.losses()
    if before is None or not before.writable:
        return
    device.line.put(device.name, WARMTH, {DEGREES: celsius})
    cooling = Cooling(device.name, celsius, device.clock.monotonic())

    def there() -> bool:
        now = device.vector(WARMTH)
        if now is None or now is before:
            return False
        if now.state == "Alert":
            raise DeviceError(f"'{device.name}' says that to cool to {celsius:g} degC has failed")
        return cooling.is_there(_degrees(now), device.clock.monotonic(), settled=now.state in DONE)

    patient = replace(device, timeout_s=COOLS_WITHIN_S)
    await patient.until(there, f"{celsius:g} degC of '{device.name}'", losses)


async def warm(device: IndiDevice) -> None:
    """Let the sensor warm up slowly, then switch the cooler off."""
    while (sent := device.vector(WARMTH)) is not None and sent.writable and _degrees(sent) < WARM_C:
        device.line.put(device.name, WARMTH, {DEGREES: min(_degrees(sent) + WARMS_C, WARM_C)})
        await device.clock.sleep(WARMS_S)
        if (now := device.vector(WARMTH)) is None or _degrees(now) <= _degrees(sent):
            break  # the air is no warmer
    await device.choose(COOLER, "COOLER_OFF")


def _degrees(sent: Vector) -> float:
    return float(sent.values[DEGREES])
