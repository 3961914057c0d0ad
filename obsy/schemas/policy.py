"""What is safe, what is good enough, and what is kept."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, create_model, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.later import later, loaded_later
from obsy.schemas.model import Document, Model, Number, Whole
from obsy.schemas.phrase import Phrase
from obsy.schemas.quantities import by_quantity
from obsy.units import (
    DURATION,
    WEATHER,
    Arcseconds,
    Counts,
    Percent,
    Quantity,
    Seconds,
    SunAltitude,
    SunDistance,
)

if TYPE_CHECKING:
    from obsy.schemas.value import Value
else:
    Value = loaded_later("value.Value")

Hold = Annotated[float, Quantity("a hold", DURATION, "3 min", 0.0, 900.0)]
Clear = Annotated[float, Quantity("a clear time", DURATION, "5 min", 10.0, 3600.0)]
CLEARS_S = 60.0
OverheadsFrom = Literal["learned", "declared"]
LongestOverride = Annotated[float, Quantity("a time span", DURATION, "7 d", 3600.0, 31 * 86400.0)]
RainHold = Annotated[float, Quantity("a hold for rain", DURATION, "10 s", 0.0, 60.0)]
Dwell = Annotated[float, Quantity("a dwell", DURATION, "20 min", 60.0, 43200.0)]


class WeatherLimit(Phrase):
    """What a quantity must not be, and for how long that is forgiven."""

    if TYPE_CHECKING:  # the limit itself is said first
        hold_for: float | None
        clear_for: float | None

    @property
    def held_s(self) -> float:
        """How long it must last before it counts, seconds."""
        return self.hold_for or 0.0

    @property
    def cleared_s(self) -> float:
        """How long all must be well before that begins anew, seconds; unsaid, as long as the hold or a minute."""
        return self.clear_for or max(self.held_s, CLEARS_S)

    @model_validator(mode="after")
    def _clears_what_holds(self) -> Self:
        if self.clear_for is not None and self.hold_for is None:
            raise unfit(
                "says-nothing",
                expected="'hold for …' beside 'clear for …', which ends a hold",
                mend="add 'and hold for 3 min', or leave 'clear for' out",
                at=("clear_for",),
            )
        return self


class Above(WeatherLimit):
    """A quantity is unsafe above this."""

    above: float
    """The highest that is still safe."""
    hold_for: Hold | None = None
    """How long it must last before the roof closes."""
    clear_for: Clear | None = None
    """How long it must stay within before a hold begins anew; unsaid, as long as the hold, and at least a minute."""


class Below(WeatherLimit):
    """A quantity is unsafe below this."""

    below: float
    """The lowest that is still safe."""
    hold_for: Hold | None = None
    """How long it must last before the roof closes."""
    clear_for: Clear | None = None
    """How long it must stay within before a hold begins anew; unsaid, as long as the hold, and at least a minute."""


LightRain = Annotated[
    float, replace(WEATHER["rain"], what="rain that a roof may be open in", example="0 mm/h", most=1.0)
]


class RainLimit(Above):
    """Rain is unsafe above this, at once unless a hold is given."""

    above: LightRain
    """The highest that is still safe."""
    hold_for: RainHold | None = None
    """How long it must last before the roof closes."""


LIMITS: dict[str, tuple[type[WeatherLimit], dict[str, Any], str]] = {
    "cloud": (Above, {"most": 95.0}, "Cloud cover is unsafe above this."),
    "wind": (Above, {"most": 120.0}, "Wind is unsafe above this."),
    "humidity": (Above, {"most": 99.0}, "Humidity is unsafe above this."),
    "temperature": (Below, {}, "It is too cold to move the roof below this."),
    "sky": (
        Above,
        {"least": -60.0, "most": 0.0},
        "A sky warmer than this is clouded, as the sensor tells it: most tell by how much it is warmer than the air.",
    ),
    "battery": (Below, {"least": 5.0}, "A UPS emptier than this may not last until the roof is closed."),
    "mains": (Below, {"least": 1.0}, "The UPS must be fed, which `below 50 %` says."),
    "monitor": (Below, {"least": 1.0}, "Each safety monitor must say that it is safe, which `below 50 %` says."),
    "disk": (Below, {"least": 0.1, "most": 1e6}, "Less free space than this takes no frames."),
    "clock": (
        Above,
        {"least": 0.05, "most": 30.0},
        "A clock that is wrong by more than this, either way, points mounts and dates readings wrongly.",
    ),
}
"""Which side of a limit is unsafe, what it may be at all (a policy that nothing breaks protects nothing), and why."""


def _limit(name: str) -> Any:
    if name == "rain":
        return RainLimit | None
    side, bounds, why = LIMITS[name]
    bound: dict[str, Any] = {next(iter(side.model_fields)): Annotated[float, replace(WEATHER[name], **bounds)]}
    return later(lambda: create_model(f"{name.title()}Limit", __base__=side, __doc__=why, **bound)) | None


class Limits(by_quantity("SafeWeather", _limit)):  # type: ignore[misc]
    """What makes the sky unsafe; a quantity that is not named does not count."""


class SunHeightLimit(Phrase):
    """No roof opens while the Sun is higher, whatever a plan says."""

    below: SunAltitude
    """The highest altitude of the Sun at which a roof may open."""


class SunDistanceLimit(Phrase):
    """No mount is sent nearer to the Sun, or past it, while the Sun is higher than roofs may open."""

    farther_than: SunDistance
    """The least angle between the Sun and the telescope: before a slew, after it, and on the way."""


class SunLimits(Model):
    """What the Sun forbids; no plan changes it."""

    roof: SunHeightLimit = SunHeightLimit.model_construct(below=-6.0)
    """How low the Sun must be before a roof opens; civil twilight if nothing is said."""
    mount: SunDistanceLimit = SunDistanceLimit.model_construct(farther_than=30.0)
    """How far from the Sun a mount stays; 30 deg if nothing is said."""


class IfNotParked(Phrase):
    """The roof closes over a mount that does not park, once it has been unsafe for so long; unsaid, it never does."""

    close_after: Annotated[float, Quantity("a time span", DURATION, "10 min", 60.0, 3600.0)]
    """How long parking is tried first; people are called meanwhile."""


class Safety(Model):
    """When the roof may be open, and where the mounts may point."""

    limits: Limits
    """Every quantity named here must be measured, fresh and within its limit."""
    sun: SunLimits = SunLimits.model_construct()
    """What the Sun forbids; no plan changes it."""
    dwell: Dwell
    """It must have been safe this long, on fresh readings, before the roof opens again."""
    retries: Whole = Field(default=3, ge=1, le=10)
    """How often a roof that does not close is asked again before people are called; it is asked without end."""
    longest_override: LongestOverride = 604800.0
    """How long a `kind: override` may last at most; a week if nothing is said."""
    if_not_parked: IfNotParked | None = None
    """What becomes of the roof over a mount that does not park; unsaid, it stays open and people are called."""
    drills: Literal["never", "by day"] = "never"
    """Whether `obsy drill --real` may open a roof by day, over parked mounts, to see it close."""


class FwhmLimit(Phrase):
    """Stars wider than this are not worth keeping."""

    below: Arcseconds
    """Full width at half maximum, as measured."""


class StarLimit(Phrase):
    """Fewer stars than this mean cloud, or no focus."""

    at_least: Whole = Field(ge=1)
    """How many stars a good frame shows."""


class BackgroundLimit(Phrase):
    """A sky brighter than this drowns the target."""

    below: Counts
    """The median of the sky, per pixel."""


class EccentricityLimit(Phrase):
    """Stars longer than this mean that the mount did not follow; 0 is round, 1 is a line."""

    below: Number = Field(gt=0, lt=1)
    """Of the median star."""


class Patience(Model):
    """When a goal that fails again and again gives way to others, so that it does not use up the night."""

    rejections: Whole = Field(default=8, ge=1)
    """So many rejected frames in a row make a goal wait."""
    failures: Whole = Field(default=2, ge=1)
    """So many failed blocks in a row make a plan wait."""
    pause: Seconds = 600.0
    """How long it waits at first; each time that it fails again it waits twice as long, but not longer than an hour."""


class Quality(Model):
    """What a light must be to count."""

    fwhm: FwhmLimit | None = None
    """How wide stars may be."""
    eccentricity: EccentricityLimit | None = None
    """How long stars may be."""
    stars: StarLimit | None = None
    """How many stars there must be."""
    background: BackgroundLimit | None = None
    """How bright the sky may be."""
    verdict: Seconds
    """How long after its file is complete a frame's verdict counts, on the night's own clock."""
    patience: Patience = Patience.model_construct()
    """When a goal whose lights do not count gives way to others."""


class Retention(Model):
    """What happens to a file in the camera's folder once its copy in the archive is verified."""

    incoming: Literal["remove", "keep"] = "remove"
    """The file in the camera's folder."""
    reserve: Percent = 2.0
    """The archive refuses new frames when less than this share of its disk is free."""


class Policy(Document):
    """House rules; each section may stand in a document of its own."""

    kind: Literal["policy"]
    safety: Safety | None = None
    """When the roof may be open."""
    quality: Quality | None = None
    """Which lights count."""
    retention: Retention | None = None
    """What is kept of them."""
    value: Value | None = None
    """What makes one night better than another; unsaid, the values that its keys have."""
    overheads: OverheadsFrom | None = None
    """Whether nights are planned with what journals tell of slews, flips, focus runs and downloads (`learned`, the
    value unsaid), or with what mounts and trains declare (`declared`)."""
