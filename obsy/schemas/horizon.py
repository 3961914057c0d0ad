"""What stands between the telescope and the sky."""

from typing import Literal, Self

from pydantic import Field, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.model import Document, Model
from obsy.units import AltitudeDegrees, Degrees


class HorizonPoint(Model):
    """One measured point of the skyline."""

    azimuth: Degrees
    """From north through east."""
    altitude: AltitudeDegrees
    """The lowest altitude that is free there."""
    ceiling: AltitudeDegrees | None = None
    """The highest altitude that is free there, below a balcony or the edge of a roof; unsaid, the zenith."""

    @model_validator(mode="after")
    def _ceiling_above(self) -> Self:
        if self.ceiling is not None and self.ceiling <= self.altitude:
            raise unfit(
                "never-both",
                expected="a ceiling above the lowest free altitude",
                mend="exchange the two; where nothing is free, leave the ceiling out and raise the altitude to 90 deg",
                at=("ceiling",),
            )
        return self


class Horizon(Document):
    """A measured skyline; between its points it runs straight, and it closes round the circle."""

    kind: Literal["horizon"]
    points: tuple[HorizonPoint, ...] = Field(min_length=1)
    """The skyline in any order of azimuth."""

    @model_validator(mode="after")
    def _azimuths_differ(self) -> Self:
        seen: set[float] = set()
        for number, point in enumerate(self.points):
            if point.azimuth % 360 in seen:
                raise unfit(
                    "azimuth-twice",
                    expected="one altitude for each azimuth",
                    mend="remove one of the two points",
                    at=("points", number, "azimuth"),
                )
            seen.add(point.azimuth % 360)
        return self
