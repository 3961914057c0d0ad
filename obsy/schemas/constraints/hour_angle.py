"""The target stands so far before or past the meridian."""

from typing import Annotated, ClassVar

from obsy.schemas.constraints.constraint import Bounds, Numbers, Range, TargetSeen
from obsy.units import Quantity

HourAngleHours = Annotated[float, Quantity("an hour angle", {"h": 1.0, "min": 1 / 60}, "-2 h", -12.0, 12.0)]


class HourAngle(Range):
    """How far before or past the meridian the target stands."""

    example: ClassVar = "above -2 h and below 1 h"
    rests_on: ClassVar = "place"
    above: HourAngleHours | None = None
    """How early it may be taken: -3 h is three hours before its highest point."""
    below: HourAngleHours | None = None
    """How late it may be taken."""

    def margin(self, seen: TargetSeen) -> Numbers:
        """How far the hour angle lies inside the nearer limit, hours."""
        return self.room(seen.hour_angle_h)

    def unit(self, _seen: TargetSeen, _at: int) -> str:
        """The unit of its margin."""
        return "h"

    def reason(self) -> str:
        """Why it refuses, in words that follow 'because'."""
        ends = zip(("above", "below"), self.ends(), strict=True)
        return f"its hour angle is not {' and '.join(f'{word} {end:g} h' for word, end in ends if end is not None)}"

    def edge(self, seen: TargetSeen, inside: int, outside: int) -> str:
        """What happens there, in words that follow 'when'."""
        closes, here = outside > inside, seen.hour_angle_h[outside]
        passed = self.below if self.below is not None and here > self.below else self.above
        if (passed == self.below) != closes:  # a limit on the far side of 12 h, where the hours begin anew
            return "it passes the lower meridian"
        return f"its hour angle {'passes' if closes else 'reaches'} {passed:g} h"

    def bounds(self) -> Bounds:
        """Where it lets a target stand."""
        first, last = self.ends()
        return Bounds(hours=(-12.0 if first is None else first, 12.0 if last is None else last))
