"""A source that says the same for too long is frozen, whatever time it writes beside it."""

from obsy.engine.devices.ports import Reading, WeatherPort


def watched(port: WeatherPort, stuck_s: float | None) -> WeatherPort:
    """Return the port of an input, watched if its document says `stuck`."""
    return port if stuck_s is None else StuckWatch(port, stuck_s)


class StuckWatch:
    """A weather input whose word is empty, and so unknown, once nothing in it has changed for `stuck_s`."""

    def __init__(self, port: WeatherPort, stuck_s: float) -> None:
        self._port, self._stuck_s = port, stuck_s
        self._first: Reading | None = None
        """The oldest reading with the values that there are now."""

    async def read(self) -> Reading:
        """Return the reading, or none of its values. Raise DeviceError if the input does."""
        reading, first = await self._port.read(), self._first
        if first is None or first.values != reading.values or reading.taken_at < first.taken_at:
            self._first = first = Reading(dict(reading.values), reading.taken_at)
        if (reading.taken_at - first.taken_at).total_seconds() >= self._stuck_s:
            return Reading({}, reading.taken_at)
        return reading
