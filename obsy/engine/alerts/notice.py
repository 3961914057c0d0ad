"""What an alert tells, whatever form it came in; and what is wrong with one that no night may act upon."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from obsy.errors import UserError
from obsy.schemas.model import plain_name

FAINTEST, BRIGHTEST = 40.0, -30.0
"""Magnitudes."""
OBSERVATION, TEST = "observation", "test"
LONGEST = 100
"""Of what a broker calls something."""


@dataclass(frozen=True, slots=True)
class AlertNotice:
    """One alert."""

    id: str
    """What it is about, by its broker: all that is told of one burst has one id."""
    source: str
    """Broker, mission and instrument: `gcn/swift/bat`."""
    role: str
    """`observation`, or the word of its broker for what nobody is to act upon: `test`, `retraction`."""
    called: str
    at: datetime
    """When it happened."""
    sent: datetime
    """When it was told."""
    ra_deg: float
    dec_deg: float
    magnitude: float | None = None

    @property
    def tells(self) -> Mapping[str, str]:
        """Return what stands in the holes of a plan."""
        return {
            "name": plain_name(self.called),
            "called": self.called,
            "ra": f"{self.ra_deg:.6f} deg",
            "dec": f"{self.dec_deg:.6f} deg",
            "magnitude": "unknown magnitude" if self.magnitude is None else f"{self.magnitude:g} mag",
        }

    def is_of(self, topic: str) -> bool:
        """Return whether a rule's `alert` names where it comes from: `gcn/swift` is all that Swift tells."""
        asked = [each.strip().lower() for each in topic.split("/")]
        return self.source.split("/")[: len(asked)] == asked


def within(what: str, value: float | None, low: float, high: float, called: str) -> float:
    """Return a number between two limits. Raise UserError for another, for none, and for what is no number."""
    if value is None or not low <= value <= high:
        found = "is missing" if value is None else f"{value:g} is not between {low:g} and {high:g}"
        raise UserError(f"{called}: {what} {found}: no telescope can be sent there; look at what the broker sent")
    return float(value)


def moment(what: str, said: str, called: str) -> datetime:
    """Return a time, UTC where it names no zone. Raise UserError if it is none."""
    try:
        found = datetime.fromisoformat(said)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        words = f"{what} '{said}' is no time" if said else f"{what} is missing"
        raise UserError(f"{called}: {words}: expected one such as 2026-11-21T20:15:00Z") from None


def name_of(said: str) -> str:
    """Return what something is called, without what would be a hole of a plan."""
    return " ".join(said.replace("$", " ").split())[:LONGEST].strip()
