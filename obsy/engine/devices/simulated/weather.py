"""Weather inputs that measure what the scenario says, until they fail."""

from collections.abc import Container
from datetime import UTC, datetime
from math import floor, nan

from obsy.engine.devices.ports import Reading
from obsy.engine.devices.simulated.chance import between
from obsy.engine.devices.simulated.state import SILENCE_S, SLOW, SimulatedState
from obsy.errors import DeviceTimeout
from obsy.schemas.quantities import FAIR
from obsy.schemas.weather import Weather
from obsy.units import WEATHER

MEASURES_EVERY_S = 5.0
NOISE = {"rain": 0.05, "cloud": 0.02, "wind": 0.15, "humidity": 0.01}
"""The most a reading differs from the truth, as a share of it; not at all where nothing is said."""
NOISE_C = {"temperature": 0.1, "sky": 0.3}
"""The most it differs where a share of it means nothing, degrees Celsius."""


class SimulatedWeather:
    """One source of weather."""

    def __init__(self, state: SimulatedState, declared: Weather) -> None:
        self._state, self._declared = state, declared

    async def read(self) -> Reading:
        """Return what it measured last. A stuck one repeats what it measured before it failed, with its time."""
        state, name = self._state, self._declared.name
        found = await state.faults(name, "weather")
        if "timeout" in found:
            await state.clock.sleep(SILENCE_S)
            raise DeviceTimeout(f"{name} did not answer within {SILENCE_S:g} s")
        if "slow" in found:
            await state.clock.sleep(SLOW)
        at_s = found["stuck"].begin_s if "stuck" in found else state.now_s
        at_s = floor(at_s / MEASURES_EVERY_S) * MEASURES_EVERY_S
        values: dict[str, float] = {quantity: self._said(quantity, at_s, found) for quantity in self._declared.measures}
        return Reading(values, datetime.fromtimestamp(at_s + state.set_by_s, UTC))

    def _said(self, quantity: str, at_s: float, found: Container[str]) -> float:
        if "garbage" in found:
            return nan
        if "lie" in found:
            return FAIR[quantity]
        measured = self._measured(quantity, at_s)
        if "disagree" in found:
            return WEATHER[quantity].most if measured == FAIR[quantity] else FAIR[quantity]
        return measured

    def _measured(self, quantity: str, at_s: float) -> float:
        true = self._state.timeline.value(quantity, at_s, self._declared.name)
        noise = between(-1, 1, self._state.parts.scenario.seed, self._declared.name, quantity, at_s)
        if quantity in NOISE_C:
            return round(true + NOISE_C[quantity] * noise, 2)
        return round(min(WEATHER[quantity].most, max(0.0, true * (1 + NOISE.get(quantity, 0.0) * noise))), 2)
