"""What the observer asks for: a target, what is wanted of it, and when it may be taken."""

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from obsy.diagnostics import unfit
from obsy.schemas.goal import Cover, Formerly, Goal
from obsy.schemas.model import Document, Model, Text, Whole
from obsy.schemas.target import Target
from obsy.schemas.train import Train
from obsy.schemas.when import When
from obsy.units import Degrees, Percent

__all__ = ["Comparison", "Cover", "Goal", "Mosaic", "Needs", "Plan", "holds"]


class Mosaic(Model):
    """A field larger than one frame, taken as tiles."""

    columns: Annotated[Whole, Field(ge=1, le=20)]
    """Tiles side by side."""
    rows: Annotated[Whole, Field(ge=1, le=20)]
    """Tiles above one another."""
    overlap: Annotated[Percent, Field(lt=95)] = 15.0
    """Share of a tile's edge that the next tile takes again."""


_ARCSECONDS = {"arcsec": 1.0, "arcmin": 60.0, "deg": 3600.0}
_COMPARISON = re.compile(r"\s*(above|below|<|>)\s*(\d+\.?\d*|\.\d+)\s*(arcsec|arcmin|deg)\s*", re.ASCII)


def _comparison(value: object) -> tuple[str, float]:
    match = _COMPARISON.fullmatch(str(value))
    if match is None:
        expected = "'above' or 'below', and an angle"
        raise unfit("not-a-comparison", expected=expected, mend="write 'below 2 arcsec' or 'above 1.5 deg'")
    word, number, unit = match.groups()
    return {"above": ">", "below": "<"}.get(word, word), float(number) * _ARCSECONDS[unit]


Comparison = Annotated[tuple[Literal["<", ">"], float], BeforeValidator(_comparison, json_schema_input_type=str)]
"""A bound in arcseconds."""


def holds(comparison: tuple[str, float] | None, value: float) -> bool:
    """Return whether a value keeps a bound; no bound is always kept."""
    if comparison is None:
        return True
    sign, bound = comparison
    return value < bound if sign == "<" else value > bound


class Needs(Model):
    """What a train must offer for this plan, so that a plan can be given to a friend with other equipment."""

    field: Comparison | None = None
    """The shorter edge of a frame, such as `above 0.5 deg`."""
    scale: Comparison | None = None
    """The size of a pixel on the sky, such as `below 4 arcsec`."""


class Plan(Document):
    """A file in `plans/`."""

    kind: Literal["plan"]
    target: Target
    """A name, a position, orbital elements, or a body of the solar system."""
    priority: Annotated[Whole, Field(ge=1, le=10)] = 5
    """10 is the most wanted."""
    want: Annotated[tuple[Goal, ...], Field(min_length=1)]
    """The goals, which may take many nights."""
    when: When = When.model_construct()
    """All that must hold while a frame is taken."""
    mosaic: Mosaic | None = None
    """Tiles, where one frame is too small."""
    angle: Degrees | None = None
    """Position angle of the camera's up, east of north; the train's own where there is no rotator."""
    needs: Needs = Needs.model_construct()
    """What a train must offer."""
    pipeline: Text
    """What happens to each frame."""
    formerly: Formerly = ()
    """Names that this plan had before; what was taken for them counts on."""
    notes: str = ""
    """What the observer wants to remember."""

    @property
    def roles(self) -> frozenset[str]:
        """Return every filter it wants."""
        return frozenset(role for goal in self.want for role in goal.filter)

    def served_by(self, train: Train) -> bool:
        """Return whether a train has every filter, and the field and scale, that it needs."""
        field_arcsec = min(train.field) * 3600
        return (
            self.roles <= set(train.roles)
            and holds(self.needs.field, field_arcsec)
            and holds(self.needs.scale, train.scale)
        )
