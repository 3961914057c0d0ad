"""The problem: tasks that may be placed on machines; and the answer: which are, and how good that is proven to be.

Times are whole seconds from any zero. A request of one telescope is a task with one way; of a network, one with a way
for each telescope; *single* and *many* requests need nothing else. *All of* is a tuple in `together`; *one of* a
`Choice` of an option for each. What runs, or has a time of its own, is a task that is `kept`; downtime is `busy`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite


@dataclass(frozen=True, slots=True)
class Starts:
    """Seconds at which a task may start, both ends included, and what it is worth there: linear from end to end."""

    first: int
    last: int
    value: float
    at_last: float | None = None
    """The value of a start at `last`; `value` if None."""

    @property
    def end_value(self) -> float:
        """The value of a start at `last`."""
        return self.value if self.at_last is None else self.at_last

    def worth(self, start: int) -> float:
        """Return the value of a start within."""
        if self.at_last is None or self.first == self.last:
            return self.value
        return self.value + (self.at_last - self.value) * (start - self.first) / (self.last - self.first)

    def within(self, first: int, last: int) -> "Starts | None":
        """Return the part between two seconds, or None."""
        low, high = max(first, self.first), min(last, self.last)
        if low > high:
            return None
        if self.at_last is None and (low, high) == (self.first, self.last):
            return self
        return Starts(low, high, self.worth(low), None if self.at_last is None else self.worth(high))


@dataclass(frozen=True, slots=True)
class Way:
    """How a task may be done: on which machine, for how long, and when it may start."""

    machine: int
    length: int
    starts: tuple[Starts, ...]
    """In order, none overlapping another."""
    pose: int = 0
    """The machine's state meanwhile, a row and column of its `setups`."""
    option: int | None = None
    """What is taken with this way, and limited by a `Choice`."""

    def worth(self, start: int) -> float | None:
        """Return the value of a start, or None if it may not start then."""
        return next((each.worth(start) for each in self.starts if each.first <= start <= each.last), None)


@dataclass(frozen=True, slots=True)
class Task:
    """Something to place once, in one of its ways, or not at all."""

    ways: tuple[Way, ...]
    kept: tuple[int, int] | None = None
    """The way and the start at which it stays, whatever becomes of the rest."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What does one task at a time, from `opens` to `closes`, except while it is busy."""

    opens: int
    closes: int
    busy: tuple[tuple[int, int], ...] = ()
    """From and until when, in order."""
    setups: tuple[tuple[int, ...], ...] = ()
    """Seconds from the end of a task in the pose of the row to the start of one in that of the column; none if empty.
    Each stretch of open time begins in pose 0, unless with what is kept."""

    def open(self) -> Iterator[tuple[int, int]]:
        """Yield the stretches in which it is not busy."""
        begin = self.opens
        for first, last in self.busy:
            if begin < min(first, self.closes):
                yield begin, min(first, self.closes)
            begin = max(begin, last)
        if begin < self.closes:
            yield begin, self.closes

    def setup(self, before: int, after: int) -> int:
        """Return the seconds between two poses."""
        return self.setups[before][after] if self.setups else 0


@dataclass(frozen=True, slots=True)
class Choice:
    """Options of which at most some may be taken."""

    options: tuple[int, ...]
    most: int = 1


@dataclass(frozen=True, slots=True)
class Placed:
    """A task in one of its ways at a start."""

    task: int
    way: int
    start: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Tasks, machines and rules. Raise ValueError, which says where, if they make no sense."""

    tasks: tuple[Task, ...]
    machines: tuple[Machine, ...]
    together: tuple[tuple[int, ...], ...] = ()
    """Tasks of which all are placed or none; no task is in two."""
    choices: tuple[Choice, ...] = ()

    def __post_init__(self) -> None:
        """Check what no type says."""
        for number, machine in enumerate(self.machines):
            _check_machine(machine, f"machine {number}")
        for number, task in enumerate(self.tasks):
            for which, way in enumerate(task.ways):
                self._check_way(way, f"task {number}, way {which}")
            if task.kept is not None and not self._may(task, *task.kept):
                raise ValueError(f"task {number}: it is kept where none of its ways may start")
        grouped = [task for group in self.together for task in group]
        if len(set(grouped)) < len(grouped) or any(not 0 <= task < len(self.tasks) for task in grouped):
            raise ValueError("together: a task stands in it twice, or is none of the problem")
        if any(self.tasks[task].kept is not None for task in grouped):
            raise ValueError("together: a task in it is kept; leave out what is placed at any rate")
        if any(choice.most < 0 for choice in self.choices):
            raise ValueError("choices: fewer than none may be taken")

    def way(self, placed: Placed) -> Way:
        """Return the way of what is placed."""
        return self.tasks[placed.task].ways[placed.way]

    def value(self, placed: tuple[Placed, ...]) -> float:
        """Return what is placed is worth. Raise ValueError if something starts when it may not."""
        worths = [self.way(each).worth(each.start) for each in placed]
        if None in worths:
            raise ValueError(f"{placed[worths.index(None)]} starts when it may not")
        return sum(each for each in worths if each is not None)

    def _check_way(self, way: Way, where: str) -> None:
        if not 0 <= way.machine < len(self.machines):
            raise ValueError(f"{where}: there is no machine {way.machine}")
        if way.length < 1:
            raise ValueError(f"{where}: it must take a second or more, not {way.length}")
        setups = self.machines[way.machine].setups
        if setups and not 0 <= way.pose < len(setups):
            raise ValueError(f"{where}: its machine knows no pose {way.pose}")
        if any(each.first > each.last for each in way.starts) or any(
            a.last >= b.first for a, b in pairwise(way.starts)
        ):
            raise ValueError(f"{where}: its starts are not in order")
        if not all(isfinite(value) for each in way.starts for value in (each.value, each.end_value)):
            raise ValueError(f"{where}: its value is no finite number")

    def _may(self, task: Task, way: int, start: int) -> bool:
        if not 0 <= way < len(task.ways) or task.ways[way].worth(start) is None:
            return False
        machine, length = self.machines[task.ways[way].machine], task.ways[way].length
        return any(begin <= start and start + length <= end for begin, end in machine.open())


def _check_machine(machine: Machine, where: str) -> None:
    if any(a[1] > b[0] for a, b in pairwise(machine.busy)) or any(a >= b for a, b in machine.busy):
        raise ValueError(f"{where}: its busy times are not in order")
    if any(len(row) != len(machine.setups) or min(row) < 0 for row in machine.setups):
        raise ValueError(f"{where}: its setups are not a square of seconds")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is placed, in order of machine and time, and how good that is proven to be."""

    placed: tuple[Placed, ...]
    value: float
    bound: float
    """No answer is worth more."""
    steps: float
    """Deterministic: what was spent of the effort."""

    @property
    def gap(self) -> float:
        """How much of the value the best answer might have more, 0.01 for a hundredth."""
        return 0.0 if self.bound <= self.value else (self.bound - self.value) / max(abs(self.value), 1e-9)
