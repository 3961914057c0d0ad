"""One source of weather, with the age at which its word expires."""

from typing import Literal

from pydantic import Field

from obsy.schemas.model import Document, Text
from obsy.schemas.source import Quantity, Source
from obsy.units import MaxAge, Seconds


class Weather(Document):
    """A sensor, or a station that measures several things."""

    kind: Literal["weather"]
    site: Text | None = None
    """The site it stands on; unsaid, its enclosure's or the only one."""
    enclosure: Text | None = None
    """The one enclosure it counts for; unsaid, every enclosure of its site."""
    measures: tuple[Quantity, ...] = Field(min_length=1)
    """What it reports."""
    every: Seconds
    """How often it is asked."""
    max_age: MaxAge
    """A reading older than this counts as unknown, and unknown is unsafe."""
    stuck: Seconds | None = None
    """When nothing that it says has changed for so long, it counts as unknown."""
    device: Source | None = None
    """How it is read."""
