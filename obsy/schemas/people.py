"""Who observes, and whose share of the time it is."""

from typing import Annotated, Literal

from pydantic import Field

from obsy.diagnostics import unfit
from obsy.schemas.model import Document, Text
from obsy.units import Before, Percent, Quantity


def _listed(value: object) -> object:
    if isinstance(value, str) and value.strip():
        raise unfit("not-a-list", expected="a list of groups", mend=f"write '[{value.strip()}]'")
    return value


class Person(Document):
    """Somebody for whom plans are observed, and who is credited."""

    kind: Literal["person"]
    called: Text
    """The name in reports."""
    codes: dict[Text, Text] = {}
    """What societies know the person by, such as `{aavso: PANA}`: reports are signed by it."""
    contact: Text | None = None
    """How to write to the person."""
    groups: Annotated[tuple[Text, ...], Before(_listed)] = ()
    """The groups whose shares of the time the person's plans are taken from."""


class Share(Document):
    """How much of the time that is observed a group is to have; what it lacks of it makes its plans worth more."""

    kind: Literal["share"]
    group: Text
    """Whose."""
    time: Annotated[Percent, Field(gt=0)]
    """Of the accepted exposure of all plans."""
    over: Annotated[float, Quantity("a time span", {"d": 1.0, "h": 1 / 24}, "30 d", 1.0, 366.0)] = 30.0
    """The days that count, up to now."""
