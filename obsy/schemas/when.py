"""When a target may be taken: constraints that can be read aloud."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any, Self, TypeVar

from pydantic import BeforeValidator, Field, model_validator

from obsy.diagnostics import unfit
from obsy.moments import NightOrMoment, noon
from obsy.schemas.model import Model, Number
from obsy.schemas.phrase import Phrase
from obsy.schemas.recurring import Event
from obsy.schemas.reserved import RESERVED
from obsy.units import (
    AltitudeDegrees,
    Arcseconds,
    Days,
    Hours,
    Percent,
    Quantity,
    Separation,
    SunAltitude,
    told,
)

HourAngleHours = Annotated[float, Quantity("an hour angle", {"h": 1.0, "min": 1 / 60}, "-2 h", -12.0, 12.0)]
Limits = TypeVar("Limits", "Altitude", "Airmass", "HourAngle")


def _lower_below_upper(limits: Limits) -> Limits:
    """Refuse two limits that leave nothing between them."""
    if limits.above is not None and limits.below is not None and limits.above >= limits.below:
        example = "above 1.2 and below 2" if isinstance(limits, Airmass) else "above 30 deg and below 80 deg"
        example = "above -2 h and below 1 h" if isinstance(limits, HourAngle) else example
        raise unfit("never-both", expected="the lower limit below the upper one", mend=f"write '{example}'")
    return limits


class Altitude(Phrase):
    """The target stands high enough, or not too high."""

    above: AltitudeDegrees | None = None
    """The lowest altitude that will do, inclusive."""
    below: AltitudeDegrees | None = None
    """The highest altitude that will do, inclusive."""

    _in_order = model_validator(mode="after")(_lower_below_upper)


class Airmass(Phrase):
    """The target is seen through little enough air, or through enough of it."""

    below: Annotated[Number, Field(gt=1)] | None = None
    """The most air that will do; 1 is the zenith, 2 is 30 deg above the horizon."""
    above: Annotated[Number, Field(gt=1)] | None = None
    """The least air that will do, as for measuring extinction."""

    _in_order = model_validator(mode="after")(_lower_below_upper)


def _no_share(value: object) -> object:
    if isinstance(value, str) and value.strip().endswith("%"):
        expected = "how high the Moon may stand, such as '10 deg'; its lit share is 'fainter than'"
        found = f"'below {value}'"
        raise unfit("unknown-unit", found=found, expected=expected, mend=f"write 'fainter than {value}'")
    return value


class Moon(Phrase):
    """The Moon does not spoil the target; it never does while it is below the horizon."""

    farther_than: Separation | None = None
    """Its least distance from the target."""
    fainter_than: Percent | None = None
    """The largest share of its disc that may be lit."""
    below: Annotated[AltitudeDegrees | None, BeforeValidator(_no_share)] = None
    """The highest altitude of the Moon itself."""
    width: Annotated[Days, Field(gt=0)] | None = None
    """So long before and after full Moon half of the distance is enough; at full Moon all of it is needed."""
    relaxed_below: Annotated[AltitudeDegrees, Field(gt=0)] | None = None
    """Below this altitude of the Moon the distance shrinks with it, to nothing at the horizon."""

    @model_validator(mode="after")
    def _there_is_a_distance(self) -> Self:
        if self.farther_than is None and (self.width is not None or self.relaxed_below is not None):
            found = "a 'width' without a distance" if self.width is not None else "'relaxed below' without a distance"
            mend = "add 'farther than 120 deg', the distance at full Moon"
            raise unfit("says-nothing", found=found, expected="the distance that it changes", mend=mend)
        return self


class Sun(Phrase):
    """It is dark enough; where a plan does not say, dark means the Sun below -18 deg."""

    below: SunAltitude
    """The highest altitude of the Sun; never above the horizon."""


DARK = Sun.model_construct(below=-18.0)
"""Where a plan does not say."""


class Dates(Phrase):
    """Between two nights or moments."""

    after: NightOrMoment | None = None
    """Not before this; a day alone is the night that begins on its evening."""
    before: NightOrMoment | None = None
    """Not after this; of a day alone, its night is the last."""

    def span(self, longitude_deg: float = 0.0) -> tuple[datetime | None, datetime | None]:
        """Return the first and the last moment; a night lasts from noon to noon of the longitude."""
        first, last = self.after, self.before
        if first is not None and not isinstance(first, datetime):
            first = noon(first, longitude_deg)
        if last is not None and not isinstance(last, datetime):
            last = noon(last + timedelta(days=1), longitude_deg)
        return first, last

    @model_validator(mode="after")
    def _some_time_is_left(self) -> Self:
        first, last = self.span()
        if first is not None and last is not None and first >= last:
            raise unfit("never-both", expected="'after' earlier than 'before'", mend="exchange the two moments")
        return self


_MONTH_AND_DAY = r"\s*(\d\d)-(\d\d)\s*"
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _day_of_year(value: object) -> tuple[int, int]:
    match = re.fullmatch(_MONTH_AND_DAY, value, re.ASCII) if isinstance(value, str) else None
    month, day = (int(match[1]), int(match[2])) if match else (0, 0)
    if not (1 <= month <= len(_LONGEST) and 1 <= day <= _LONGEST[month - 1]):
        raise unfit("not-a-moment", expected="a month and a day", mend="write 'after 11-01 and before 03-15'")
    return month, day


DayOfYear = Annotated[
    tuple[int, int], BeforeValidator(_day_of_year), told("a month and a day", "11-01", _MONTH_AND_DAY)
]
"""Month and day."""


class Season(Phrase):
    """A part of every year, which may go over New Year."""

    after: DayOfYear
    """The first night, as month and day of its evening: 11-01."""
    before: DayOfYear
    """The last night, included."""

    def holds(self, evening: datetime) -> bool:
        """Return whether the night of this date is in it."""
        day = (evening.month, evening.day)
        within = (self.after <= day, day <= self.before)
        return all(within) if self.after <= self.before else any(within)

    def said(self) -> dict[str, Any]:
        """Return what a person would write."""
        return {key: "{:02}-{:02}".format(*getattr(self, key)) for key in ("after", "before")}


class HourAngle(Phrase):
    """The target stands so far before or past the meridian."""

    above: HourAngleHours | None = None
    """How early it may be taken: -3 h is three hours before its highest point."""
    below: HourAngleHours | None = None
    """How late it may be taken."""

    _in_order = model_validator(mode="after")(_lower_below_upper)


class Meridian(Phrase):
    """The target stands near its highest point."""

    within: Hours
    """How long before and after its transit of the meridian."""


PhaseNumber = Annotated[Number, Field(ge=0, le=1)]


class Phase(Phrase):
    """A part of each turn of what recurs at the target, as seen from here; 0 at its epoch."""

    of: Event | None = None
    """Which event or planet, where the target has several."""
    after: PhaseNumber
    """Where the part begins, from 0 to 1."""
    before: PhaseNumber
    """Where it ends; it may go through 0."""


class Seeing(Phrase):
    """The air is steady enough."""

    below: Arcseconds
    """The largest width of stars, as the last frames show them."""


class SkyBrightness(Phrase):
    """The sky is dark enough."""

    darker_than: Annotated[
        float, Quantity("a brightness of the sky", {"mag/arcsec2": 1.0}, "20.5 mag/arcsec2", 10.0, 25.0)
    ]
    """As the last frames, or a meter, show it."""


class Transparency(Phrase):
    """The air is clear enough."""

    at_least: Percent
    """The share of the light of a clear night, as the last frames show it."""


class When(Model):
    """All that must hold at once; a goal's own `when` replaces the plan's word by word."""

    altitude: Altitude | None = None
    """How high the target stands."""
    airmass: Airmass | None = None
    """Through how much air it is seen."""
    moon: Moon | None = None
    """What the Moon may do."""
    sun: Sun | None = None
    """How dark it is."""
    dates: Dates | None = None
    """Between which moments."""
    meridian: Meridian | None = None
    """How near the target is to its highest point."""
    hour_angle: HourAngle | None = None
    """How far before or past the meridian it stands."""
    season: Season | None = None
    """Which part of the year."""
    phase: Phase | None = None
    """Which part of each turn of a variable star."""
    seeing: Annotated[Seeing | None, RESERVED] = None
    """How steady the air is."""
    sky: Annotated[SkyBrightness | None, RESERVED] = None
    """How dark the sky is."""
    transparency: Annotated[Transparency | None, RESERVED] = None
    """How clear the air is."""

    def over(self, other: "When") -> "When":
        """This, with what it leaves out taken from `other`."""
        if not self.model_fields_set:
            return other
        return When.model_construct(
            **{name: getattr(self, name) or getattr(other, name) for name in type(self).model_fields}
        )
