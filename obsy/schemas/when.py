"""When a target may be taken: a key a constraint, each of which is a file in `constraints`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from obsy.schemas.constraints.constraint import Constraint
from obsy.schemas.later import loaded_later
from obsy.schemas.model import Model
from obsy.schemas.reserved import RESERVED

if TYPE_CHECKING:
    from obsy.schemas.constraints.airmass import Airmass
    from obsy.schemas.constraints.altitude import Altitude
    from obsy.schemas.constraints.dates import Dates
    from obsy.schemas.constraints.hour_angle import HourAngle
    from obsy.schemas.constraints.measured import Seeing, SkyBrightness, Transparency
    from obsy.schemas.constraints.meridian import Meridian
    from obsy.schemas.constraints.moon import Moon
    from obsy.schemas.constraints.phase import Phase
    from obsy.schemas.constraints.season import Season
    from obsy.schemas.constraints.sun import Sun
else:  # few plans say all of them
    Airmass = loaded_later("constraints.airmass.Airmass")
    Altitude = loaded_later("constraints.altitude.Altitude")
    Dates = loaded_later("constraints.dates.Dates")
    HourAngle = loaded_later("constraints.hour_angle.HourAngle")
    Seeing = loaded_later("constraints.measured.Seeing")
    SkyBrightness = loaded_later("constraints.measured.SkyBrightness")
    Transparency = loaded_later("constraints.measured.Transparency")
    Meridian = loaded_later("constraints.meridian.Meridian")
    Moon = loaded_later("constraints.moon.Moon")
    Phase = loaded_later("constraints.phase.Phase")
    Season = loaded_later("constraints.season.Season")
    Sun = loaded_later("constraints.sun.Sun")


class When(Model):
    """All that must hold at once; a goal's own `when` replaces the plan's word by word."""

    altitude: Altitude | None = None
    airmass: Airmass | None = None
    moon: Moon | None = None
    sun: Sun | None = None
    dates: Dates | None = None
    meridian: Meridian | None = None
    hour_angle: HourAngle | None = None
    season: Season | None = None
    phase: Phase | None = None
    seeing: Annotated[Seeing | None, RESERVED] = None
    sky: Annotated[SkyBrightness | None, RESERVED] = None
    transparency: Annotated[Transparency | None, RESERVED] = None

    def over(self, other: "When") -> "When":
        """This, with what it leaves out taken from `other`."""
        if not self.model_fields_set:
            return other
        return When.model_construct(
            **{name: getattr(self, name) or getattr(other, name) for name in type(self).model_fields}
        )

    def constraints(self) -> Iterator[tuple[str, Constraint]]:
        """Yield each word that it says with its constraint, but for those that are reserved."""
        said = ((word, getattr(self, word)) for word in type(self).model_fields)
        return ((word, each) for word, each in said if isinstance(each, Constraint))
