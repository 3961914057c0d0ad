"""Goals that several plans share."""

from typing import Annotated, Any, Literal

from pydantic import Field

from obsy.schemas.goal import Goal
from obsy.schemas.model import Document, Text


class Exposures(Document):
    """A set of goals by name; a plan that says `want: lrgb` wants what stands in it."""

    kind: Literal["exposures"]
    defaults: dict[Text, Any] = {}
    """Its variables, written `$name` in it, with what they are where a plan says nothing else."""
    want: Annotated[tuple[Goal, ...], Field(min_length=1)]
    """The goals."""
