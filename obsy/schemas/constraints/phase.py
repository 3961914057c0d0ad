"""What recurs at the target is in the right part of its turn."""

from math import inf
from typing import Annotated

from pydantic import Field

from obsy.schemas.constraints.constraint import Constraint, Numbers, TargetSeen, functions
from obsy.schemas.model import Number
from obsy.schemas.recurring import Event

PhaseNumber = Annotated[Number, Field(ge=0, le=1)]


class Phase(Constraint):
    """Which part of each turn of what recurs at the target, as seen from here; 0 at its epoch."""

    of: Event | None = None
    """Which event or planet, where the target has several."""
    after: PhaseNumber
    """Where the part begins, from 0 to 1."""
    before: PhaseNumber
    """Where it ends; it may go through 0."""

    def margin(self, seen: TargetSeen) -> Numbers:
        """How far the phase lies between the two, in turns; through 0 if the first is the larger.

        -inf if the target has no such event, or several and none is named.
        """
        known = seen.phases if self.of is None else {self.of: seen.phases.get(self.of)}
        (phase, *more) = known.values() or [None]
        if phase is None or more:
            return functions(seen.grid.seconds).full(seen.grid.count, -inf)
        numbers, after, before = functions(phase), phase - self.after, self.before - phase
        return (numbers.minimum if self.after <= self.before else numbers.maximum)(after, before)

    def reason(self) -> str:
        """Why it refuses, in words that follow 'because'."""
        of = "" if self.of is None else f" of {self.of}"
        return f"its phase{of} is not after {self.after:g} and before {self.before:g}"

    def edge(self, _seen: TargetSeen, inside: int, outside: int) -> str:
        """What happens there, in words that follow 'when'."""
        return f"its phase passes {self.before:g}" if outside > inside else f"its phase reaches {self.after:g}"
