"""The night falls between two nights or moments."""

from datetime import date, datetime, timedelta
from math import inf
from typing import ClassVar, Self

from pydantic import model_validator

from obsy.diagnostics import unfit
from obsy.moments import NightOrMoment, noon
from obsy.schemas.constraints.constraint import Constraint, Numbers, TargetSeen, functions

_DAY_S = 86_400.0
_LAST = date.max - timedelta(days=2)
"""A day that comes later never comes; a calendar has no noon of the day after its last."""


class Dates(Constraint):
    """Between which nights or moments."""

    rests_on: ClassVar = "time"
    after: NightOrMoment | None = None
    """Not before this; a day alone is the night that begins on its evening."""
    before: NightOrMoment | None = None
    """Not after this; of a day alone, its night is the last."""

    def span(self, longitude_deg: float = 0.0) -> tuple[datetime | None, datetime | None]:
        """Return the first and the last moment; a night lasts from noon to noon of the longitude."""
        first, last = self.after, self.before
        if first is not None and not isinstance(first, datetime):
            first = noon(min(first, _LAST), longitude_deg)
        if last is not None and not isinstance(last, datetime):
            last = noon(min(last, _LAST) + timedelta(days=1), longitude_deg)
        return first, last

    @model_validator(mode="after")
    def _some_time_is_left(self) -> Self:
        first, last = self.span()
        if first is not None and last is not None and first >= last:
            raise unfit("never-both", expected="'after' earlier than 'before'", mend="exchange the two moments")
        return self

    def margin(self, seen: TargetSeen) -> Numbers:
        """How far the time is from the nearer moment, days; positive between the two."""
        (after, before), start, seconds = self.span(seen.longitude_deg), seen.grid.start, seen.grid.seconds
        first = -inf if after is None else (after - start).total_seconds()
        last = inf if before is None else (before - start).total_seconds()
        return functions(seconds).minimum(seconds - first, last - seconds) / _DAY_S

    def unit(self, _seen: TargetSeen, _at: int) -> str:
        """The unit of its margin."""
        return "d"

    def aloud(self) -> str:
        """Return it as people say it."""
        spoken = [
            f"{word} {moment:%Y-%m-%d %H:%M} UTC" if isinstance(moment, datetime) else f"{word} {moment}"
            for word, moment in (("after", self.after), ("before", self.before))
            if moment is not None
        ]
        return " and ".join(spoken)

    def reason(self) -> str:
        """Why it refuses, in words that follow 'because'."""
        return f"it is not {self.aloud()}"

    def edge(self, _seen: TargetSeen, inside: int, outside: int) -> str:
        """What happens there, in words that follow 'when'."""
        return "its dates end" if outside > inside else "its dates begin"
