"""An answer while it is being made: the sequence of every lane, and which options they take."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence as Many
from dataclasses import dataclass, field

from obsy.engine.solver.lanes import Places, Slot
from obsy.engine.solver.problem import Placed
from obsy.engine.solver.sequence import Sequence

Unit = tuple[int, ...]
"""Tasks of which all are placed or none."""


@dataclass(slots=True)
class Draft:
    """What is placed so far; it can always be done."""

    places: Places
    sequences: list[Sequence]
    taken: dict[int, Slot] = field(default_factory=dict)
    """By task."""
    options: Counter[int] = field(default_factory=Counter)
    """How many tasks take each."""

    @classmethod
    def of(cls, places: Places) -> "Draft":
        """Return one with nothing but what is kept. Raise ValueError if not all of that can be."""
        draft = cls(places, [Sequence(lane) for lane in places.lanes])
        kept = sorted(places.kept, key=lambda task: places.problem.tasks[task].kept[1])  # type: ignore[index]
        for task in kept:
            if not draft.place((task,)):
                raise ValueError(f"task {task}: it is kept, and so is another that leaves it no time or no choice")
        return draft

    def copy(self) -> "Draft":
        """Return one like it, to be changed apart."""
        return Draft(self.places, [each.copy() for each in self.sequences], dict(self.taken), self.options.copy())

    def place(self, unit: Unit, lanes: Iterable[int] | None = None) -> bool:
        """Place all of a unit where it costs least, or nothing of it; on some lanes only, if they are named."""
        among = None if lanes is None else set(lanes)
        done: list[int] = []
        for task in unit:
            slots = [each for each in self.places.slots[task] if among is None or each.lane in among]
            if not self._place(slots):
                self.withdraw(done)
                return False
            done.append(task)
        return True

    def withdraw(self, tasks: Iterable[int]) -> None:
        """Take tasks away."""
        for task in tasks:
            slot = self.taken.pop(task)
            sequence = self.sequences[slot.lane]
            sequence.remove(next(at for at, each in enumerate(sequence.slots) if each.task == task))
            if slot.option is not None:
                self.options[slot.option] -= 1

    def append(self, slot: Slot, start: int) -> bool:
        """Place a task about when a hint has it, if it fits there."""
        sequence = self.sequences[slot.lane]
        position = sum(each <= start for each in sequence.earliest)
        gap = sequence.gap(slot, position) if slot.task not in self.taken and self._may_take(slot) else None
        if gap is None:
            return False
        self.put(slot, position)
        return True

    def put(self, slot: Slot, position: int) -> None:
        """Place a task in a slot at a position where it fits."""
        self.sequences[slot.lane].insert(slot, position)
        self.taken[slot.task] = slot
        if slot.option is not None:
            self.options[slot.option] += 1

    def placed(self) -> tuple[Placed, ...]:
        """Return what is placed, lane by lane."""
        return tuple(
            Placed(slot.task, slot.way, start)
            for each in self.sequences
            for slot, start in zip(each.slots, each.starts(), strict=True)
        )

    def value(self) -> float:
        """Return what is placed is worth."""
        return sum(each.value() for each in self.sequences)

    def replaced(self, lanes: Iterable[int], placed: Iterable[Placed]) -> "Draft":
        """Return a draft that has other tasks on some lanes, at the starts they are given."""
        other = self.copy()
        other.withdraw([slot.task for lane in lanes for slot in self.sequences[lane].slots])
        found = sorted(((each.start, slot) for each in placed if (slot := self.places.slot(each))), key=_when)
        for _, slot in found:
            other.put(slot, len(other.sequences[slot.lane].slots))
        for lane in lanes:
            other.sequences[lane].give([start for start, slot in found if slot.lane == lane])
        return other

    def _place(self, slots: Many[Slot]) -> bool:
        best = None
        for slot in slots:
            if not self._may_take(slot):
                continue
            gap = self.sequences[slot.lane].best_gap(slot)
            if gap is None:
                continue
            merit = gap.value - slot.best / slot.length * gap.lost_s
            if best is None or merit > best[0]:
                best = merit, slot, gap.position
        if best is None:
            return False
        self.put(best[1], best[2])
        return True

    def _may_take(self, slot: Slot) -> bool:
        """Whether the choices leave a slot its option."""
        if slot.option is None or self.options[slot.option]:
            return True
        return all(
            sum(self.options[each] > 0 for each in choice.options) < choice.most
            for choice in self.places.problem.choices
            if slot.option in choice.options
        )


def _when(placed: tuple[int, Slot]) -> int:
    return placed[0]
