"""A camera's cooler over Alpaca."""

from obsy.engine.devices.alpaca.device import AlpacaDevice
from obsy.engine.devices.cooling import COOLS_WITHIN_S, WARM_C, WARMS_C, WARMS_S, Cooling

WARMTH, SET_POINT, COOLER = "ccdtemperature", "setccdtemperature", "cooleron"


async def cool(device: AlpacaDevice, celsius: float) -> None:
    """Return when the sensor has reached the set point; at once if there is a thermometer only, or nothing.

    Raise DeviceError if it comes no nearer.
    """
    if not await device.has("cansetccdtemperature"):
        return
    await device.tell(SET_POINT, SetCCDTemperature=celsius)
    await device.tell(COOLER, CoolerOn=True)
    cooling = Cooling(device.name, celsius, device.clock.monotonic())

    async def there() -> bool:
        return cooling.is_there(await device.number(WARMTH), device.clock.monotonic(), settled=True)

    await device.until(there, f"{celsius:g} degC of '{device.name}'", COOLS_WITHIN_S)


async def warm(device: AlpacaDevice) -> None:
    """Let the sensor warm up slowly, then switch the cooler off."""
    if not await device.has("cansetccdtemperature"):
        return
    while (was := await device.number(WARMTH)) < WARM_C:
        await device.tell(SET_POINT, SetCCDTemperature=min(was + WARMS_C, WARM_C))
        await device.clock.sleep(WARMS_S)
        if await device.number(WARMTH) <= was:
            break  # the air is no warmer
    await device.tell(COOLER, CoolerOn=False)
