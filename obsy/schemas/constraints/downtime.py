"""Site and mount are at work: no night or moment in which they are declared to be down."""

import re
from typing import Any, ClassVar

from obsy.diagnostics import unfit
from obsy.schemas.constraints.constraint import Numbers, TargetSeen
from obsy.schemas.constraints.dates import Dates

_DAY = r"(\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?(?: ?(?:UTC|Z))?)?)"
_TO = r"\s*(?:to|until|till|through|and|\.\.+|[-/\u2013\u2014\u2026])\s*"
_SPAN = rf"\s*(?:on |from )?{_DAY}(?:{_TO}{_DAY})?\s*"
_BEGINS, _ENDS = ("from", "start", "begin", "since", "after"), ("to", "until", "till", "end", "before")


class Downtime(Dates):
    """Nights or moments in which nothing is taken, both ends among them."""

    rests_on: ClassVar = "time"

    @classmethod
    def _checked(cls, value: Any, handler: Any) -> Any:
        if (span := _meant(value)) is not None:
            first, last = span
            one = " for this night alone" if first == last else ""
            expected, mend = "a beginning and an end", f"write 'after {first} and before {last}'{one}"
            raise unfit("not-understood", expected=expected, mend=mend)
        return super()._checked(value, handler)

    def margin(self, seen: TargetSeen) -> Numbers:
        """How far the time is from the nearer end, days; negative between the two."""
        return -super().margin(seen)

    def reason(self) -> str:
        """Why it refuses, in words that follow 'because'."""
        return f"there is downtime {self.aloud()}"

    def edge(self, _seen: TargetSeen, inside: int, outside: int) -> str:
        """What happens there, in words that follow 'when'."""
        return f"downtime {self.aloud()} {'begins' if outside > inside else 'ends'}"


def _meant(value: object) -> tuple[str, str] | None:
    """Return the first and the last night, or moment, that people mean by days alone or by other keys; None if not."""
    if isinstance(value, str):
        said = re.fullmatch(_SPAN, value, re.ASCII)
        return None if said is None else (said[1], said[2] or said[1])
    if not isinstance(value, dict) or {*value} <= {"after", "before"}:
        return None
    pairs = ((begin, end) for begin in _BEGINS for end in _ENDS if {begin, end} == {*value})
    return next(((str(value[begin]), str(value[end])) for begin, end in pairs), None)
