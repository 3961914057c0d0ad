"""The target stands high enough, or not too high."""

from typing import ClassVar

from obsy.schemas.constraints.constraint import Bounds, Numbers, Range, TargetSeen
from obsy.units import AltitudeDegrees


class Altitude(Range):
    """How high the target stands."""

    example: ClassVar = "above 30 deg and below 80 deg"
    rests_on: ClassVar = "place"
    above: AltitudeDegrees | None = None
    """The lowest altitude that will do, inclusive."""
    below: AltitudeDegrees | None = None
    """The highest altitude that will do, inclusive."""

    def margin(self, seen: TargetSeen) -> Numbers:
        """How far the true altitude lies inside the nearer limit, degrees."""
        return self.room(seen.altitude_deg)

    def unit(self, _seen: TargetSeen, _at: int) -> str:
        """The unit of its margin."""
        return "deg"

    def reason(self) -> str:
        """Why it refuses, in words that follow 'because'."""
        if self.below is None:
            return f"it does not stand above {self.above:g} deg"
        if self.above is None:
            return f"it does not stand below {self.below:g} deg"
        return f"it does not stand between {self.above:g} and {self.below:g} deg"

    def edge(self, seen: TargetSeen, inside: int, outside: int) -> str:
        """What happens there, in words that follow 'when'."""
        closes = outside > inside
        if self.below is not None and seen.altitude_deg[outside] > self.below:
            return f"it climbs above {self.below:g} deg" if closes else f"it sinks below {self.below:g} deg"
        return f"it sets below {self.above:g} deg" if closes else f"it rises above {self.above:g} deg"

    def bounds(self) -> Bounds:
        """Where it lets a target stand."""
        return Bounds(-90.0 if self.above is None else self.above, 90.0 if self.below is None else self.below)

    def lower(self, altitude_deg: float) -> str:
        """The same for a target that rises no higher than this."""
        return f"above {altitude_deg:g} deg"
