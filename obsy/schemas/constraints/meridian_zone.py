"""The target stands outside of where the mount must not track, before and past the meridian."""

from typing import ClassVar, Self

from pydantic import model_validator

from obsy.diagnostics import unfit
from obsy.schemas.constraints.constraint import Numbers, Range, TargetSeen, functions
from obsy.schemas.constraints.hour_angle import HourAngleHours

_TURN_H = 24.0


class MeridianZone(Range):
    """Between which hour angles a mount must not track."""

    example: ClassVar = "above -10 min and below 5 min"
    rests_on: ClassVar = "place"
    above: HourAngleHours
    """Where it begins: -10 min is ten minutes before the meridian."""
    below: HourAngleHours
    """Where it ends."""

    @model_validator(mode="after")
    def _some_of_a_turn_is_left(self) -> Self:
        if self.below - self.above >= _TURN_H:
            expected = "a zone that leaves some of the turn to track in"
            raise unfit("out-of-range", expected=expected, mend=f"write for example '{self.example}'")
        return self

    def margin(self, seen: TargetSeen) -> Numbers:
        """How far the hour angle is from the zone, hours."""
        before, past = self.above - seen.hour_angle_h, seen.hour_angle_h - self.below
        return functions(seen.hour_angle_h).maximum(before, past)

    def unit(self, _seen: TargetSeen, _at: int) -> str:
        """The unit of its margin."""
        return "h"

    def reason(self) -> str:
        """Why it refuses, in words that follow 'because'."""
        first, last = (f"{60 * end:g} min" for end in (self.above, self.below))
        return f"it is within the mount's meridian zone, above {first} and below {last}"

    def edge(self, _seen: TargetSeen, inside: int, outside: int) -> str:
        """What happens there, in words that follow 'when'."""
        return f"it {'enters' if outside > inside else 'leaves'} the mount's meridian zone"
