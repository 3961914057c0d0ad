"""At which brightness of a plan's target people are told, while the night goes on."""

from typing import Annotated, Self

from pydantic import model_validator

from obsy.diagnostics import unfit
from obsy.schemas.phrase import Phrase
from obsy.units import Quantity

Magnitude = Annotated[float, Quantity("a magnitude", {"mag": 1.0}, "13 mag", -30.0, 40.0)]


class MagnitudeAlert(Phrase):
    """What of a target's magnitude is an event of the night."""

    brighter_than: Magnitude | None = None
    """It is measured to be brighter than this, by three errors in two frames in a row;"""
    fainter_than: Magnitude | None = None
    """or so much fainter, or not seen where that would have been."""

    @model_validator(mode="after")
    def _is_not_always(self) -> Self:
        bright, faint = self.brighter_than, self.fainter_than
        if bright is not None and faint is not None and bright >= faint:
            found = f"brighter than {bright:g} and fainter than {faint:g} mag, which each star is"
            mend = "exchange the two limits"
            raise unfit("never-both", found=found, expected="what is not always so", mend=mend)
        return self
