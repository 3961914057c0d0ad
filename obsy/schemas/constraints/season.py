"""It is the right part of the year."""

import re
from datetime import date, timedelta
from math import inf
from typing import Annotated, Any, ClassVar

from obsy.diagnostics import unfit
from obsy.schemas.constraints.constraint import Constraint, Numbers, TargetSeen, functions
from obsy.units import Before, told

_MONTH_AND_DAY = r"\s*(\d\d)-(\d\d)\s*"
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAY_S = 86_400.0


def _day_of_year(value: object) -> tuple[int, int]:
    match = re.fullmatch(_MONTH_AND_DAY, value, re.ASCII) if isinstance(value, str) else None
    month, day = (int(match[1]), int(match[2])) if match else (0, 0)
    if not (1 <= month <= len(_LONGEST) and 1 <= day <= _LONGEST[month - 1]):
        raise unfit("not-a-moment", expected="a month and a day", mend="write 'after 11-01 and before 03-15'")
    return month, day


DayOfYear = Annotated[tuple[int, int], Before(_day_of_year), told("a month and a day", "11-01", _MONTH_AND_DAY)]
"""Month and day."""


class Season(Constraint):
    """Which part of every year; it may go over New Year."""

    rests_on: ClassVar = "time"
    after: DayOfYear
    """The first night, as month and day of its evening: 11-01."""
    before: DayOfYear
    """The last night, included."""

    def holds(self, evening: date) -> bool:
        """Return whether the night of this date is in it."""
        day = (evening.month, evening.day)
        within = (self.after <= day, day <= self.before)
        return all(within) if self.after <= self.before else any(within)

    def said(self) -> dict[str, Any]:
        """Return what a person would write."""
        return {key: "{:02}-{:02}".format(*getattr(self, key)) for key in ("after", "before")}

    def margin(self, seen: TargetSeen) -> Numbers:
        """Inf where the night's date lies between the two, inclusive, over New Year if the first is later; else -inf.

        A night runs from noon to noon of the longitude, and is in its season from beginning to end.
        """
        evening = seen.grid.start + timedelta(hours=seen.longitude_deg / 15 - 12)
        since_s = (evening - evening.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds()
        numbers, seconds = functions(seen.grid.seconds), seen.grid.seconds
        night = numbers.floor((since_s + seconds) / _DAY_S).astype(int)
        nights = (evening.date() + timedelta(days=number) for number in range(int(night[-1]) + 1))
        return numbers.asarray([inf if self.holds(each) else -inf for each in nights])[night]

    def reason(self) -> str:
        """Why it refuses, in words that follow 'because'."""
        said = self.said()
        return f"it is not its season, from {said['after']} to {said['before']}"

    def edge(self, _seen: TargetSeen, inside: int, outside: int) -> str:
        """What happens there, in words that follow 'when'."""
        said = self.said()
        return f"its season ends with {said['before']}" if outside > inside else f"its season begins on {said['after']}"
