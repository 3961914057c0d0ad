"""Who observes, and whose share of the time it is: read and checked, and of no effect yet."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from obsy.schemas.model import Document, Text
from obsy.units import Percent


class Person(Document):
    """Somebody for whom plans are observed, and who is credited."""

    is_reserved: ClassVar[bool] = True
    kind: Literal["person"]
    called: Text
    """The name in reports."""
    codes: dict[Text, Text] = {}
    """What societies know the person by, such as `{aavso: PANA}`."""
    contact: Text | None = None
    """How to write to the person."""
    groups: tuple[Text, ...] = ()
    """The groups whose shares of the time the person's plans are taken from."""


class Share(Document):
    """How much of the dark time of a site a group is to have."""

    is_reserved: ClassVar[bool] = True
    kind: Literal["share"]
    group: Text
    """Whose."""
    time: Annotated[Percent, Field(gt=0)]
    """Of the time that is observed, over a month."""
