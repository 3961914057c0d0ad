"""Open stretches of machines, and every task's places on them: the problem as all of the solver's parts read it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from obsy.engine.solver.problem import Placed, Problem, Starts


@dataclass(frozen=True, slots=True)
class Lane:
    """A stretch in which a machine is open."""

    machine: int
    begin: int
    end: int
    setups: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """One way of a task on one lane, with the starts that remain there."""

    task: int
    way: int
    lane: int
    length: int
    pose: int
    option: int | None
    starts: tuple[Starts, ...]
    lead: int
    """Seconds of set-up that come before it after whichever other task."""
    from_rest: int
    """Seconds of set-up before it where it is the first; none for what is kept, which may have begun."""

    best: float
    """The most it can be worth."""
    steady: bool
    """Whether it is worth the same whenever it starts."""

    def at(self, starts: tuple[Starts, ...]) -> "Slot":
        """Return it with other starts."""
        values = [value for each in starts for value in (each.value, each.end_value)]
        return replace(self, starts=starts, best=max(values), steady=min(values) == max(values))

    def from_on(self, second: int) -> int | None:
        """Return the first start that is not before a second."""
        return next((max(second, each.first) for each in self.starts if each.last >= second), None)

    def until(self, second: int) -> int | None:
        """Return the last start that is not after a second."""
        return next((min(second, each.last) for each in reversed(self.starts) if each.first <= second), None)

    def finest(self, first: int, last: int) -> tuple[float, int] | None:
        """Return the greatest value of a start between two seconds, and the first such start."""
        best: tuple[float, int] | None = None
        for each in self.starts:
            low, high = max(first, each.first), min(last, each.last)
            if low > high:
                continue
            for start in (low, high) if each.at_last is not None else (low,):
                if best is None or each.worth(start) > best[0]:
                    best = each.worth(start), start
        return best

    def worth(self, start: int) -> float:
        """Return the value of a start that is allowed."""
        return next(each.worth(start) for each in self.starts if each.first <= start <= each.last)


@dataclass(frozen=True)
class Places:
    """The lanes of a problem, and the slots of each task on them."""

    problem: Problem
    lanes: tuple[Lane, ...]
    slots: tuple[tuple[Slot, ...], ...]
    """By task; none where it fits nowhere. Of what is kept, the one slot with the one start."""

    @classmethod
    def of(cls, problem: Problem) -> "Places":
        """Return where every task may be placed."""
        lanes = tuple(
            Lane(number, begin, end, machine.setups)
            for number, machine in enumerate(problem.machines)
            for begin, end in machine.open()
        )
        leads = [_leads(problem, machine) for machine in range(len(problem.machines))]
        slots = (tuple(_slots(problem, lanes, leads, task)) for task in range(len(problem.tasks)))
        return cls(problem, lanes, tuple(slots))

    @cached_property
    def kept(self) -> frozenset[int]:
        """The tasks that stay where they are."""
        return frozenset(n for n, task in enumerate(self.problem.tasks) if task.kept is not None)

    def slot(self, placed: Placed) -> Slot | None:
        """Return the slot that something is placed in, or None if it may not be there."""
        fitting = (
            each
            for each in self.slots[placed.task]
            if each.way == placed.way and any(s.first <= placed.start <= s.last for s in each.starts)
        )
        return next(fitting, None)


def _leads(problem: Problem, number: int) -> list[int]:
    """Return the least set-up before each pose of a machine from another task; from rest if there is none."""
    setups = problem.machines[number].setups
    poses = Counter(pose for task in problem.tasks for pose in {way.pose for way in task.ways if way.machine == number})
    return [
        min(
            (row[pose] for before, row in enumerate(setups) if poses[before] > (before == pose)),
            default=setups[0][pose],
        )
        for pose in range(len(setups))
    ]


def _slots(problem: Problem, lanes: Sequence[Lane], leads: Sequence[Sequence[int]], number: int) -> Iterator[Slot]:
    """Yield where one task may be placed."""
    task = problem.tasks[number]
    for which, way in enumerate(task.ways):
        if task.kept is not None and task.kept[0] != which:
            continue
        lead, setups = 0, problem.machines[way.machine].setups
        if setups and task.kept is None:
            lead = leads[way.machine][way.pose]
        from_rest = setups[0][way.pose] if setups and task.kept is None else 0
        for at, lane in enumerate(lanes):
            if lane.machine != way.machine:
                continue
            first, last = lane.begin + min(lead, from_rest), lane.end - way.length
            if task.kept is not None:
                first, last = (max(lane.begin, task.kept[1]), min(last, task.kept[1]))
            starts = tuple(part for each in way.starts if (part := each.within(first, last)) is not None)
            if starts:
                bare = Slot(number, which, at, way.length, way.pose, way.option, (), lead, from_rest, 0.0, True)
                yield bare.at(starts)
