"""What turns the camera about the optical axis."""

from typing import Annotated, Literal, Self

from pydantic import model_validator

from obsy.diagnostics import unfit
from obsy.schemas.centring import ShortExposure, Tries
from obsy.schemas.device import Device
from obsy.schemas.model import Model
from obsy.schemas.phrase import Phrase
from obsy.units import ANGLE, DegreesPerSecond, Quantity

HALF_TURN_DEG = 180.0
RotatorPlace = Annotated[float, Quantity("a place of a rotator", ANGLE, "20 deg", 0.0, 360.0)]
AngleApart = Annotated[float, Quantity("a difference of angles", ANGLE, "1 deg", 0.05, 45.0)]


class RotatorRange(Phrase):
    """Where it may stand, by its own scale: `above 20 deg and below 340 deg`; it turns through no other place."""

    above: RotatorPlace
    """From here on."""
    below: RotatorPlace
    """Up to here."""

    @model_validator(mode="after")
    def _has_every_angle(self) -> Self:
        if self.below - self.above < HALF_TURN_DEG:
            mend = "write for example 'above 20 deg and below 340 deg'"
            raise unfit("out-of-range", expected="half a turn at least, which frames every field", mend=mend)
        return self


class Turning(Phrase):
    """Expose, find out how the camera stands, and turn by what it missed, until that is close."""

    within: AngleApart = 1.0
    """Close enough."""
    at_most: Tries = 4.0
    """So many exposures."""
    exposing: ShortExposure = 5.0
    """How long each lasts; one that cannot be solved is followed by one of twice the time, four times at most."""
    otherwise: Literal["go on", "give up"] = "go on"
    """What comes of a block whose camera is not turned by then."""


class Rotator(Model):
    """What turns the camera; its zero is found out by solving."""

    speed: DegreesPerSecond
    """How fast it turns."""
    range: RotatorRange | None = None
    """Where it may stand; unsaid, anywhere."""
    counts: Literal["east", "west"] = "east"
    """Which way the camera's up turns on the sky as its number grows."""
    turn: Turning = Turning.model_construct()
    """When it is turned far enough."""
    device: Device | None = None
    """The driver that turns it."""
