"""What gathers the light of a train."""

from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.model import Model, Text
from obsy.units import Millimetres

FASTEST, SLOWEST = 0.5, 100.0
"""Focal ratios between which there are telescopes."""
LONGEST_DESIGN = 25
"""Characters of a telescope's design that ADES takes."""


def _short(value: str) -> str:
    if len(value) > LONGEST_DESIGN:
        raise unfit(
            "out-of-range",
            found=f"{len(value)} characters",
            expected=f"at most {LONGEST_DESIGN}, as the Minor Planet Center takes",
            mend="write its kind alone, as Newtonian",
        )
    return value


class Telescope(Model):
    """What gathers the light."""

    aperture: Millimetres
    """Diameter of the entrance pupil."""
    focal_length: Millimetres
    """Effective focal length, with reducer or corrector."""
    design: Annotated[Text, AfterValidator(_short)] | None = None
    """What it is, as reports of positions say it: Newtonian, Schmidt-Cassegrain, refractor."""

    @model_validator(mode="after")
    def _light_is_gathered(self) -> Self:
        ratio = self.focal_length / self.aperture
        if not FASTEST <= ratio <= SLOWEST:
            raise unfit(
                "out-of-range",
                found=f"a focal length of {self.focal_length:g} mm for an aperture of {self.aperture:g} mm",
                expected=f"{FASTEST:g} to {SLOWEST:g} times the aperture",
                mend="exchange the two" if FASTEST <= 1 / ratio <= SLOWEST else "correct one of the two",
                at=("focal_length",),
            )
        return self
