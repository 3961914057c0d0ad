"""When a roof's switches said what: one that has moved sooner than it can have has only been told to."""

from dataclasses import dataclass, field
from math import inf

from obsy.engine.devices.ports import Roof

HASTY = 0.1
"""No roof arrives within this share of its travel: its driver echoes what it was told."""
JUST_S = 5.0
"""How long ago it may have been seen where it left; it is looked at every second."""


@dataclass(slots=True)
class Sightings:
    """What the switches of one roof have said; all times are by the monotonic clock, in seconds."""

    last_s: dict[Roof, float] = field(default_factory=dict)
    """When they said each of what they can say last."""
    said: Roof = Roof.UNKNOWN
    since_s: float = -inf
    """Since when they say what they said last; a look that told nothing ends nothing."""

    def note(self, said: Roof, now_s: float) -> None:
        """Remember what they say now."""
        if said not in (self.said, Roof.UNKNOWN):
            self.said, self.since_s = said, now_s
        self.last_s[said] = now_s

    def was_just(self, said: Roof, now_s: float) -> bool:
        """Return whether they said so a moment ago; a roof that left another place may have had a short way."""
        return now_s - self.last_s.get(said, -inf) <= JUST_S

    def why_hasty(self, begun_s: float, travel_s: float) -> str:
        """Return why a roof cannot have moved from end to end since `begun_s`; empty if it can have.

        What it says since before then, it was not told.
        """
        took_s = self.since_s - begun_s
        if not 0.0 <= took_s < travel_s * HASTY:
            return ""
        return f"its switches say '{self.said}' {took_s:.1f} s after it was told to move, and it takes {travel_s:g} s"
