"""The weather and the faults of a scenario at a given moment."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import fmean
from zoneinfo import ZoneInfo

from obsy.schemas.scenario import FAIR, Scenario

NOON = time(12)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One device misbehaves between two moments."""

    device: str
    fault: str
    begin_s: float
    end_s: float


class ScenarioTimeline:
    """A scenario laid on the clock of one night."""

    def __init__(self, scenario: Scenario, night: date, timezone: str) -> None:
        self._zone, self._night, self._start = ZoneInfo(timezone), night, scenario.start
        self._changes = sorted(
            ((self._moment(change.at), change) for change in scenario.changes), key=lambda timed: timed[0]
        )
        self._troubles = [
            Trouble(f.device, f.fault, self._moment(f.at), self._moment(f.until) if f.until else float("inf"))
            for f in scenario.faults
        ]

    def _moment(self, clock: time) -> float:
        day = self._night if clock >= NOON else self._night + timedelta(days=1)
        return datetime.combine(day, clock, self._zone).timestamp()

    def value(self, name: str, at_s: float, seen_by: str | None = None) -> float:
        """Return a quantity at a moment, before any sensor has looked at it, or as one weather input is to see it."""
        due = [
            (when_s, change)
            for when_s, change in self._changes
            if when_s <= at_s and getattr(change, name) is not None and change.input in (None, seen_by)
        ]
        said: float | None = getattr(self._start, name)
        level = FAIR[name] if said is None else said
        for (when_s, change), until_s in zip(due, [*(when_s for when_s, _ in due[1:]), at_s], strict=False):
            part = min(1.0, (until_s - when_s) / change.over) if change.over > 0 else 1.0
            level += (getattr(change, name) - level) * part
        return level

    def mean(self, name: str, begin_s: float, end_s: float) -> float:
        """Return a quantity averaged over an exposure, from five samples."""
        return fmean(self.value(name, begin_s + (end_s - begin_s) * part / 4) for part in range(5))

    def trouble(self, names: Collection[str], at_s: float) -> Trouble | None:
        """Return the fault of the device of these names at a moment; of several, the last one of the scenario."""
        return next((t for t in reversed(self._troubles) if t.device in names and t.begin_s <= at_s < t.end_s), None)
