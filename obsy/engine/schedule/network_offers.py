"""What every telescope of a network could take in each of some nights, and what counts only together there."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from math import ceil, floor

from obsy.engine.declare.observatory import Observatory
from obsy.engine.progress import GoalKey
from obsy.engine.schedule.bond import bonded, bonds, is_had
from obsy.engine.schedule.candidates import DoneSoFar, candidates
from obsy.engine.schedule.conditions import ObservingConditions, observing_conditions, observing_night
from obsy.engine.schedule.overheads import Overheads, counted
from obsy.engine.schedule.request import Bond, Candidate
from obsy.engine.sky.grid import Grid
from obsy.engine.solver.problem import Machine
from obsy.schemas.value import Value

STEP_S = 120.0
WAY_DEG = 45.0
"""A slew to a piece's target, as far as such slews are in the mean."""


@dataclass(frozen=True, eq=False)
class NetworkSite:
    """A site, and what its store knows to be done and its journals to cost there."""

    observatory: Observatory
    done: DoneSoFar
    begin: datetime
    """From when on it is free."""


@dataclass(frozen=True, slots=True, eq=False)
class _SiteNight:
    """A night of a site, and what is asked of it."""

    number: int
    site: NetworkSite
    day: date
    conditions: ObservingConditions
    begin: datetime
    asked: list[Candidate]


@dataclass(frozen=True, slots=True)
class NightOffer:
    """A goal that a train could take in a night."""

    candidate: Candidate
    grid: Grid
    night: date
    site: int
    machine: int
    costs: Overheads
    begin: datetime
    weights: Value

    @property
    def each_s(self) -> float:
        """From one exposure to the next."""
        return self.costs.each_s(self.candidate.request.line)

    @property
    def setup_s(self) -> float:
        """Before the first."""
        return self.costs.filter_s + WAY_DEG / self.costs.slew_deg_s + self.costs.settle_s


@dataclass(slots=True)
class NetworkOffers:
    """Machines, and offers by goal."""

    zero: datetime
    machines: dict[tuple[int, str], int] = field(default_factory=dict)
    open: defaultdict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    offers: defaultdict[GoalKey, list[NightOffer]] = field(default_factory=lambda: defaultdict(list))
    reasons: dict[GoalKey, tuple[int, str]] = field(default_factory=dict)
    """Of each goal that was refused, how many frames it wants, and why it was first."""
    bonds: defaultdict[str, dict[GoalKey, None]] = field(default_factory=lambda: defaultdict(dict))
    """Of what counts only together, all goals that still want something, wherever they can be had."""

    def second(self, at: datetime) -> float:
        """Return a moment as the solver has it."""
        return (at - self.zero).total_seconds()

    def take_up(self, sites: Sequence[NetworkSite], days: Sequence[date]) -> None:
        """Add what sites could take in some nights; what counts only together, of all sites of a night or not."""
        nights = [each for number, site in enumerate(sites) for each in _nights_of(number, site, days)]
        for night, asked in _bonded(nights):
            self._add(night, asked)

    def _add(self, night: _SiteNight, asked: Sequence[Candidate]) -> None:
        number, site, begin = night.number, night.site, night.begin
        here, grid = site.observatory, night.conditions.grid
        for mount in here.mounts:
            machine = self.machines.setdefault((number, mount.name), len(self.machines))
            first, last = ceil(self.second(begin)), floor(self.second(grid.end))
            if first < last:
                self.open[machine].append((first, last))
        whose = {each.name: each for each in here.instruments}
        for each in asked:
            key, bond = (each.request.line.plan, each.request.line.key), each.request.bond
            if bond is not None and not is_had(each):
                self.bonds[bond.name].setdefault(key)
            if each.refused is not None:
                self.reasons.setdefault(key, (each.request.count, each.refused.words))
                continue
            train = whose[each.request.train]
            cost = counted(site.done.costs, train)
            machine = self.machines[number, train.mount.name]
            self.offers[key].append(NightOffer(each, grid, night.day, number, machine, cost, begin, here.value))

    def all_machines(self) -> tuple[Machine, ...]:
        """Return every mount, busy but in its nights."""
        found = []
        for machine in self.machines.values():
            spans = sorted(self.open[machine]) or [(0, 1)]
            gaps = tuple((a[1], b[0]) for a, b in zip(spans, spans[1:], strict=False))
            found.append(Machine(spans[0][0], spans[-1][1], gaps))
        return tuple(found)


def _nights_of(number: int, site: NetworkSite, days: Sequence[date]) -> Iterator[_SiteNight]:
    here = site.observatory
    for day in days:
        if (tonight := observing_night(here, day)).dark:
            conditions = observing_conditions(here, tonight, STEP_S)
            begin = min(max(site.begin, conditions.grid.start), conditions.grid.end)
            asked = candidates(here.plans, here.instruments, conditions, site.done, begin)
            yield _SiteNight(number, site, day, conditions, begin, asked)


def _bonded(nights: Sequence[_SiteNight]) -> list[tuple[_SiteNight, list[Candidate]]]:
    """Return what is asked of each night, with what it counts only together as: at all sites in the same night."""
    found: dict[_SiteNight, list[Candidate]] = {}
    for day in dict.fromkeys(each.day for each in nights):
        alike, by_plan = [each for each in nights if each.day == day], dict[str, Bond]()
        for each in alike:
            here = bonds(each.site.observatory.plans, each.site.done.progress, each.conditions.grid.start)
            by_plan |= {plan: bond for plan, bond in here.items() if bond.begun or plan not in by_plan}
        rest = iter(bonded([each for night in alike for each in night.asked], by_plan))
        found |= {each: list(islice(rest, len(each.asked))) for each in alike}
    return [(each, found[each]) for each in nights]
