"""Weather over Alpaca: raw values as old as their sensors say, and the word of a safety monitor."""

from collections.abc import Iterable
from datetime import timedelta

from obsy.engine.devices.alpaca.answer import NOT_IMPLEMENTED, AlpacaRefusal
from obsy.engine.devices.alpaca.device import AlpacaDevice
from obsy.engine.devices.alpaca.line import AlpacaSilence
from obsy.engine.devices.ports import Reading
from obsy.errors import DeviceError

KM_H = 3.6
"""In a metre per second, in which Alpaca has all winds."""
SENSORS: dict[str, tuple[tuple[str, ...], float]] = {
    "rain": (("rainrate",), 1.0),
    "cloud": (("cloudcover",), 1.0),
    "wind": (("windspeed", "windgust"), KM_H),
    "humidity": (("humidity",), 1.0),
    "temperature": (("temperature",), 1.0),
    "sky": (("skytemperature",), 1.0),
}
"""The sensors of each quantity, of which the largest counts, and what turns their unit into obsy's.

Source: ASCOM, ObservingConditions: mm/h, %, m/s, degrees Celsius; a gust is the peak of two minutes.
"""
NAMES = {"rainrate": "RainRate", "cloudcover": "CloudCover", "windspeed": "WindSpeed", "windgust": "WindGust",
         "humidity": "Humidity", "temperature": "Temperature", "skytemperature": "SkyTemperature"}  # fmt: skip
"""What TimeSinceLastUpdate is asked by."""
OLDEST_S = 86400.0
"""Some drivers say a greater age than that, or a negative one, of a sensor that has told nothing yet."""
SAFE, UNSAFE = 100.0, 0.0


class AlpacaWeather:
    """A WeatherInput behind a driver of ObservingConditions."""

    def __init__(self, device: AlpacaDevice, measures: Iterable[str]) -> None:
        """Nothing has been asked of it."""
        self._device, self._measures = device, tuple(measures)

    async def read(self) -> Reading:
        """What it measured, as old as the oldest of its sensors says.

        What it does not tell, or not the age of, is left out, and so is unknown. Raise DeviceError if it does not
        answer, or tells nothing.
        """
        device = self._device
        await device.ready()
        values, ages_s, asked = dict[str, float](), list[float](), device.clock.now()
        faults = list[DeviceError]()
        for quantity in self._measures:
            try:
                values[quantity], age_s = await self._told(quantity)
                ages_s.append(age_s)
            except AlpacaSilence:
                raise
            except DeviceError as fault:
                faults.append(fault)
        if not ages_s:
            raise faults[0] if faults else DeviceError(f"'{device.name}' is to measure nothing")
        return Reading(values, asked - timedelta(seconds=max(ages_s)))

    async def _told(self, quantity: str) -> tuple[float, float]:
        """A quantity in obsy's unit, and how old it is, seconds."""
        sensors, scale = SENSORS[quantity]
        found = [await self._asked(sensors[0])]
        for more in sensors[1:]:
            try:
                found.append(await self._asked(more))
            except AlpacaRefusal as refusal:
                if refusal.number != NOT_IMPLEMENTED:  # it has one, and does not know now
                    raise
        return max(value for value, _ in found) * scale, max(age_s for _, age_s in found)

    async def _asked(self, sensor: str) -> tuple[float, float]:
        """A sensor's value and age. A value that comes between the two questions is newer than it is said to be."""
        device, name = self._device, NAMES[sensor]
        age_s = await device.number("timesincelastupdate", SensorName=name)
        if not 0.0 <= age_s <= OLDEST_S:  # it has never been read
            raise DeviceError(f"'{device.name}' has had no reading of {name} yet")
        return await device.number(sensor), age_s


class AlpacaMonitor:
    """A WeatherInput behind a safety monitor: its one word, as new as its question."""

    def __init__(self, device: AlpacaDevice) -> None:
        """Nothing has been asked of it."""
        self._device = device

    async def read(self) -> Reading:
        """What it says now: 100 % if it is safe, else 0. Raise DeviceError if it does not say so."""
        await self._device.ready()
        asked = self._device.clock.now()
        is_safe = await self._device.flag("issafe")
        return Reading({"monitor": SAFE if is_safe else UNSAFE}, asked)
