"""A service outside that notices when obsy falls silent."""

from typing import Annotated, Literal

from obsy.schemas.model import Document, Text
from obsy.schemas.recipient import Address
from obsy.units import DURATION, Quantity


class Heartbeat(Document):
    """An address that is asked for again and again while a night is awake; its service tells people if that ends."""

    kind: Literal["heartbeat"]
    site: Text | None = None
    """The one site whose nights it stands for; unsaid, those of every site."""
    address: Address
    """A page of http or https, always as `!secret name`."""
    every: Annotated[float, Quantity("a time span", DURATION, "5 min", 30.0, 3600.0)] = 300.0
    """How often it is asked for."""
