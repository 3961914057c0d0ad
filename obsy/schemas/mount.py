"""What points the telescope."""

from typing import TYPE_CHECKING, Annotated, Literal

from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.constraints.constraint import Constraint
from obsy.schemas.device import Device
from obsy.schemas.later import loaded_later
from obsy.schemas.model import Document, Model, Text
from obsy.units import ANGLE, DURATION, AltitudeDegrees, Degrees, DegreesPerSecond, Quantity, Seconds

if TYPE_CHECKING:
    from obsy.schemas.centring import Centring
    from obsy.schemas.constraints.downtime import Downtime
    from obsy.schemas.constraints.meridian_zone import MeridianZone
else:
    Centring = loaded_later("centring.Centring")
    Downtime = loaded_later("constraints.downtime.Downtime")
    MeridianZone = loaded_later("constraints.meridian_zone.MeridianZone")

PlaceApart = Annotated[float, Quantity("a distance on the Earth", ANGLE, "6 arcmin", 0.001, 5.0)]
ClockApart = Annotated[float, Quantity("a difference of clocks", DURATION, "10 s", 1.0, 600.0)]
Settle = Annotated[float, Quantity("a settling time", DURATION, "8 s", 0.0, 300.0)]


class ParkPosition(Model):
    """Where the mount rests."""

    azimuth: Degrees
    """From north through east."""
    altitude: AltitudeDegrees
    """Above the horizon."""


class MeridianFlip(Model):
    """How a German mount crosses the meridian."""

    past: Seconds
    """How long it may track past the meridian before it must change sides."""
    flip: Seconds
    """What changing sides costs, with solving and settling."""


class Reckons(Model):
    """How far off the place and the clock may be that a mount reckons with, once it was told both."""

    place: PlaceApart
    """On the Earth, in latitude or longitude."""
    time: ClockApart
    """Of its clock."""


class Mount(Document):
    """One mount on one pier."""

    kind: Literal["mount"]
    enclosure: Text | None = None
    """The enclosure it stands in; unsaid, the only one."""
    type: Literal["german-equatorial", "fork", "alt-azimuth"]
    """How its axes stand."""
    slew: DegreesPerSecond
    """How fast it moves between targets."""
    settle: Settle
    """How long it rings after a slew."""
    altitude: Altitude
    """Where it can point without touching anything."""
    meridian: MeridianFlip | None = None
    """Its meridian flip; mounts of other types have none."""
    centre: Centring | None = None
    """Look where it points after each slew: `within 30 arcsec and at most 3 tries`; unsaid, its own word counts."""
    meridian_zone: MeridianZone | None = None
    """Hour angles in which it must not track: `above -10 min and below 5 min`."""
    downtime: tuple[Downtime, ...] = ()
    """Nights or moments in which it takes nothing: `[after 2026-12-01 and before 2026-12-05]`."""
    reckons: Reckons | None = None
    """It is not woken if it reckons with more, or does not say; unsaid, that is told alone."""
    park: ParkPosition
    """Where it rests, and where the roof clears it."""
    device: Device | None = None
    """The driver that moves it."""

    @property
    def limits(self) -> tuple[Constraint, ...]:
        """Return what it keeps of targets, whatever their plans say."""
        zone = () if self.meridian_zone is None else (self.meridian_zone,)
        return (self.altitude, *zone, *self.downtime)
