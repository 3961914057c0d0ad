"""Which calibration frames the lights need, and how long a master stays good."""

from typing import Literal

from pydantic import Field

from obsy.schemas.model import Document, Model, Text, Whole
from obsy.units import CelsiusApart, Days, Seconds


class FrameNeed(Model):
    """What one set of calibration frames must be."""

    count: Whole = Field(ge=3)
    """Frames in one master."""
    max_age: Days
    """A master older than this is built again."""


class DarkNeed(FrameNeed):
    """One set for each exposure the lights use."""

    within: CelsiusApart = 1.0
    """How far the sensor may have been from the lights' temperature."""


class FlatNeed(FrameNeed):
    """One set for each filter the lights use."""

    exposure: Seconds
    """On the panel."""


class Calibration(Document):
    """What one train needs; masters are built again when they are missing, stale or no longer match."""

    kind: Literal["calibration"]
    train: Text
    """The train it is for."""
    bias: FrameNeed
    """What reads the camera's pedestal."""
    dark: DarkNeed
    """What the warm sensor adds by itself."""
    flat: FlatNeed | None = None
    """How unevenly the train sees; only a train with a panel can take them."""
