"""What is safe, what is good enough, and what is kept."""

from typing import Literal

from pydantic import Field

from obsy.schemas.model import Document, Model, Phrase
from obsy.units import Arcseconds, Celsius, Counts, KilometresPerHour, MillimetresPerHour, Percent, Seconds


class RainLimit(Phrase):
    """Rain is unsafe above this, at once unless a hold is given."""

    above: MillimetresPerHour
    hold_for: Seconds | None = None
    """How long it must last before the roof closes."""


class CloudLimit(Phrase):
    """Cloud cover is unsafe above this."""

    above: Percent
    hold_for: Seconds | None = None
    """How long it must last before the roof closes."""


class WindLimit(Phrase):
    """Wind is unsafe above this."""

    above: KilometresPerHour
    hold_for: Seconds | None = None
    """How long it must last before the roof closes."""


class HumidityLimit(Phrase):
    """Humidity is unsafe above this."""

    above: Percent
    hold_for: Seconds | None = None
    """How long it must last before the roof closes."""


class TemperatureLimit(Phrase):
    """It is too cold to move the roof below this."""

    below: Celsius
    hold_for: Seconds | None = None
    """How long it must last before the roof closes."""


class Limits(Model):
    """What makes the sky unsafe; a quantity that is not named does not count."""

    rain: RainLimit | None = None
    cloud: CloudLimit | None = None
    wind: WindLimit | None = None
    humidity: HumidityLimit | None = None
    temperature: TemperatureLimit | None = None


class Safety(Model):
    """When the roof may be open."""

    limits: Limits
    """Every quantity named here must be measured, fresh and within its limit."""
    dwell: Seconds
    """It must have been safe this long, on fresh readings, before the roof opens again."""
    retries: int = Field(default=3, ge=1)
    """How often a roof that does not close is asked again before people are called."""


class FwhmLimit(Phrase):
    """Stars wider than this are not worth keeping."""

    below: Arcseconds


class StarLimit(Model):
    """Fewer stars than this mean cloud, or no focus."""

    at_least: int = Field(ge=1)


class BackgroundLimit(Phrase):
    """A sky brighter than this drowns the target."""

    below: Counts


class EccentricityLimit(Model):
    """Stars longer than this mean that the mount did not follow; 0 is round, 1 is a line."""

    below: float = Field(gt=0, lt=1)


class Quality(Model):
    """What a light must be to count."""

    fwhm: FwhmLimit | None = None
    eccentricity: EccentricityLimit | None = None
    stars: StarLimit | None = None
    background: BackgroundLimit | None = None
    verdict: Seconds
    """How long after its file is complete a frame's verdict counts, on the night's own clock."""


class Retention(Model):
    """What happens to a file in the camera's folder once its copy in the archive is verified."""

    incoming: Literal["remove", "keep"] = "remove"
    reserve: Percent = 2.0
    """The archive refuses new frames when less than this share of its disk is free."""


class Policy(Document):
    """House rules; each section may stand in a document of its own."""

    kind: Literal["policy"]
    safety: Safety | None = None
    quality: Quality | None = None
    retention: Retention | None = None
