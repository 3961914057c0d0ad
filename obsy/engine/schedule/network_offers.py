"""What every telescope of a network could take in each of some nights, and what counts only together there."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from math import ceil, floor

from obsy.engine.declare.observatory import Observatory
from obsy.engine.progress import GoalKey
from obsy.engine.schedule.bond import is_had
from obsy.engine.schedule.candidates import DoneSoFar, candidates
from obsy.engine.schedule.conditions import observing_conditions, observing_night
from obsy.engine.schedule.overheads import Overheads, counted
from obsy.engine.schedule.request import Candidate
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

    def take_up(self, number: int, site: NetworkSite, day: date) -> None:
        """Add what a site could take in a night."""
        here = site.observatory
        tonight = observing_night(here, day)
        if not tonight.dark:
            return
        conditions = observing_conditions(here, tonight, STEP_S)
        grid = conditions.grid
        begin = min(max(site.begin, grid.start), grid.end)
        for mount in here.mounts:
            machine = self.machines.setdefault((number, mount.name), len(self.machines))
            first, last = ceil(self.second(begin)), floor(self.second(grid.end))
            if first < last:
                self.open[machine].append((first, last))
        whose = {each.name: each for each in here.instruments}
        for each in candidates(here.plans, here.instruments, conditions, site.done, begin):
            key, bond = (each.request.line.plan, each.request.line.key), each.request.bond
            if bond is not None and not is_had(each):
                self.bonds[bond.name].setdefault(key)
            if each.refused is not None:
                self.reasons.setdefault(key, (each.request.count, each.refused.words))
                continue
            train = whose[each.request.train]
            cost = counted(site.done.costs, train)
            machine = self.machines[number, train.mount.name]
            self.offers[key].append(NightOffer(each, grid, day, number, machine, cost, begin, here.value))

    def all_machines(self) -> tuple[Machine, ...]:
        """Return every mount, busy but in its nights."""
        found = []
        for machine in self.machines.values():
            spans = sorted(self.open[machine]) or [(0, 1)]
            gaps = tuple((a[1], b[0]) for a, b in zip(spans, spans[1:], strict=False))
            found.append(Machine(spans[0][0], spans[-1][1], gaps))
        return tuple(found)
