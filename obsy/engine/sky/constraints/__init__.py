"""The constraints a plan may declare, each with the module that knows it."""

from typing import Any, Protocol

from obsy.engine.sky.constraints import airmass, altitude, dates, meridian, moon, sun
from obsy.engine.sky.grid import Mask
from obsy.engine.sky.track import Track
from obsy.schemas import when

Constraint = when.Altitude | when.Airmass | when.Moon | when.Sun | when.Dates | when.Meridian


class ConstraintModule(Protocol):
    """What the module of a constraint offers."""

    def allows(self, constraint: Any, track: Track, /) -> Mask:
        """Where the constraint holds; (times,)."""

    def reason(self, constraint: Any, /) -> str:
        """Why it refuses, in words that follow 'because'."""


KINDS: dict[type[Constraint], ConstraintModule] = {
    when.Altitude: altitude,
    when.Airmass: airmass,
    when.Moon: moon,
    when.Sun: sun,
    when.Dates: dates,
    when.Meridian: meridian,
}
