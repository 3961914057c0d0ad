"""Weather over INDI: raw values with the age of the read that gave them.

INDI's own verdict, WEATHER_STATUS, keeps its last word when a read fails, so obsy does not listen to it.
"""

import math
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from obsy.engine.devices.indi.connection import Connection, Vector, until
from obsy.engine.devices.indi.glance import Properties
from obsy.engine.devices.ports import Clock, Reading
from obsy.errors import DeviceError
from obsy.schemas.weather import Source
from obsy.units import WEATHER

REFRESH_S = 5.0
"""A driver that reads at once answers in milliseconds; one that cannot is read at its own pace."""
PARAMETERS = "WEATHER_PARAMETERS"


@dataclass(frozen=True, slots=True)
class Gauge:
    """Where a driver writes a quantity, and what turns its unit into obsy's."""

    element: str
    scale: float = 1.0


GAUGES = {
    "rain": Gauge("WEATHER_RAIN_HOUR"),
    "cloud": Gauge("WEATHER_CLOUD"),
    "wind": Gauge("WEATHER_WIND_SPEED"),
    "humidity": Gauge("WEATHER_HUMIDITY"),
    "temperature": Gauge("WEATHER_TEMPERATURE"),
}
"""The usual names, for a driver that reports mm/h, %, km/h and degrees Celsius."""


def gauges(source: Source | None) -> dict[str, Gauge]:
    """Return where a driver writes each quantity; where the document says another element or unit, that counts."""
    said = source.read.spots() if source is not None and source.read is not None else {}
    return {**GAUGES, **{name: Gauge(spot.path, WEATHER[name].units[spot.unit]) for name, spot in said.items()}}


def untold(measures: Iterable[str], source: Source | None, said: Properties) -> list[str]:
    """Return what a device does not tell of what it is to measure; nothing of one that tells no weather yet."""
    tells, places = said.get(PARAMETERS, {}), gauges(source)
    return [each for each in measures if tells and (each not in places or places[each].element not in tells)]


class IndiWeather:
    """A WeatherInput behind an INDI driver."""

    def __init__(self, clock: Clock, line: Connection, device: str, gauges: Mapping[str, Gauge] = GAUGES) -> None:
        self._clock, self._line, self._device, self._gauges = clock, line, device, gauges

    async def read(self) -> Reading:
        """The driver's newest good reading, dated by its arrival; how old is too old is for the caller to say.

        Raises DeviceError if the device is not there, or has given none since it was connected.
        """
        await self._line.ready(self._device)
        before = self._newest()
        with suppress(DeviceError):  # then the older reading stands, with its own date
            self._line.press(self._device, "WEATHER_REFRESH", "REFRESH")
            await until(self._clock, lambda: self._newest() is not before, REFRESH_S, "a new reading")
        newest = self._newest()
        if newest is None or newest.received is None:
            raise DeviceError(f"the INDI device '{self._device}' has given no good reading since it was connected")
        return Reading(self._measured(newest), newest.received)

    def _newest(self) -> Vector | None:
        """A failed read comes with the state Alert and the old values: it is no reading."""
        return self._line.good(self._device, PARAMETERS)

    def _measured(self, vector: Vector) -> dict[str, float]:
        """Quantities in obsy's units; what is missing or not a number is left out, and so counts as unknown."""
        found = {quantity: vector.values.get(gauge.element) for quantity, gauge in self._gauges.items()}
        return {
            quantity: value * self._gauges[quantity].scale
            for quantity, value in found.items()
            if isinstance(value, float) and math.isfinite(value)
        }
