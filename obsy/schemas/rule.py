"""What happens in the sky asks for a plan: read and checked, and of no effect yet."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.model import Document, Model, Text, Whole
from obsy.schemas.phrase import Phrase
from obsy.units import Hours, Quantity

Magnitude = Annotated[float, Quantity("a magnitude", {"mag": 1.0}, "13 mag", -30.0, 40.0)]


class Trigger(Model):
    """What must happen."""

    alert: Text | None = None
    """A notice of this broker and topic comes in."""
    of: Text | None = None
    """The object whose brightness is watched,"""
    brighter_than: Magnitude | None = None
    """and which is measured to be so bright,"""
    fainter_than: Magnitude | None = None
    """or so faint."""

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        watched = self.of is not None and (self.brighter_than is not None) != (self.fainter_than is not None)
        if watched == (self.alert is not None):
            expected = "an alert, or an object with a magnitude"
            mend = "write '{alert: gcn/swift}' or '{of: SS Cyg, brighter_than: 11 mag}'"
            raise unfit("how-much", found="a trigger of nothing, or of several", expected=expected, mend=mend)
        return self


class Preempts(Phrase):
    """Which plans give way to it while they run."""

    below: Annotated[Whole, Field(ge=1, le=11)]
    """Those with a priority below this."""


class Rule(Document):
    """A plan that is asked for when something happens."""

    is_reserved: ClassVar[bool] = True
    kind: Literal["rule"]
    trigger: Trigger
    """What happens."""
    plan: Text
    """The plan that is then asked for; until then it takes nothing."""
    lasts: Hours
    """For how long."""
    preempts: Preempts | None = None
    """Which plans give way to it while they run; none if left out."""
    mode: Literal["rehearsal", "live"] = "rehearsal"
    """A rule is rehearsed until it is said to be live."""
