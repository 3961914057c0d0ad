"""The observer's wish: a target, what is wanted of it, and when it may be taken."""

import re
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.model import Document, Model, Text
from obsy.schemas.target import Target
from obsy.schemas.when import When
from obsy.units import Days, Degrees, Percent, Seconds


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Filters = Annotated[tuple[Text, ...], BeforeValidator(_several), Field(min_length=1)]


class Cover(Model):
    """A whole transit, with some of the flat light curve on both sides."""

    transit: Annotated[str, Field(pattern=r"^[a-z]$")]
    """The planet's letter."""
    baseline: Seconds
    """How much to take before the first and after the last contact."""


class Goal(Model):
    """One line of `want`: filters, an exposure, and how much of it."""

    filter: Filters
    """A role or a list of roles; each role in the list gets the whole amount."""
    exposure: Seconds
    """Of one frame."""
    total: Seconds | None = None
    """Accepted time wanted in each filter."""
    count: Annotated[int, Field(ge=1)] | None = None
    """Accepted frames wanted in each filter; with `every`, at each visit."""
    every: Days | None = None
    """A cadence: a visit counts again after this long."""
    cover: Cover | None = None
    """Take frames through a transit."""
    when: When = When()
    """What differs from the plan's own `when` for this goal."""

    @model_validator(mode="after")
    def _says_how_much(self) -> Self:
        amounts = [self.total is not None, self.count is not None, self.cover is not None]
        if sum(amounts) != 1:
            raise unfit("how-much", expected="one of total, count or cover", mend="write 'total: 3 h' or 'count: 20'")
        if self.every is not None and self.count is None:
            raise unfit("cadence-without-count", expected="count beside every", mend="say how many frames a visit takes: 'count: 3'")
        if self.exposure <= 0:
            raise unfit("no-exposure", expected="an exposure longer than 0 s", mend="write 'exposure: 60 s'")
        return self


class Mosaic(Model):
    """A field larger than one frame, taken as tiles."""

    columns: int = Field(ge=1, le=20)
    rows: int = Field(ge=1, le=20)
    overlap: Percent = 15.0
    """Share of a tile's edge that the next tile takes again."""


def _comparison(value: object) -> tuple[str, float]:
    match = re.fullmatch(r"\s*([<>])\s*([\d.]+)\s*(arcsec|arcmin|deg)\s*", str(value))
    if match is None:
        raise unfit("not-a-comparison", expected="< or > and an angle", mend="write '< 2 arcsec' or '> 1.5 deg'")
    return match.group(1), float(match.group(2)) * {"arcsec": 1.0, "arcmin": 60.0, "deg": 3600.0}[match.group(3)]


Comparison = Annotated[tuple[Literal["<", ">"], float], BeforeValidator(_comparison, json_schema_input_type=str)]


class Needs(Model):
    """What a train must offer for this plan, so that a plan can be given to a friend with other equipment."""

    field: Comparison | None = None
    """The shorter edge of a frame, such as `> 0.5 deg`."""
    scale: Comparison | None = None
    """The size of a pixel on the sky, such as `< 4 arcsec`."""


class Plan(Document):
    """A file in `plans/`."""

    kind: Literal["plan"]
    target: Target
    """A name, a position, orbital elements, or a body of the solar system."""
    priority: int = Field(default=5, ge=1, le=10)
    """10 is the most wanted."""
    want: tuple[Goal, ...] = Field(min_length=1)
    """The goals, which may take many nights."""
    when: When = When()
    """All that must hold while a frame is taken."""
    mosaic: Mosaic | None = None
    angle: Degrees | None = None
    """Position angle of the camera's up, east of north; the train's own where there is no rotator."""
    needs: Needs = Needs()
    pipeline: Text
    """What happens to each frame."""
    notes: str = ""
