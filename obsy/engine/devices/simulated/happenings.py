"""What the scenario makes of the weather and of the devices at a given moment."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import fmean
from zoneinfo import ZoneInfo

from obsy.schemas.scenario import Conditions, Scenario

NOON = time(12)


@dataclass(frozen=True, slots=True)
class Ramp:
    """One quantity goes to `value`, in a straight line from `at_s` on (seconds since 1970), for `over_s`."""

    at_s: float
    over_s: float
    value: float
    input: str | None = None
    """The only weather input that sees it."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One device misbehaves between two moments."""

    device: str
    fault: str
    begin_s: float
    end_s: float


class Happenings:
    """A scenario laid on the clock of one night."""

    def __init__(self, scenario: Scenario, night: date, timezone: str) -> None:
        self._zone, self._night, self._start = ZoneInfo(timezone), night, scenario.start
        changes = sorted(scenario.changes, key=lambda change: self._moment(change.at))
        self._steps = {
            name: [
                Ramp(self._moment(change.at), change.over, value, change.input)
                for change in changes
                if (value := getattr(change, name)) is not None
            ]
            for name in Conditions.model_fields
        }
        self._troubles = [
            Trouble(f.device, f.fault, self._moment(f.at), self._moment(f.until) if f.until else float("inf"))
            for f in scenario.faults
        ]

    def _moment(self, clock: time) -> float:
        day = self._night if clock >= NOON else self._night + timedelta(days=1)
        return datetime.combine(day, clock, self._zone).timestamp()

    def value(self, name: str, at_s: float, seen_by: str | None = None) -> float:
        """The quantity at a moment, before any sensor has looked at it, or as one weather input is to see it."""
        steps = [step for step in self._steps[name] if step.input in (None, seen_by)]
        return _after(float(getattr(self._start, name)), steps, at_s)

    def mean(self, name: str, begin_s: float, end_s: float) -> float:
        """The quantity averaged over an exposure, from five samples."""
        return fmean(self.value(name, begin_s + (end_s - begin_s) * part / 4) for part in range(5))

    def trouble(self, names: Collection[str], at_s: float) -> Trouble | None:
        """What is wrong with the device of these names at a moment; of several, what the scenario names last."""
        return next((t for t in reversed(self._troubles) if t.device in names and t.begin_s <= at_s < t.end_s), None)


def _after(start: float, steps: Sequence[Ramp], at_s: float) -> float:
    due = [step for step in steps if step.at_s <= at_s]
    if not due:
        return start
    last = due[-1]
    before = _after(start, due[:-1], last.at_s)
    part = 1.0 if last.over_s <= 0 else min(1.0, (at_s - last.at_s) / last.over_s)
    return before + (last.value - before) * part
