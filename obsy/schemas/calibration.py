"""Which calibration frames the lights need, and how long a master stays good."""

from typing import Literal

from pydantic import Field

from obsy.schemas.model import Document, Model, Text, Whole
from obsy.units import CelsiusApart, Days, Seconds


class BiasNeed(Model):
    """The camera's pedestal."""

    count: Whole = Field(ge=3)
    """Frames in one master."""
    max_age: Days
    """A master older than this is built again."""


class DarkNeed(Model):
    """One set for each exposure the lights use."""

    count: Whole = Field(ge=3)
    """Frames in one master."""
    max_age: Days
    """A master older than this is built again."""
    within: CelsiusApart = 1.0
    """How far the sensor may have been from the lights' temperature."""


class FlatNeed(Model):
    """One set for each filter the lights use."""

    count: Whole = Field(ge=3)
    """Frames in one master."""
    exposure: Seconds
    """On the panel."""
    max_age: Days
    """A master older than this is built again."""


class Calibration(Document):
    """What one train needs; masters are built again when they are missing, stale or no longer match."""

    kind: Literal["calibration"]
    """Which sort of thing this document declares."""
    train: Text
    """The train it is for."""
    bias: BiasNeed
    """What reads the camera's pedestal."""
    dark: DarkNeed
    """What the warm sensor adds by itself."""
    flat: FlatNeed
    """How unevenly the train sees."""
