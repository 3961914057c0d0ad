"""How a goal uses the camera otherwise than its train says: reserved words, none of which is carried out yet."""

from typing import Annotated, Literal

from pydantic import Field

from obsy.schemas.model import Model, Text, Whole
from obsy.schemas.train import SensorSize
from obsy.units import Quantity


class Setting(Model):
    """What differs from the train's camera; masters must match it."""

    binning: Annotated[Whole, Field(ge=1, le=8)] | None = None
    """Pixels binned together along each axis."""
    gain: Annotated[Whole, Field(ge=0, le=100_000)] | None = None
    """The gain setting, in the driver's own steps."""
    offset: Annotated[Whole, Field(ge=0)] | None = None
    """The offset setting, in the driver's own steps."""
    mode: Text | None = None
    """The read-out mode, in the driver's own word."""
    region: SensorSize | None = None
    """The middle of the sensor that is read, columns x rows before binning."""
    slit: Text | None = None
    """Of a spectrograph, in its own word."""


class Burst(Model):
    """Frames at the pace of a film, as for planets; each count of the goal is one file."""

    frames: Annotated[Whole, Field(ge=2)]
    """In one file."""
    rate: Annotated[float, Quantity("a rate of frames", {"fps": 1.0}, "50 fps", 0.01, 10_000.0)]
    """How fast they follow; exposures are no longer than it leaves."""
    format: Literal["ser", "fits-cube"] = "ser"
    """How the file is written."""
