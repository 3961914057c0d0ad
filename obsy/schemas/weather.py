"""A weather input: what it measures, when its word expires, and how it is read, from a driver to this machine."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.device import Device, check_broker
from obsy.schemas.later import loaded_later
from obsy.schemas.model import Document, Text, Whole
from obsy.schemas.site import known_timezone
from obsy.units import WEATHER, MaxAge, Seconds

if TYPE_CHECKING:
    from obsy.schemas.spots import Read
else:
    Read = loaded_later("spots.Read")

Quantity = Literal[
    "rain", "cloud", "wind", "humidity", "temperature", "sky", "battery", "mains", "monitor", "disk", "clock"
]

STATION: tuple[Quantity, ...] = ("rain", "cloud", "wind", "humidity", "temperature")
FORMATS: dict[str, tuple[str, ...]] = {
    "file": ("json", "keys", "line", "boltwood"),
    "http": ("json", "keys", "line", "boltwood"),
    "serial": ("rg11", "contact"),
}
"""The formats that each way may have; the first is meant where none is said."""
TAKES: dict[str, tuple[str, ...]] = {
    "indi": ("read",),
    "alpaca": (),
    "file": ("format", "read", "time", "zone"),
    "http": ("format", "read", "time", "zone", "login"),
    "mqtt": ("topic", "read", "time", "zone", "login"),
    "serial": ("format",),
    "nut": (),
    "disk": (),
    "clock": (),
    "allsky": ("model", "images", "camera", "zone", "login"),
}
"""Every way to a reading, and what else may be said of it."""
FIXED: dict[str, tuple[Quantity, ...]] = {
    "boltwood": (*STATION, "sky"),
    "serial": ("rain",),
    "nut": ("battery", "mains"),
    "disk": ("disk",),
    "clock": ("clock",),
    "allsky": ("cloud",),
}
"""What is read where nothing declares where it stands."""
PATHS = ("file", "disk", "allsky", "model", "images", "login")
"""The keys that name files and folders."""


class Source(Device):
    """Exactly one way to a weather reading; a simulated night needs none."""

    ways: ClassVar[tuple[str, ...]] = tuple(TAKES)
    example: ClassVar[str] = "Weather Simulator"
    typical: ClassVar[str] = "observingconditions/0"

    file: Text | None = None
    """A file that another program rewrites."""
    http: Text | None = None
    """The address of a page that holds the readings, such as `http://192.168.1.20/status.json`."""
    mqtt: Text | None = None
    """The host of an MQTT broker, with `:port` unless it is 1883."""
    serial: Text | None = None
    """A serial port, such as `/dev/serial/by-id/…`."""
    nut: Text | None = None
    """A UPS as the Network UPS Tools name it: `ups@localhost`."""
    disk: Text | None = None
    """A folder; the free space of its disk is read."""
    clock: Text | None = None
    """A time server; the difference of this machine's clock is read."""
    allsky: Text | None = None
    """An all-sky camera: an image, a folder of them, its address, or the database of indi-allsky."""
    model: Text | None = None
    """The file of the model that tells clouds on its images; unsaid, the shipped one, which only advises."""
    images: Text | None = None
    """Where the names in the database of indi-allsky begin; unsaid, `/var/www/html/allsky/images`."""
    camera: Annotated[Whole, Field(ge=1)] | None = None
    """Which camera of the database is meant; unsaid, the first."""
    format: Literal["json", "keys", "line", "boltwood", "rg11", "contact"] | None = None
    """How the text is written; `json` if nothing is said, and `rg11` on a serial line."""
    read: Read | None = None
    """Where each quantity stands, and in which unit."""
    time: Text | None = None
    """Where the source says when it measured; unsaid, a file's date counts, or the moment at which it was received."""
    zone: Text | None = None
    """The time zone of times that name none; unsaid, the site's."""
    topic: Text | None = None
    """The MQTT topic whose JSON holds everything; unsaid, `read` names a topic of its own for each quantity."""
    login: Text | None = None
    """A file that holds `user:password`, readable by its owner alone."""

    zone_is_known = field_validator("zone")(known_timezone)

    def seen_from(self, folder: Path) -> Self:
        """Return it with whatever is a relative path seen from a folder."""
        said = {key: getattr(self, key) for key in PATHS if getattr(self, key) is not None}
        paths = {key: str(folder / Path(each).expanduser()) for key, each in said.items() if "://" not in each}
        return self.model_copy(update=paths)

    @property
    def written(self) -> str:
        """Return the format, said or not."""
        return self.format or FORMATS.get(self.way, ("",))[0]

    @property
    def readable(self) -> tuple[str, ...]:
        """Return the quantities that can be read this way."""
        fixed = FIXED.get(self.written) or FIXED.get(self.way) or ()
        if self.indi is not None:
            fixed = STATION
        elif self.alpaca is not None:
            fixed = ("monitor",) if self.alpaca.startswith("safetymonitor/") else (*STATION, "sky")
        return (*fixed, *(self.read.spots() if self.read else ()))

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for problem in (*self._without_effect(), *self._lacking(), *self._units_of_a_driver(), *self._columns()):
            raise problem
        spots = self.read.spots() if self.read is not None and self.topic is None else {}
        topics: dict[tuple[str, ...], str] = {("read", name): spot.path for name, spot in spots.items()}
        if self.topic is not None:
            topics["topic",] = self.topic
        check_broker(self.mqtt, topics if self.mqtt is not None else {})
        return self

    def _without_effect(self) -> Iterator[Exception]:
        """Complain of keys that say nothing of the way that was chosen."""
        way = self.way
        takes = [key for key in TAKES[way] if key not in ("read", "time") or self.written not in FIXED]
        for key in ("format", "read", "time", "zone", "topic", "login", "model", "images", "camera"):
            idle = key not in takes or (way, key, self.topic) == ("mqtt", "time", None)
            if getattr(self, key) is not None and idle:
                found = f"'{key}' says nothing of {self.written if self.written in FIXED else way}"
                if key == "time" and way == "mqtt":
                    found = "'time' without a 'topic' whose JSON holds it"
                expected, mend = f"{', '.join((way, *takes))}", f"remove '{key}'"
                yield unfit("no-effect", found=found, expected=expected, mend=mend, at=(key,))

    def _lacking(self) -> Iterator[Exception]:
        """Complain of a format of something else, of an address that is none, and of text whose places nobody knows."""
        way, formats = self.way, FORMATS.get(self.way, ())
        if self.format is not None and formats and self.format not in formats:
            expected, mend = f"one of {', '.join(formats)}", f"write '{formats[0]}'"
            yield unfit("unknown-word", found=f"'{self.format}'", expected=expected, mend=mend, at=("format",))
        if self.http is not None and not re.match(r"https?://[^/\s]+", self.http):
            mend = "write for example 'http://192.168.1.20/status.json'"
            yield unfit("not-understood", expected="an address of http or https", mend=mend, at=("http",))
        if way in ("file", "http", "mqtt") and self.written not in FIXED and not self.readable:
            cure = "add 'read: {wind: wind.speed in km/h}' to it"
            yield unfit("missing-key", found="'read' is missing", expected="where each quantity stands", mend=cure)

    def _units_of_a_driver(self) -> Iterator[Exception]:
        """Complain of units that a driver's number cannot merely be multiplied for."""
        for name, spot in self.read.spots().items() if self.read and self.indi else ():
            units = WEATHER[name].units
            if spot.unit not in units:
                expected, mend = f"{name} in {', '.join(units)}", f"write '{spot.path} in {next(iter(units))}'"
                yield unfit("unknown-unit", expected=expected, mend=mend, at=("read", name))

    def _columns(self) -> Iterator[Exception]:
        """Complain of places in a line that are no columns."""
        spots = self.read.spots() if self.read is not None and self.written == "line" else {}
        for name, spot in spots.items():
            if not re.fullmatch(r"[1-9]\d*", spot.path, re.ASCII):
                mend = f"write for example '1 in {spot.unit}'"
                yield unfit("not-understood", at=("read", name), expected="a column, counted from 1", mend=mend)


class Weather(Document):
    """A sensor, or a station that measures several things."""

    kind: Literal["weather"]
    site: Text | None = None
    """The site it stands on; unsaid, its enclosure's or the only one."""
    enclosure: Text | None = None
    """The one enclosure it counts for; unsaid, every enclosure of its site."""
    measures: tuple[Quantity, ...] = Field(min_length=1)
    """What it reports."""
    every: Seconds
    """How often it is asked."""
    max_age: MaxAge
    """A reading older than this counts as unknown, and unknown is unsafe."""
    stuck: Seconds | None = None
    """When nothing that it says has changed for so long, it counts as unknown."""
    device: Source | None = None
    """How it is read."""
