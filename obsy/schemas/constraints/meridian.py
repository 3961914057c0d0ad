"""The target stands near its highest point."""

from typing import ClassVar

from obsy.schemas.constraints.constraint import Bounds, Constraint, Numbers, TargetSeen
from obsy.units import Hours


class Meridian(Constraint):
    """How near the target is to its highest point."""

    rests_on: ClassVar = "place"
    within: Hours
    """How long before and after its transit of the meridian."""

    def margin(self, seen: TargetSeen) -> Numbers:
        """How much nearer to the upper meridian than the limit it stands, on either side, hours."""
        return self.within - abs(seen.hour_angle_h)

    def unit(self, _seen: TargetSeen, _at: int) -> str:
        """The unit of its margin."""
        return "h"

    def reason(self) -> str:
        """Why it refuses, in words that follow 'because'."""
        return f"it is not within {self.within:g} h of the meridian"

    def edge(self, _seen: TargetSeen, inside: int, outside: int) -> str:
        """What happens there, in words that follow 'when'."""
        return f"it is {self.within:g} h {'past' if outside > inside else 'before'} the meridian"

    def bounds(self) -> Bounds:
        """Where it lets a target stand."""
        return Bounds(hours=(-self.within, self.within))
