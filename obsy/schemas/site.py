"""Where the observatory stands."""

import re
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Discriminator, Field, Tag, field_validator

from obsy.diagnostics import did_you_mean, unfit
from obsy.schemas.goal import Formerly
from obsy.schemas.later import loaded_later
from obsy.schemas.model import Document, Text
from obsy.units import Before, Latitude, Longitude, Metres, Percent, Quantity

if TYPE_CHECKING:
    from obsy.schemas.constraints.downtime import Downtime
    from obsy.schemas.server import DeviceServer
else:
    Downtime = loaded_later("constraints.downtime.Downtime")
    DeviceServer = loaded_later("server.DeviceServer")

ZenithSky = Annotated[float, Quantity("a brightness of the sky", {"mag/arcsec2": 1.0}, "21.2 mag/arcsec2", 14.0, 22.5)]


class Location(NamedTuple):
    """Where an observer stands: geodetic WGS84, north and east positive."""

    latitude_deg: float
    longitude_deg: float
    elevation_m: float = 0.0


def known_timezone(value: str) -> str:
    """Return the name of a time zone. Raise what `unfit` makes if nobody knows it."""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise unfit(
            "unknown-timezone",
            expected="a name such as Europe/Madrid",
            mend="look it up with 'timedatectl list-timezones'",
        ) from None
    return value


def known_station(value: str) -> str:
    """Return a code of the Minor Planet Center. Raise what `unfit` makes if it can be none."""
    if re.fullmatch(r"[A-Za-z0-9]{3,4}", value) is None:
        raise unfit(
            "unknown-word",
            found=f"'{value}'",
            expected="the code that the Minor Planet Center gave the site, such as J95",
            mend="write its three or four letters and digits, or leave it out",
        )
    return value


Month = Literal[
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
]  # fmt: skip
MONTHS = get_args(Month)


def _month(name: object) -> object:
    """Return the name of a month. Raise what `unfit` makes if it is none."""
    if name in MONTHS:
        return name
    mend = did_you_mean(str(name), MONTHS, "write its English name in small letters")
    raise unfit("unknown-word", found=f"'{name}'", expected="a month, such as january", mend=mend)


Clear = Annotated[
    Annotated[Percent, Tag("clear")]
    | Annotated[dict[Annotated[Month, Before(_month)], Percent], Tag("months"), Field(min_length=1)],
    Discriminator(lambda said: "months" if isinstance(said, dict) else "clear"),
]


class Site(Document):
    """A place on Earth with one clock and one sky."""

    kind: Literal["site"]
    language: Literal[1] = 1
    """Which version of this language its folder is written in."""
    latitude: Latitude
    """Geodetic latitude, north positive."""
    longitude: Longitude
    """Longitude, east positive."""
    elevation: Metres
    """Height above the sea."""
    timezone: Text
    """Name in the IANA time zone database: the clocks that people are shown. Nights go by the longitude."""
    horizon: Text | None = None
    """The measured horizon here."""
    observer: Text = "obsy"
    """Who is named in the headers of the frames."""
    mpc: Annotated[Text, Before(known_station)] | None = None
    """Its code at the Minor Planet Center, under which positions are reported: J95."""
    sky: ZenithSky = 21.2
    """How dark its sky is at the zenith without Moon and twilight, V; unsaid, that of a rural site."""
    clear: Clear | None = None
    """How much of its dark is clear, or by month, which `obsy forecast` draws by; unsaid, what is on record says it."""
    downtime: tuple[Downtime, ...] = ()
    """Nights or moments in which nothing is taken here: `[after 2026-12-01 and before 2026-12-05]`."""
    servers: tuple[DeviceServer, ...] = ()
    """Where its devices are, if somebody else keeps the drivers at work: `[{name: pier, indi: raspberry.local}]`."""
    data: Text = "data"
    """The folder that holds archive, journal, store and reports, seen from the folder above `site/`."""
    formerly: Formerly = ()
    """Names that this site had before; frames that bear one stay its own."""

    _timezone_exists = field_validator("timezone")(known_timezone)

    @property
    def clear_percent(self) -> float | dict[int, float] | None:
        """Return how much of the dark is clear, or that by the number of the month; None if nothing is said."""
        if isinstance(self.clear, dict):
            return {MONTHS.index(month) + 1: each for month, each in self.clear.items()}
        return self.clear

    def __hash__(self) -> int:
        """Sites that are equal are called alike; the months of `clear` have no hash."""
        return hash(self.name)

    @property
    def location(self) -> Location:
        """Return where it is, as plain numbers."""
        return Location(self.latitude, self.longitude, self.elevation)
