"""Weather inputs as they are declared, each behind a port; what is wrong with one is told when it is read."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from obsy.engine.devices.ports import Clock, Reading, WeatherPort
from obsy.engine.devices.sources.allsky import AllSkySource
from obsy.engine.devices.sources.boltwood import boltwood
from obsy.engine.devices.sources.file import FileSource
from obsy.engine.devices.sources.http import HttpSource
from obsy.engine.devices.sources.machine import ClockSource, DiskSource
from obsy.engine.devices.sources.nut import UpsSource
from obsy.engine.devices.sources.stuck import watched
from obsy.engine.devices.sources.text import Said, decoded, parsed, said
from obsy.errors import DeviceError
from obsy.schemas.weather import Source, Weather


class Missing:
    """Stands for an input whose library is not installed: it is unknown, and the roof can still be reached."""

    def __init__(self, why: str) -> None:
        self._why = why

    async def read(self) -> Reading:
        """Raise DeviceError."""
        raise DeviceError(self._why)


class WeatherSources:
    """Makes the port of each weather input, and closes what they opened."""

    def __init__(self, clock: Clock, timezone: str) -> None:
        """timezone: the site's, for what writes times without their zone."""
        self._clock, self._timezone = clock, timezone
        self._open: list[Callable[[], None]] = []

    def port(self, declared: Weather, driver: Callable[[], WeatherPort]) -> WeatherPort:
        """Return the port of a weather input; `driver` makes that of one that has no source but a driver's."""
        source = declared.device
        port = driver() if source is None or source.way in ("indi", "alpaca") else self._made(source)
        return watched(port, declared.stuck)

    def close(self) -> None:
        """Let brokers and serial ports go."""
        while self._open:
            self._open.pop()()

    def _made(self, source: Source) -> WeatherPort:
        zone, clock, way = ZoneInfo(source.zone or self._timezone), self._clock, source.way
        makes: dict[str, Callable[[], WeatherPort]] = {
            "file": lambda: FileSource(str(source.file), _understanding(source, zone)),
            "http": lambda: HttpSource(clock, str(source.http), source.login, _understanding(source, zone)),
            "nut": lambda: UpsSource(clock, str(source.nut)),
            "disk": lambda: DiskSource(clock, str(source.disk)),
            "clock": lambda: ClockSource(clock, str(source.clock)),
            "allsky": lambda: AllSkySource(clock, source, zone),
        }
        return makes[way]() if way in makes else self._with_library(source, zone)

    def _with_library(self, source: Source, zone: ZoneInfo) -> WeatherPort:
        """Only who declares such an input needs its library."""
        try:
            if source.mqtt is not None:
                from obsy.engine.devices.sources.mqtt import MqttSource  # noqa: PLC0415

                broker = MqttSource(self._clock, source, zone)
                self._open.append(broker.close)
                return broker
            from obsy.engine.devices.sources.line import SerialRain  # noqa: PLC0415

            line = SerialRain(self._clock, str(source.serial), source.written)
            self._open.append(line.close)
            return line
        except ImportError as error:
            return Missing(f"{error}: 'pip install obsy[sensors]'")


def _understanding(source: Source, zone: ZoneInfo) -> Callable[[bytes, bool], Said]:
    """How the bytes of a source are read."""
    spots = source.read.spots() if source.read else {}

    def understand(raw: bytes, is_whole: bool) -> Said:
        text = decoded(raw)
        if source.written == "boltwood":
            return boltwood(text, zone)
        # A number that is cut short is another number. JSON and Boltwood's line show it by themselves.
        if not is_whole and source.written != "json" and not text.endswith(("\n", "\r")):
            raise DeviceError("its last line does not end: it is half written")
        return said(parsed(text, source.written), spots, source.time, zone)

    return understand
