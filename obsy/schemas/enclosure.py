"""The roof or dome over the instrument."""

from typing import Literal

from obsy.schemas.device import Device
from obsy.schemas.model import Document, Text
from obsy.units import Seconds


class Enclosure(Document):
    """What keeps the rain off, with end switches that prove where it is."""

    kind: Literal["enclosure"]
    site: Text | None = None
    """The site it stands on; unsaid, the only one."""
    type: Literal["roll-off", "dome", "clamshell"]
    """How it opens."""
    travel: Seconds
    """How long it takes from one end to the other."""
    timeout: Seconds
    """After this long without an end switch it has failed."""
    clearance: Literal["parked", "free"] = "parked"
    """`parked`: it may move only over a mount that is seen parked; `free`: it clears the mount anywhere."""
    night: Text | None = None
    """The state table that runs it; unsaid, the only one."""
    device: Device | None = None
    """The driver that moves it."""
