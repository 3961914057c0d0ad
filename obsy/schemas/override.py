"""What counts otherwise for a time: a broken sensor, or another limit."""

from typing import Literal, Self

from pydantic import model_validator

from obsy.diagnostics import unfit
from obsy.moments import Moment
from obsy.schemas.model import Document, Text
from obsy.schemas.policy import Limits


class Override(Document):
    """Somebody answers for it that, until then, an input is not heard or another limit counts."""

    kind: Literal["override"]
    site: Text | None = None
    """Where its limits count; unsaid, at the only site. What is ignored stands at a site already."""
    owner: Text
    """Who answers for it."""
    reason: Text
    """Why; whoever reads the report wants to know."""
    since: Moment
    """When it begins."""
    until: Moment
    """When it ends by itself; the policy's `longest_override` says how long it may last."""
    ignore: Text | None = None
    """The weather input that is not heard; what no other measures does not count meanwhile. Rain always counts."""
    limits: Limits | None = None
    """What counts instead of the policy's limits of the same quantities; never of rain."""

    @property
    def what(self) -> str:
        """Return what counts otherwise, in words."""
        if self.ignore is not None:
            return f"'{self.ignore}' is not heard"
        said = (self.limits or Limits()).said()
        bounds = [f"{name} {' '.join(phrase_part(part) for part in limit.items())}" for name, limit in said.items()]
        return f"the limits are {', '.join(bounds)}"

    @model_validator(mode="after")
    def _is_one_thing_for_a_time(self) -> Self:
        if (self.ignore is None) == (self.limits is None or not self.limits.said()):
            cure = "add 'ignore: cloud-sensor', or 'limits: {wind: above 50 km/h}'"
            raise unfit("says-nothing", found="no one thing", expected="either 'ignore' or 'limits'", mend=cure)
        if self.ignore is not None and self.site is not None:
            mend = "remove it: it counts where the input stands"
            raise unfit("no-effect", expected="a site only beside 'limits'", mend=mend, at=("site",))
        if self.limits is not None and self.limits.rain is not None:
            expected = "a limit of anything but rain: a roof is there to keep it off"
            raise unfit("never-overridden", expected=expected, mend="remove it", at=("limits", "rain"))
        if self.until <= self.since:
            raise unfit("out-of-range", expected="an end after the beginning", mend="write it later", at=("until",))
        return self


def phrase_part(part: tuple[str, str]) -> str:
    """Return one part of a phrase as one says it: 'above 50 km/h', 'hold for 60 s'."""
    return f"{part[0].replace('_', ' ')} {part[1]}"
