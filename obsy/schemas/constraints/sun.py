"""It is dark enough."""

from typing import ClassVar

from obsy.schemas.constraints.constraint import Constraint, Numbers, TargetSeen
from obsy.units import SunAltitude


class Sun(Constraint):
    """How dark it is; where a plan does not say, the Sun is below -18 deg."""

    rests_on: ClassVar = "time"
    below: SunAltitude
    """The highest altitude of the Sun; never above the horizon."""

    def margin(self, seen: TargetSeen) -> Numbers:
        """How far below the limit the Sun stands, degrees."""
        return self.below - seen.sun_altitude_deg

    def unit(self, _seen: TargetSeen, _at: int) -> str:
        """The unit of its margin."""
        return "deg"

    def reason(self) -> str:
        """Why it refuses, in words that follow 'because'."""
        return f"the Sun is not below {self.below:g} deg"

    def edge(self, _seen: TargetSeen, inside: int, outside: int) -> str:
        """What happens there, in words that follow 'when'."""
        return f"the Sun {'rises above' if outside > inside else 'sinks below'} {self.below:g} deg"


DARK = Sun.model_construct(below=-18.0)
"""Where a plan does not say."""
