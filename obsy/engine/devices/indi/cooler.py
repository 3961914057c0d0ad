"""A camera's cooler over INDI."""

from dataclasses import replace
from math import inf

from obsy.engine.devices.indi.connection import Vector
from obsy.engine.devices.indi.device import DONE, IndiDevice
from obsy.errors import DeviceError

WARMTH, DEGREES, COOLER = "CCD_TEMPERATURE", "CCD_TEMPERATURE_VALUE", "CCD_COOLER"
COOLED_WITHIN_C, COOLS_WITHIN_S = 0.5, 2700.0
STALLS_C, STALLS_S = 0.1, 300.0
"""A sensor that has come no nearer than this in so many seconds will not reach its set point."""
WARMS_C, WARMS_S, WARM_C = 5.0, 30.0, 15.0
"""It is warmed so many degrees at a time, with so many seconds between, until so warm; then the cooler is off."""


async def cool(device: IndiDevice, celsius: float) -> None:
    """Return when the sensor has reached the set point; at once if there is a thermometer only, or nothing.

    Raise DeviceError if it comes no nearer.
    """
    before, losses = device.vector(WARMTH), device.line.losses(device.name)
    if before is None or not before.writable:
        return
    device.line.put(device.name, WARMTH, {DEGREES: celsius})
    nearest_c, since_s = inf, device.clock.monotonic()

    def there() -> bool:
        nonlocal nearest_c, since_s
        now = device.vector(WARMTH)
        if now is None or now is before:
            return False
        if now.state == "Alert":
            raise DeviceError(f"'{device.name}' says that to cool to {celsius:g} degC has failed")
        off_c = abs(_degrees(now) - celsius)
        if off_c < nearest_c - STALLS_C:
            nearest_c, since_s = off_c, device.clock.monotonic()
        stalls = device.clock.monotonic() - since_s >= STALLS_S
        if stalls and off_c > COOLED_WITHIN_C:
            raise DeviceError(
                f"'{device.name}' was asked for {celsius:g} degC and stays at {_degrees(now):g} degC: "
                "declare a 'temperature' that it reaches tonight"
            )
        return off_c <= COOLED_WITHIN_C and (stalls or now.state in DONE)

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
