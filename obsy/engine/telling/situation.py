"""How the observatory stands, as its events say; and whether that may still be believed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from obsy.engine.events.night import NightEndedEarly, NightFinished, NightInterrupted, NightResumed, NightStarted
from obsy.engine.fold import fold
from obsy.engine.journal import Entry
from obsy.engine.night_record import MOUNTS, ROOFS, NightRecord, rank
from obsy.units import WEATHER

BEGINS = (NightStarted.name, NightResumed.name)
ENDS = (NightFinished.name, NightEndedEarly.name, NightInterrupted.name)
ROOF = ("roof-opening", "roof-opened", "roof-closing", "roof-closed", "mount-parked", "mount-unparked")
STANDS = (*BEGINS, *ENDS, *ROOF, "state", "verdict")
"""The events that say how the observatory stands."""
NEITHER = {"opening": "moving", "closing": "moving", "": "unknown"}


@dataclass(frozen=True, slots=True)
class Outlook:
    """What other programs are told."""

    safe: bool
    reason: str
    roof: str = "unknown"
    """open, closed, moving or unknown."""
    mount: str = "unknown"
    """parked or not parked; of several the worst."""
    state: str = "unknown"
    weather: Mapping[str, float] = field(default_factory=dict)
    """By quantity, in the unit of `WEATHER`; empty if nobody knows."""


class Situation:
    """Keeps the events that say how the observatory stands."""

    def __init__(self) -> None:
        self._heard: list[Entry] = []
        self._weather: dict[str, Entry] = {}

    def hear(self, entry: Entry) -> None:
        """Take an event in."""
        if entry["event"] in STANDS:
            self._heard.append(entry)
        elif entry["event"] == "weather":
            self._weather[str(entry.get("enclosure") or "")] = entry

    @property
    def begun(self) -> bool:
        """Whether the night has begun."""
        return any(each["event"] in BEGINS for each in self._heard)

    @property
    def ended(self) -> bool:
        """Whether the last that was heard of the night is its end."""
        return next(
            (each["event"] in ENDS for each in reversed(self._heard) if each["event"] in (*BEGINS, *ENDS)), False
        )

    @property
    def is_shut(self) -> bool:
        """Whether every roof was heard of closed last; one that was never heard of was found so."""
        return all(each.roof_is in ("closed", "") for each in self.record().enclosures)

    def record(self) -> NightRecord:
        """Return the night as far as it has come."""
        return fold(self._heard)

    def outlook(self, enclosure: str | None, silent: str = "") -> Outlook:
        """Return how it stands under one enclosure, or under all: safe only where each is.

        silent: why what was heard must not be believed any more.
        """
        if silent or not self._heard or self.ended:
            return Outlook(False, silent or ("the night is over" if self._heard else "no night has begun"))
        nights = [each for each in self.record().enclosures if enclosure in (None, each.enclosure)]
        if not nights:
            return Outlook(False, f"nothing is heard of '{enclosure}'")
        worst = next((each for each in nights if each.safe is not True), nights[0])
        roof = max((each.roof_is for each in nights), key=lambda each: rank(each, ROOFS))
        noted = next((each for name, each in self._weather.items() if enclosure in (None, name)), {})
        weather = {name: float(noted[name]) for name in WEATHER if isinstance(noted.get(name), int | float)}
        mount = max((each.mount_is or "unknown" for each in nights), key=lambda each: rank(each, MOUNTS))
        reason = worst.reason or "nobody has looked yet"
        return Outlook(worst.safe is True, reason, NEITHER.get(roof, roof), mount, worst.state or "begun", weather)
