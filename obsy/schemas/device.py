"""Which driver a declared thing is reached through."""

from typing import Self

from pydantic import model_validator

from obsy.diagnostics import unfit
from obsy.schemas.model import Model, Text


class Device(Model):
    """Exactly one way to the hardware; a simulated night needs none."""

    indi: Text | None = None
    """The device's name on the INDI server."""
    alpaca: Text | None = None
    """The device's address, such as `camera/0`."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.indi is None) == (self.alpaca is None):
            found = "neither indi nor alpaca" if self.indi is None else "both indi and alpaca"
            raise unfit(
                "one-driver",
                found=found,
                expected="either indi or alpaca",
                mend="write 'device: {indi: CCD Simulator}'",
            )
        return self
