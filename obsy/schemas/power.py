"""Outlets of a power box: read and checked, and of no effect yet."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from obsy.schemas.device import Device
from obsy.schemas.model import Document, Text
from obsy.units import MaxAge, Seconds


class Power(Document):
    """Outlets by what hangs on them."""

    is_reserved: ClassVar[bool] = True
    kind: Literal["power"]
    site: Text | None = None
    """Where it stands; unsaid, the only one."""
    outlets: Annotated[dict[int, Text], Field(min_length=1)]
    """The device on each outlet, counted as on the box."""
    every: Seconds
    """How often it is asked."""
    max_age: MaxAge
    """How long its word may be believed."""
    device: Device | None = None
    """The driver that switches it."""
