"""How much a goal's frames are to prove, in the place of time or frames: a signal to noise, and of what."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.model import Model, Number
from obsy.units import Quantity


class Shown(Model):
    """What of the sky is measured against the noise, where it is not the star at the target's place."""

    magnitude: Annotated[float, Quantity("a magnitude", {"mag": 1.0}, "13 mag", -30.0, 40.0)] | None = None
    """A star so bright, wherever it stands in the field."""
    surface: (
        Annotated[float, Quantity("a surface brightness", {"mag/arcsec2": 1.0}, "22 mag/arcsec2", 0.0, 40.0)] | None
    ) = None
    """Light that is spread out, as of a nebula: each square arcsecond of it so bright."""

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        said = [key for key in ("magnitude", "surface") if getattr(self, key) is not None]
        if not said:
            mend = "write 'magnitude: 13 mag', or 'surface: 22 mag/arcsec2'"
            raise unfit("missing-key", found="nothing that is measured", expected="a brightness", mend=mend)
        if len(said) > 1:
            raise unfit("never-both", at=(said[1],), expected="one of magnitude or surface", mend=f"remove '{said[1]}'")
        return self

    @property
    def words(self) -> str:
        """'13 mag', '22 mag/arcsec2'."""
        return f"{self.surface:g} mag/arcsec2" if self.magnitude is None else f"{self.magnitude:g} mag"


class Proof(Model):
    """A measure of what is in hand, in the place of time or frames."""

    snr: Annotated[Number, Field(gt=0, le=100_000)]
    """Signal to noise of the target in all accepted frames together."""
    of: Shown | None = None
    """Of what, where it is not the star at the target's place."""

    @property
    def words(self) -> str:
        """'S/N 100', 'S/N 20 at 22 mag/arcsec2'."""
        return f"S/N {self.snr:g}{f' at {self.of.words}' if self.of else ''}"
