"""When a target may be taken: constraints that can be read aloud."""

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.model import Model, Number
from obsy.schemas.phrase import Phrase
from obsy.units import AltitudeDegrees, Hours, Moment, Percent, Separation, SunAltitude


class Altitude(Phrase):
    """The target stands high enough, or not too high."""

    above: AltitudeDegrees | None = None
    """The lowest altitude that will do, inclusive."""
    below: AltitudeDegrees | None = None
    """The highest altitude that will do, inclusive."""

    @model_validator(mode="after")
    def _some_sky_is_left(self) -> Self:
        if self.above is not None and self.below is not None and self.above >= self.below:
            raise unfit(
                "never-both",
                expected="the lower limit below the upper one",
                mend="write 'above 30 deg and below 80 deg'",
            )
        return self


class Airmass(Phrase):
    """The target is seen through little enough air."""

    below: Annotated[Number, Field(gt=1)]
    """The most air that will do; 1 is the zenith, 2 is 30 deg above the horizon."""


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


class Sun(Phrase):
    """It is dark enough; where a plan does not say, dark means the Sun below -18 deg."""

    below: SunAltitude
    """The highest altitude of the Sun; never above the horizon."""


DARK = Sun.model_construct(below=-18.0)
"""Where a plan does not say."""


class Dates(Phrase):
    """Between two moments."""

    after: Moment | None = None
    """Not before this."""
    before: Moment | None = None
    """Not after this."""

    @model_validator(mode="after")
    def _some_time_is_left(self) -> Self:
        if self.after is not None and self.before is not None and self.after >= self.before:
            raise unfit("never-both", expected="'after' earlier than 'before'", mend="exchange the two moments")
        return self


class Meridian(Phrase):
    """The target stands near its highest point."""

    within: Hours
    """How long before and after its transit of the meridian."""


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

    def over(self, other: "When") -> "When":
        """This, with what it leaves out taken from `other`."""
        return When.model_construct(
            **{name: getattr(self, name) or getattr(other, name) for name in type(self).model_fields}
        )
