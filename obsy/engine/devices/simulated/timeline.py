"""The weather and the faults of a scenario at a given moment."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import inf
from statistics import fmean
from zoneinfo import ZoneInfo

from obsy.moments import noon
from obsy.schemas.quantities import FAIR
from obsy.schemas.scenario import THE_COMPUTER, Fault, Scenario, Timed
from obsy.schemas.site import Site

SAME = {"roof-moves": ("roof-opens", "roof-closes")}
"""What several happenings have in common."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One device misbehaves between two moments."""

    number: int
    """Which of the scenario's faults it is."""
    told: Fault
    begin_s: float
    end_s: float


def is_deed(fault: Fault) -> bool:
    """Return whether it is done once, by another hand or to the computer, and written down then."""
    return fault.fault == "moved" or (fault.device in THE_COMPUTER and fault.fault != "disk-full")


class ScenarioTimeline:
    """A scenario laid on the clock of one night."""

    def __init__(
        self, scenario: Scenario, night: date, site: Site, begun: Mapping[str, float], dusk: datetime | None = None
    ) -> None:
        """begun: when what waits for something began, seconds since 1970, by `change N` and `fault N`."""
        self._zone, self._night, self._scenario = ZoneInfo(site.timezone), night, scenario
        self._noon = noon(night, site.longitude)
        self._begun = dict(begun)
        if dusk is not None:
            self._begun |= self._waiting("dusk", dusk.timestamp())
        self._lay_out()

    def _lay_out(self) -> None:
        changes = ((self._begins(f"change {n}", change), change) for n, change in enumerate(self._scenario.changes))
        self._changes = sorted(changes, key=lambda timed: timed[0])
        self._troubles = [
            Trouble(n, fault, begin := self._begins(f"fault {n}", fault), self._ends(fault, begin))
            for n, fault in enumerate(self._scenario.faults)
        ]

    def _begins(self, key: str, timed: Timed) -> float:
        if timed.when is not None:
            return self._begun.get(key, inf)
        return self._moment(timed.at) + timed.after

    def _ends(self, fault: Fault, begin_s: float) -> float:
        until = self._moment(fault.until) if fault.until else inf
        return min(until, begin_s + fault.lasts if fault.lasts is not None else inf)

    def _moment(self, clock: time | None) -> float:
        if clock is None:
            return -inf
        days = (self._night + timedelta(days=each) for each in (-1, 0, 1))
        return next(at for day in days if (at := datetime.combine(day, clock, self._zone)) >= self._noon).timestamp()

    def happens(self, what: str, at_s: float) -> Mapping[str, float]:
        """Let begin what waits for this; return all that has begun so, by what it is."""
        self._begun |= self._waiting(what, at_s)
        self._lay_out()
        return self._begun

    def _waiting(self, what: str, at_s: float) -> dict[str, float]:
        return {
            key: at_s + timed.after
            for key, timed in self._timed()
            if timed.when and what in SAME.get(timed.when, (timed.when,)) and key not in self._begun
            if self._moment(timed.at) <= at_s
        }

    def _timed(self) -> Iterator[tuple[str, Timed]]:
        yield from ((f"change {n}", change) for n, change in enumerate(self._scenario.changes))
        yield from ((f"fault {n}", fault) for n, fault in enumerate(self._scenario.faults))

    def value(self, name: str, at_s: float, seen_by: str | None = None) -> float:
        """Return a quantity at a moment, before any sensor has looked at it, or as one weather input is to see it."""
        due = [
            (when_s, change)
            for when_s, change in self._changes
            if when_s <= at_s and getattr(change, name) is not None and change.input in (None, seen_by)
        ]
        said: float | None = getattr(self._scenario.start, name)
        level = FAIR[name] if said is None else said
        if not due:
            return level
        for (when_s, change), until_s in zip(due, [*(when_s for when_s, _ in due[1:]), at_s], strict=False):
            part = min(1.0, (until_s - when_s) / change.over) if change.over > 0 else 1.0
            level += (getattr(change, name) - level) * part
        return level

    def mean(self, name: str, begin_s: float, end_s: float) -> float:
        """Return a quantity averaged over an exposure, from five samples."""
        return fmean(self.value(name, begin_s + (end_s - begin_s) * part / 4) for part in range(5))

    def troubles(self, names: Collection[str], at_s: float) -> dict[str, Trouble]:
        """Return the faults of the device of these names at a moment, by sort; of several of a sort, the last."""
        now = (each for each in self._troubles if each.told.device in names and each.begin_s <= at_s < each.end_s)
        return {each.told.fault: each for each in now}

    def never(self, at_s: float) -> Iterator[Timed]:
        """Yield what has not come by a moment."""
        for key, timed in self._timed():
            deed = isinstance(timed, Fault) and is_deed(timed)
            if self._begins(key, timed) > at_s or (deed and key.replace("fault", "befell") not in self._begun):
                yield timed

    def all_of(self, *names: str) -> list[Trouble]:
        """Return every fault of the devices of these names that has begun, or whose time is known."""
        return [each for each in self._troubles if each.told.device in names and each.begin_s < inf]
