"""The target is seen through little enough air, or through enough of it."""

from math import asin, ceil, degrees, inf, radians, sin
from typing import Annotated, ClassVar

from pydantic import Field

from obsy.schemas.constraints.constraint import Bounds, Numbers, Range, TargetSeen, functions
from obsy.schemas.model import Number


class Airmass(Range):
    """Through how much air the target is seen."""

    example: ClassVar = "above 1.2 and below 2"
    rests_on: ClassVar = "place"
    below: Annotated[Number, Field(gt=1)] | None = None
    """The most air that will do; 1 is the zenith, 2 is 30 deg above the horizon."""
    above: Annotated[Number, Field(gt=1)] | None = None
    """The least air that will do, as for measuring extinction."""

    def margin(self, seen: TargetSeen) -> Numbers:
        """How far the air mass lies inside the nearer limit; -inf where there is none."""
        air = seen.airmass
        numbers = functions(air)
        return numbers.where(numbers.isfinite(air), self.room(air), -inf)

    def reason(self) -> str:
        """Why it refuses, in words that follow 'because'."""
        if self.above is None:
            return f"its air mass does not fall below {self.below:g}"
        if self.below is None:
            return f"its air mass does not rise above {self.above:g}"
        return f"its air mass is not between {self.above:g} and {self.below:g}"

    def edge(self, seen: TargetSeen, inside: int, outside: int) -> str:
        """What happens there, in words that follow 'when'."""
        closes = outside > inside
        if self.above is not None and seen.airmass[outside] < self.above:
            return f"its air mass {'falls below' if closes else 'grows to'} {self.above:g}"
        # Neither limit is passed where what is asked for is air, and it goes below the horizon.
        limit = "all that there is" if self.below is None else f"{self.below:g}"
        return f"its air mass {'grows beyond' if closes else 'falls to'} {limit}"

    def bounds(self) -> Bounds:
        """Where it lets a target stand."""
        lowest = -90.0 if self.below is None else altitude_at_airmass(self.below)
        return Bounds(lowest, 90.0 if self.above is None else altitude_at_airmass(self.above))

    def lower(self, altitude_deg: float) -> str:
        """The same for a target that rises no higher than this."""
        return f"below {ceil(10 / sin(radians(max(altitude_deg, 1)))) / 10:g}"


def altitude_at_airmass(airmass: float) -> float:
    """The altitude at which so much air is looked through, degrees. Source: sec z; never too high."""
    return degrees(asin(1.0 / max(airmass, 1.0)))
