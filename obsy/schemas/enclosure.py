"""The roof or dome over the instrument."""

from typing import Annotated, Literal, Self

from pydantic import model_validator

from obsy.diagnostics import unfit
from obsy.schemas.device import Device
from obsy.schemas.model import Document, Text
from obsy.units import DURATION, Quantity

Travel = Annotated[float, Quantity("a roof's way", DURATION, "45 s", 1.0, 600.0)]
Timeout = Annotated[float, Quantity("a roof's time limit", DURATION, "90 s", 1.0, 1200.0)]
"""Beyond these nobody would be called in time to a roof that is stuck."""


class Enclosure(Document):
    """What keeps the rain off, with end switches that prove where it is."""

    kind: Literal["enclosure"]
    site: Text | None = None
    """The site it stands on; unsaid, the only one."""
    type: Literal["roll-off", "dome", "clamshell"]
    """How it opens."""
    travel: Travel
    """How long it takes from one end to the other."""
    timeout: Timeout
    """After this long without an end switch it has failed."""
    clearance: Literal["parked", "free"] = "parked"
    """`parked`: it may move only over a mount that is seen parked; `free`: it clears the mount anywhere."""
    proof: Literal["motion", "switches"] = "motion"
    """Where a roll-off's INDI driver has no shutter and only parks: `motion`, its word counts once it was seen to move
    since the driver began; `switches`, it counts at once, for the driver reads end switches."""
    night: Text | None = None
    """The state table that runs it; unsaid, the only one."""
    device: Device | None = None
    """The driver that moves it."""

    @model_validator(mode="after")
    def _is_proven_over_indi(self) -> Self:
        if "proof" in self.model_fields_set and self.device is not None and self.device.alpaca is not None:
            found, expected = "'proof' says nothing of an Alpaca device", "a device of INDI"
            raise unfit("no-effect", found=found, expected=expected, mend="remove 'proof'", at=("proof",))
        return self
