"""A source that says the same for too long is frozen, whatever time it writes beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from obsy.engine.devices.ports import Reading, WeatherPort


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What a source says, and since when it has said exactly that."""

    values: Mapping[str, float]
    since: datetime


def unchanged(before: Unchanged | None, reading: Reading) -> Unchanged:
    """Return since when the values have been as they are now."""
    if before is None or before.values != reading.values:
        return Unchanged(dict(reading.values), reading.taken_at)
    return Unchanged(before.values, min(before.since, reading.taken_at))


def watched(port: WeatherPort, stuck_s: float | None) -> WeatherPort:
    """Return the port of an input, watched if its document says `stuck`."""
    return port if stuck_s is None else StuckWatch(port, stuck_s)


class StuckWatch:
    """A weather input whose word is empty, and so unknown, once nothing in it has changed for `stuck_s`."""

    def __init__(self, port: WeatherPort, stuck_s: float) -> None:
        self._port, self._stuck_s = port, stuck_s
        self._known: Unchanged | None = None

    async def read(self) -> Reading:
        """Return the reading, or none of its values. Raise DeviceError if the input does."""
        reading = await self._port.read()
        self._known = unchanged(self._known, reading)
        if (reading.taken_at - self._known.since).total_seconds() >= self._stuck_s:
            return Reading({}, reading.taken_at)
        return reading
