"""Site and mount are at work: no night or moment in which they are declared to be down."""

from typing import ClassVar

from obsy.schemas.constraints.constraint import Numbers, TargetSeen
from obsy.schemas.constraints.dates import Dates


class Downtime(Dates):
    """Nights or moments in which nothing is taken, both ends among them."""

    rests_on: ClassVar = "time"

    def margin(self, seen: TargetSeen) -> Numbers:
        """How far the time is from the nearer end, days; negative between the two."""
        return -super().margin(seen)

    def reason(self) -> str:
        """Why it refuses, in words that follow 'because'."""
        return f"there is downtime {self.aloud()}"

    def edge(self, _seen: TargetSeen, inside: int, outside: int) -> str:
        """What happens there, in words that follow 'when'."""
        return f"downtime {self.aloud()} {'begins' if outside > inside else 'ends'}"
