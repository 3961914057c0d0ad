"""Which calibration frames the lights need, and how long a master stays good."""

from typing import Literal

from pydantic import Field

from obsy.schemas.model import Document, Model, Text
from obsy.units import Celsius, Days, Seconds


class BiasNeed(Model):
    """The camera's pedestal."""

    count: int = Field(ge=3)
    max_age: Days


class DarkNeed(Model):
    """One set for each exposure the lights use."""

    count: int = Field(ge=3)
    max_age: Days
    within: Celsius = 1.0
    """How far the sensor may have been from the lights' temperature."""


class FlatNeed(Model):
    """One set for each filter the lights use."""

    count: int = Field(ge=3)
    exposure: Seconds
    """On the panel."""
    max_age: Days


class Calibration(Document):
    """What one train needs; masters are built again when they are missing, stale or no longer match."""

    kind: Literal["calibration"]
    train: Text
    bias: BiasNeed
    dark: DarkNeed
    flat: FlatNeed
