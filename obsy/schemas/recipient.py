"""Who is told of the night, of what, and when."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, WithJsonSchema, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.model import Document, Text
from obsy.units import DURATION, Before, Quantity

Hears = Literal["alarm", "trouble", "notice", "summary"]
After = Annotated[float, Quantity("a time span", DURATION, "10 min", 0.0, 3 * 3600.0)]
Again = Annotated[float, Quantity("a time span", DURATION, "15 min", 60.0, 3 * 3600.0)]
Pause = Annotated[float, Quantity("a time span", DURATION, "10 min", 60.0, 12 * 3600.0)]


def _address(value: object) -> Any:
    if not isinstance(value, str) or not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://\S", value):
        mend = "keep one such as 'ntfys://topic' or 'mailtos://user:password@host' in secrets.yaml"
        raise unfit("not-an-address", expected="an address of a service, as the library Apprise writes it", mend=mend)
    return value


Address = Annotated[SecretStr, Before(_address), WithJsonSchema({"type": "string"})]


class Recipient(Document):
    """A person, a group or a program that is told of the night by a message."""

    kind: Literal["recipient"]
    site: Text | None = None
    """The one site whose nights it hears of; unsaid, those of every site."""
    address: Address
    """Where the messages go, always as `!secret name`: whoever knows it can read or write there."""
    hears: tuple[Hears, ...] = Field(default=("alarm", "summary"), min_length=1)
    """`alarm` needs hands at once, `trouble` in the morning, `notice` none; `summary` is the report or why it lacks."""
    after: After = 0.0
    """It hears of an alarm only once nobody has acknowledged it for so long."""
    again: Again = 900.0
    """An alarm that nobody acknowledges is repeated this often."""
    pause: Pause = 600.0
    """What is no alarm comes at most this often, as one message, and the same words not twice within it.
    The same trouble comes again only after twice as long each time."""

    @model_validator(mode="after")
    def _hears_each_once(self) -> Self:
        for number, each in enumerate(self.hears):
            if each in self.hears[:number]:
                at = ("hears", number)
                words = {"found": f"'{each}' for the second time", "expected": f"'{each}' once"}
                raise unfit("said-twice", **words, mend=f"remove the second '{each}'", at=at)
        return self

    @model_validator(mode="after")
    def _alarms_alone_are_repeated(self) -> Self:
        said = [key for key in ("after", "again") if key in self.model_fields_set]
        for key in said if "alarm" not in self.hears else ():
            found = f"'{key}' says nothing of {', '.join(self.hears)}"
            raise unfit("no-effect", found=found, expected="it beside 'alarm'", mend=f"remove '{key}'", at=(key,))
        return self
