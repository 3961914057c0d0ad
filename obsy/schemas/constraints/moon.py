"""The Moon does not spoil the target; it never does while it is below the horizon."""

from math import inf, pi
from typing import Annotated, Self

from pydantic import Field, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.constraints.constraint import Constraint, Numbers, TargetSeen, functions
from obsy.units import AltitudeDegrees, Before, Days, Percent, Separation

FULL_MOON_D = 29.530589 / 2
"""From new to full Moon. Source: mean synodic month, Meeus, Astronomical Algorithms, ch. 49."""


def _no_share(value: object) -> object:
    if isinstance(value, str) and value.strip().endswith("%"):
        expected = "how high the Moon may stand, such as '10 deg'; its lit share is 'fainter than'"
        found = f"'below {value}'"
        raise unfit("unknown-unit", found=found, expected=expected, mend=f"write 'fainter than {value}'")
    return value


class Moon(Constraint):
    """What the Moon may do; nothing is wrong with it while it is below the horizon."""

    farther_than: Separation | None = None
    """Its least distance from the target."""
    fainter_than: Percent | None = None
    """The largest share of its disc that may be lit."""
    below: Annotated[AltitudeDegrees | None, Before(_no_share)] = None
    """The highest altitude of the Moon itself."""
    width: Annotated[Days, Field(gt=0)] | None = None
    """So long before and after full Moon half of the distance is enough; at full Moon all of it is needed."""
    relaxed_below: Annotated[AltitudeDegrees, Field(gt=0)] | None = None
    """Below this altitude of the Moon the distance shrinks with it, to nothing at the horizon."""

    @model_validator(mode="after")
    def _there_is_a_distance(self) -> Self:
        if self.farther_than is None and (self.width is not None or self.relaxed_below is not None):
            found = "a 'width' without a distance" if self.width is not None else "'relaxed below' without a distance"
            mend = "add 'farther than 120 deg', the distance at full Moon"
            raise unfit("says-nothing", found=found, expected="the distance that it changes", mend=mend)
        return self

    def needed_deg(self, seen: TargetSeen) -> Numbers:
        """The distance from the Moon that is enough at each instant; (times,).

        Source of the Lorentzian: the Berkeley Automated Imaging Telescope team, as ACP tells it: distance / (1 + (age
        from full Moon / width)^2). The age is the elongation that the lit share stands for, turned into days at a
        steady pace.
        """
        numbers = functions(seen.moon_altitude_deg)
        needed = numbers.full_like(seen.moon_altitude_deg, self.farther_than or 0.0)
        if self.width is not None:
            lit = numbers.clip(seen.moon_illuminated_percent / 100, 0.0, 1.0)
            from_full_d = FULL_MOON_D * numbers.acos(2 * lit - 1) / pi
            needed /= 1 + (from_full_d / self.width) ** 2
        if self.relaxed_below is not None:
            needed *= numbers.clip(seen.moon_altitude_deg / self.relaxed_below, 0.0, 1.0)
        return needed

    def margin(self, seen: TargetSeen) -> Numbers:
        """How far it keeps the limit that it keeps least, degrees, or percent of its disc; more while it is down."""
        numbers = functions(seen.moon_altitude_deg)
        kept = numbers.full_like(seen.moon_altitude_deg, inf)
        for each in self._margins(seen).values():
            kept = numbers.minimum(kept, each)
        down_deg = self.harmless_deg - seen.moon_altitude_deg
        return numbers.where(down_deg > 0, numbers.maximum(kept, down_deg), kept)

    def enough_deg(self, seen: TargetSeen) -> Numbers:
        """The distance from which on the limits are kept: -inf while the Moon is down, inf where none is enough."""
        numbers = functions(seen.moon_altitude_deg)
        others = self.model_copy(update={"farther_than": None, "width": None, "relaxed_below": None})
        far = numbers.where(others.margin(seen) >= 0, self.needed_deg(seen), inf)
        return numbers.where(seen.moon_altitude_deg < self.harmless_deg, -inf, far)

    @property
    def harmless_deg(self) -> float:
        """Below this altitude the Moon spoils nothing; one asked to be well down is not well just below the horizon."""
        return min(0.0, self.below or 0.0)

    def _margins(self, seen: TargetSeen) -> dict[str, Numbers]:
        """By limit that is set: how far it is kept; (times,)."""
        found = {}
        if self.farther_than is not None:
            found["farther_than"] = seen.moon_separation_deg - self.needed_deg(seen)
        if self.fainter_than is not None:
            found["fainter_than"] = self.fainter_than - seen.moon_illuminated_percent
        if self.below is not None:
            found["below"] = self.below - seen.moon_altitude_deg
        return found

    def unit(self, seen: TargetSeen, at: int) -> str:
        """The unit of its margin at an instant: of the limit that is kept least."""
        kept = {part: float(each[at]) for part, each in self._margins(seen).items()}
        return "%" if min(kept, key=kept.__getitem__, default="") == "fainter_than" else "deg"

    def reason(self) -> str:
        """Why it refuses, in words that follow 'because'."""
        wanted = [
            said.format(limit)
            for said, limit in (
                ("farther than {:g} deg", self.farther_than),
                ("width {:g} d", self.width),
                ("relaxed below {:g} deg", self.relaxed_below),
                ("fainter than {:g} %", self.fainter_than),
                ("below {:g} deg", self.below),
            )
            if limit is not None
        ]
        return f"the Moon is not {' and '.join(wanted)}"

    def edge(self, seen: TargetSeen, inside: int, outside: int) -> str:
        """What happens there, in words that follow 'when'."""
        closes = outside > inside
        if seen.moon_altitude_deg[inside] < self.harmless_deg <= seen.moon_altitude_deg[outside]:
            return "the Moon rises" if closes else "the Moon sets"
        margins = self._margins(seen)
        match min(margins, key=lambda name: float(margins[name][outside])):
            case "farther_than":
                needed = f"{self.needed_deg(seen)[inside]:.3g} deg"
                return f"the Moon comes within {needed} of it" if closes else f"the Moon is {needed} away from it"
            case "fainter_than":
                return f"{'' if closes else 'no '}more than {self.fainter_than:g} % of the Moon is lit"
            case _:
                return f"the Moon {'climbs above' if closes else 'sinks below'} {self.below:g} deg"
