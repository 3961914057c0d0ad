"""The one door to OR-Tools: CP-SAT on all of a problem or on some of its lanes, with a bound for what it is asked.

One worker, one seed and a limit of deterministic time: the same question has the same answer on every machine, busy or
not. Values become whole numbers, rounded up, so that what CP-SAT proves is proven for the true ones.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Any

from obsy.engine.solver.draft import Draft
from obsy.engine.solver.lanes import Lane, Slot
from obsy.engine.solver.problem import Placed, Starts
from obsy.errors import UserError

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar

LARGEST = 2.0**42
"""What all values together are as whole numbers."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What CP-SAT answers: what is placed on the lanes it was asked for, the bound for them, and its time."""

    placed: tuple[Placed, ...]
    bound: float
    steps: float


@dataclass(slots=True)
class _Part:
    """A slot in the model: whether it is taken, when it starts, and whether within each stretch of its starts."""

    slot: Slot
    taken: "IntVar"
    start: "IntVar"
    stretches: list["IntVar"]


@dataclass(slots=True)
class _Model:
    """CP-SAT's variables for some tasks on some lanes, beside a draft that is kept on the others."""

    model: "CpModel"
    scale: float
    parts: list[_Part] = field(default_factory=list)
    worth: list["IntVar"] = field(default_factory=list)
    times: list[int] = field(default_factory=list)

    def add(self, slot: Slot) -> None:
        """Take up a slot, with its value."""
        model = self.model
        domain = _cp_model().Domain.from_intervals([[each.first, each.last] for each in slot.starts])
        start = model.new_int_var_from_domain(domain, "")
        stretches = [model.new_bool_var("") for _ in slot.starts]
        taken = stretches[0] if len(stretches) == 1 else model.new_bool_var("")
        if len(stretches) > 1:
            model.add(sum(stretches) == taken)
            for each, within in zip(slot.starts, stretches, strict=True):
                model.add_linear_constraint(start, each.first, each.last).only_enforce_if(within)
        for each, within in zip(slot.starts, stretches, strict=True):
            self._value(each, start, within)
        self.parts.append(_Part(slot, taken, start, stretches))

    def _value(self, each: Starts, start: "IntVar", within: "IntVar") -> None:
        """Count what a stretch of starts is worth: the least of it, and what each second away from there adds."""
        low, high = sorted((each.value, each.end_value))
        self.worth.append(within)
        self.times.append(ceil(low * self.scale))
        if low < high:
            span = each.last - each.first
            away = self.model.new_int_var(0, span, "")
            self.model.add(away <= span * within)
            far = start - each.first if each.end_value > each.value else each.last - start
            self.model.add(away <= far).only_enforce_if(within)
            self.worth.append(away)
            self.times.append(ceil((high - low) / span * self.scale))


def exact(draft: Draft, lanes: Collection[int], among: Collection[int], effort: float) -> Searched | None:
    """Return the best that CP-SAT finds for some tasks on some lanes, what is on the others staying; None if nothing.

    draft: what it begins from. among: the tasks that may be placed there, those that are there included.
    effort: deterministic seconds, which are about as long as true ones. Raise UserError without OR-Tools.
    """
    cp_model = _cp_model()
    places = draft.places
    slots = [slot for task in sorted(among) for slot in places.slots[task] if slot.lane in lanes]
    if not slots:
        return None
    whole = sum(max(abs(slot.best) for slot in places.slots[task]) for task in among if places.slots[task])
    made = _Model(cp_model.CpModel(), LARGEST / max(whole, 1e-9))
    for slot in slots:
        made.add(slot)
    _rules(made, draft, among)
    for lane in sorted(lanes):
        mine = [each for each in made.parts if each.slot.lane == lane]
        _one_at_a_time(made.model, places.lanes[lane], mine, draft.sequences[lane].slots)
    _hint(made, draft, lanes)
    made.model.maximize(sum(n * each for n, each in zip(made.times, made.worth, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = effort
    status = solver.solve(made.model)
    steps = solver.response_proto.deterministic_time
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    placed = [
        Placed(each.slot.task, each.slot.way, solver.value(each.start))
        for each in made.parts
        if solver.value(each.taken)
    ]
    return Searched(tuple(placed), solver.best_objective_bound / made.scale, steps)


def _cp_model() -> Any:
    try:
        from ortools.sat.python import cp_model  # noqa: PLC0415 - one observatory's night needs none
    except ImportError:
        raise UserError("the best of many telescopes needs OR-Tools: 'pip install obsy[network]'") from None
    return cp_model


def _rules(made: _Model, draft: Draft, among: Collection[int]) -> None:
    """State what holds between tasks, some of which may be beyond what is asked."""
    model, kept = made.model, draft.places.kept
    of_task: dict[int, list[IntVar]] = {task: [] for task in sorted(among)}
    for each in made.parts:
        of_task[each.slot.task].append(each.taken)
    for task, taken in of_task.items():
        model.add(sum(taken) == 1) if task in kept else model.add_at_most_one(taken)
    for group in draft.places.problem.together:
        inside = [task for task in group if task in of_task]
        for task in inside:
            whole = len(inside) == len(group)
            model.add(sum(of_task[task]) == (sum(of_task[inside[0]]) if whole else task in draft.taken))
    _choices(made, draft, {slot.option for task, slot in draft.taken.items() if task not in of_task})


def _choices(made: _Model, draft: Draft, elsewhere: set[int | None]) -> None:
    """State how many options may be taken, besides those that are elsewhere."""
    for choice in draft.places.problem.choices:
        used = []
        for option in choice.options:
            taken = [each.taken for each in made.parts if each.slot.option == option]
            if taken and option not in elsewhere:
                used.append(made.model.new_bool_var(""))
                made.model.add_max_equality(used[-1], taken)
        made.model.add(sum(used) <= choice.most - len(elsewhere.intersection(choice.options)))


def _one_at_a_time(model: "CpModel", lane: Lane, parts: Sequence[_Part], order: Sequence[Slot]) -> None:
    """Let a lane do one thing at a time, with its set-ups between; `order` is what it does in the draft."""
    model.add_no_overlap(
        model.new_optional_interval_var(
            each.start - each.slot.lead,
            each.slot.length + each.slot.lead,
            each.start + each.slot.length,
            each.taken,
            "",
        )
        for each in parts
    )
    if not lane.setups:
        return
    place = {id(slot): at for at, slot in enumerate(order)}
    hinted = [place.get(id(each.slot), -1) for each in parts]
    empty = model.new_bool_var("")
    arcs: list[tuple[int, int, Any]] = [(0, 0, empty)]
    model.add_hint(empty, not order)
    for at, each in enumerate(parts, start=1):
        arcs.append((at, at, ~each.taken))
        begins, ends = model.new_bool_var(""), model.new_bool_var("")
        model.add(each.start >= lane.begin + each.slot.from_rest).only_enforce_if(begins)
        arcs += [(0, at, begins), (at, 0, ends)]
        model.add_hint(begins, hinted[at - 1] == 0)
        model.add_hint(ends, hinted[at - 1] == len(order) - 1 and bool(order))
        for to, other in enumerate(parts, start=1):
            wait_s = each.slot.length + lane.setups[each.slot.pose][other.slot.pose]
            if to == at or each.slot.starts[0].first + wait_s > other.slot.starts[-1].last:
                continue
            follows = model.new_bool_var("")
            model.add(other.start >= each.start + wait_s).only_enforce_if(follows)
            model.add_hint(follows, hinted[at - 1] >= 0 and hinted[to - 1] == hinted[at - 1] + 1)
            arcs.append((at, to, follows))
    model.add_circuit(arcs)


def _hint(made: _Model, draft: Draft, lanes: Collection[int]) -> None:
    """Tell CP-SAT what the draft has on these lanes."""
    starts = {
        id(slot): start
        for lane in lanes
        for slot, start in zip(draft.sequences[lane].slots, draft.sequences[lane].starts(), strict=True)
    }
    for each in made.parts:
        start = starts.get(id(each.slot))
        made.model.add_hint(each.taken, start is not None)
        made.model.add_hint(each.start, each.slot.starts[0].first if start is None else start)
        for stretch, within in zip(each.slot.starts, each.stretches, strict=True):
            if within is not each.taken:
                made.model.add_hint(within, start is not None and stretch.first <= start <= stretch.last)
