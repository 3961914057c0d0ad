"""When a target may be taken: constraints that can be read aloud."""

from pydantic import Field

from obsy.schemas.model import Model, Phrase
from obsy.units import Degrees, Hours, Moment, Percent


class Altitude(Phrase):
    """The target stands high enough, or not too high."""

    above: Degrees | None = None
    below: Degrees | None = None


class Airmass(Phrase):
    """The target is seen through little enough air."""

    below: float = Field(ge=1)


class Moon(Phrase):
    """The Moon does not spoil the target; it never does while it is below the horizon."""

    farther_than: Degrees | None = None
    fainter_than: Percent | None = None
    """Share of its disc that is lit."""
    below: Degrees | None = None
    """Altitude of the Moon itself."""


class Sun(Phrase):
    """It is dark enough; without this, dark means the Sun below -18 deg."""

    below: Degrees


class Dates(Phrase):
    """Between two moments."""

    after: Moment | None = None
    before: Moment | None = None


class Meridian(Phrase):
    """The target stands near its highest point."""

    within: Hours


class When(Model):
    """All that must hold at once; a goal's own `when` replaces the plan's word by word."""

    altitude: Altitude | None = None
    airmass: Airmass | None = None
    moon: Moon | None = None
    sun: Sun | None = None
    dates: Dates | None = None
    meridian: Meridian | None = None

    def over(self, other: "When") -> "When":
        """This, with what it leaves out taken from `other`."""
        return When.model_construct(
            **{name: getattr(self, name) or getattr(other, name) for name in type(self).model_fields}
        )
