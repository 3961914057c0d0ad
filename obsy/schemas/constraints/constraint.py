"""What a constraint of `when` says of itself; a new one is a file beside this, and a key of `When`."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal, NamedTuple, Protocol

from obsy.diagnostics import unfit
from obsy.schemas.phrase import Phrase

Numbers = Any
"""An array, a number an instant. No library of numbers is loaded to read a plan: an array brings its own along."""


def functions(of: Numbers) -> Any:
    """The functions of the library that an array is of (minimum, where, …), by the names of the array API standard."""
    return of.__array_namespace__()


class Instants(Protocol):
    """Evenly spaced times."""

    @property
    def start(self) -> datetime:
        """The first of them, UTC."""

    @property
    def count(self) -> int:
        """How many they are."""

    @property
    def seconds(self) -> Numbers:
        """Each, in seconds from the first."""


class TargetSeen(Protocol):
    """All that a constraint may ask about one target on one grid; altitudes are without refraction."""

    @property
    def grid(self) -> Instants:
        """The instants."""

    @property
    def longitude_deg(self) -> float:
        """Of the observer, east positive: a night lasts from noon to noon there."""

    @property
    def altitude_deg(self) -> Numbers:
        """Of the target."""

    @property
    def airmass(self) -> Numbers:
        """Through how much air it is seen; infinite below the horizon."""

    @property
    def azimuth_deg(self) -> Numbers:
        """From north through east."""

    @property
    def hour_angle_h(self) -> Numbers:
        """From -12 to 12, east negative."""

    @property
    def sun_altitude_deg(self) -> Numbers:
        """Of the Sun."""

    @property
    def moon_altitude_deg(self) -> Numbers:
        """Of the Moon."""

    @property
    def moon_separation_deg(self) -> Numbers:
        """Of the Moon from the target."""

    @property
    def moon_illuminated_percent(self) -> Numbers:
        """How much of its disc is lit."""

    @property
    def phases(self) -> Mapping[str, Numbers]:
        """By event of the target: from 0 to below 1."""


class Bounds(NamedTuple):
    """Where a target may stand, whatever the date; never narrower than it is."""

    lowest_deg: float = -90.0
    highest_deg: float = 90.0
    hours: tuple[float, float] = (-12.0, 12.0)
    """The least and the largest hour angle."""


class Constraint(Phrase):
    """One word of `when`: how far it is kept, and the words for it."""

    rests_on: ClassVar[Literal["place", "time", "both"]] = "both"
    """What its margin knows: where the target stands over the ground alone, the time alone, or more.

    Windows of whole seasons are worked out of the first two, and of the Moon.
    """

    @abstractmethod
    def margin(self, seen: TargetSeen) -> Numbers:
        """How far it is kept, in its own unit, negative where it is not; ±inf if only true or false; (times,)."""

    def unit(self, _seen: TargetSeen, _at: int) -> str:
        """The unit of its margin at an instant that is not kept; '' for a number without one."""
        return ""

    @abstractmethod
    def reason(self) -> str:
        """Why it refuses, in words that follow 'because'."""

    @abstractmethod
    def edge(self, seen: TargetSeen, inside: int, outside: int) -> str:
        """What happens between the instant at which it still holds and the next, in words that follow 'when'."""

    def bounds(self) -> Bounds:
        """Where it lets a target stand, so that one that never stands there is told by `obsy validate`."""
        return Bounds()

    def lower(self, _altitude_deg: float) -> str:
        """The same, loosened for a target that rises no higher than this; '' if that cannot be said."""
        return ""


class Range(Constraint):
    """A word with two limits, `above` and `below`, either of which may be left out."""

    example: ClassVar[str]
    """Of both."""

    @classmethod
    def _checked(cls, value: Any, handler: Any) -> Any:
        found = super()._checked(value, handler)
        if None not in (ends := found.ends()) and ends[0] >= ends[1]:
            raise unfit("never-both", expected="the lower limit below the upper one", mend=f"write '{cls.example}'")
        return found

    def ends(self) -> tuple[float | None, float | None]:
        """The lower and the upper limit."""
        said: Mapping[str, float | None] = self.__dict__
        return said["above"], said["below"]

    def room(self, value: Numbers) -> Numbers:
        """How far a value lies inside the nearer limit."""
        above, below = self.ends()
        more = float("inf") if above is None else value - above
        less = float("inf") if below is None else below - value
        return functions(value).minimum(more, less)
