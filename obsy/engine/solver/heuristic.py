"""A good answer soon: the dearest seconds first, then parts of it taken out and filled again better.

The second follows "ruin and recreate" (Schrimpf et al. 2000) with strings of neighbours as in Christiaens and Vanden
Berghe 2020, here on open time with values.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from obsy.engine.solver.draft import Draft, Unit
from obsy.engine.solver.lanes import Places
from obsy.engine.solver.problem import Placed

LONGEST = 8
"""Tasks in a row that one step takes out of a lane, at most."""
TRIED = 60
"""Units that one step tries to put back, at most."""
WARMTH = 0.002
"""How much worse, as a part of its value, an answer may be that the search goes on from, at first."""


@dataclass(frozen=True)
class Units:
    """What is placed together, and what a second of it is worth."""

    units: tuple[Unit, ...]
    dear: tuple[float, ...]
    of: tuple[int, ...]
    """The unit of each task."""

    @classmethod
    def of_places(cls, places: Places) -> "Units":
        """Return the units that could be placed and are not kept."""
        grouped = {task for group in places.problem.together for task in group}
        alone = ((task,) for task in range(len(places.slots)) if task not in grouped)
        every = [unit for unit in (*places.problem.together, *alone) if not places.kept.intersection(unit)]
        units = tuple(unit for unit in every if unit and all(places.slots[task] for task in unit))
        of = [-1] * len(places.slots)
        for number, unit in enumerate(units):
            for task in unit:
                of[task] = number
        return cls(units, tuple(_dear(places, unit) for unit in units), tuple(of))


def _dear(places: Places, unit: Unit) -> float:
    """Return the most that a second of a unit is worth."""
    best = [max(places.slots[task], key=lambda slot: slot.best / (slot.length + slot.lead)) for task in unit]
    return sum(each.best for each in best) / sum(each.length + each.lead for each in best)


def from_hint(places: Places, hint: Sequence[Placed]) -> Draft:
    """Return the draft of an answer, as much of it as can be had."""
    draft, units = Draft.of(places), Units.of_places(places)
    wanted = {each.task: slot for each in hint if (slot := places.slot(each)) is not None}
    order = {each.task: each.start for each in hint}
    for unit in sorted(units.units, key=lambda unit: min(order.get(task, 0) for task in unit)):
        done: list[int] = []
        for task in unit:
            if task in wanted and draft.append(wanted[task], order[task]):
                done.append(task)
        if len(done) < len(unit):
            draft.withdraw(done)
    return draft


def first(places: Places) -> Draft:
    """Return an answer in one pass: always what is worth most by the second, where it costs least."""
    draft, units = Draft.of(places), Units.of_places(places)
    for number in sorted(range(len(units.units)), key=lambda n: (-units.dear[n], n)):
        if units.dear[number] > 0:
            draft.place(units.units[number])
    return draft


def first_by_choice(places: Places) -> Draft:
    """Return an answer in one pass that takes of each choice the options whose tasks are worth most together.

    The dearest second may be of an option that little else can take, and would shut out those that hold most.
    """
    worth: Counter[int] = Counter()
    for slots in places.slots:
        best: dict[int, float] = {}
        for each in slots:
            if each.option is not None:
                best[each.option] = max(each.best, best.get(each.option, 0.0))
        worth.update(best)
    out: set[int] = set()
    for choice in places.problem.choices:
        out.update(sorted(choice.options, key=lambda option: (-worth[option], option))[choice.most :])
    left = [
        slots if task in places.kept else tuple(each for each in slots if each.option not in out)
        for task, slots in enumerate(places.slots)
    ]
    return replace(first(replace(places, slots=tuple(left))), places=places)


def improved(draft: Draft, steps: int, seed: int = 1) -> Draft:
    """Return the best answer that so many steps of taking out and filling again find; the same for the same."""
    places, dice = draft.places, Random(seed)
    units = Units.of_places(places)
    now, value = draft, draft.value()
    best, most = now, value
    for step in range(steps):
        tried = now.copy()
        out, lanes = _ruin(tried, dice)
        if not out and not tried.sequences:
            break
        _recreate(tried, units, ({units.of[task] for task in out}, lanes), dice)
        worth = tried.value()
        if worth > value - WARMTH * abs(most) * (1 - step / steps) ** 2:
            now, value = tried, worth
            if worth > most + 1e-9:
                best, most = tried, worth
    return best


def _ruin(draft: Draft, dice: Random) -> tuple[set[int], set[int]]:
    """Take out a string of a lane, and what is done at that time on some others; return the tasks and the lanes."""
    lane = dice.randrange(len(draft.sequences))
    sequence = draft.sequences[lane]
    size = dice.randint(1, LONGEST)
    at = dice.randrange(max(1, len(sequence.slots) - size + 1))
    chosen = sequence.slots[at : at + size]
    begin = sequence.earliest[at] if chosen else sequence.lane.begin
    end = sequence.earliest[at + len(chosen) - 1] + chosen[-1].length if chosen else sequence.lane.end
    tasks, lanes = {each.task for each in chosen}, {lane}
    if len(draft.sequences) > 1 and dice.random() < 0.5:  # noqa: PLR2004
        other = dice.randrange(len(draft.sequences))
        beside = draft.sequences[other]
        pairs = zip(beside.slots, beside.earliest, strict=True)
        tasks |= {slot.task for slot, start in pairs if begin < start + slot.length and start < end}
        lanes.add(other)
    groups = [set(group) for group in draft.places.problem.together if tasks.intersection(group)]
    tasks = tasks.union(*groups) - draft.places.kept
    draft.withdraw(sorted(tasks))
    return tasks, lanes


def _recreate(draft: Draft, units: Units, ruined: tuple[set[int], set[int]], dice: Random) -> None:
    """Fill what was taken out: dearest first, blurred by chance."""
    out, lanes = ruined
    waiting = [n for n, unit in enumerate(units.units) if units.dear[n] > 0 and unit[0] not in draft.taken]
    blur = dice.choice((0.02, 0.1, 0.3))
    waiting.sort(key=lambda n: -units.dear[n] * (1 + blur * dice.random()))
    for number in waiting[:TRIED]:
        draft.place(units.units[number], None if number in out else lanes)
