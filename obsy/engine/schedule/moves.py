"""Small changes of a night's order, drawn by chance."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from obsy.engine.schedule.course import MountCourse, Step
from obsy.engine.schedule.night_numbers import CandidateNumbers

SOON = 40
"""Instants that a mount waits for a stint that is put in, at most."""
NEAR = (1, 1, 2, 3)
LONGER = (-5, -3, -2, -1, 1, 2, 3, 5)
Steps = list[Step]
Move = tuple[Steps, int]
"""A changed order, and from which of its steps on it is another."""


@dataclass(slots=True, eq=False)
class MountOrder:
    """The order of one mount, and how its night stands before each step and after the last."""

    steps: Steps
    courses: list[MountCourse]
    kept: int
    """So many steps at the beginning stay as they are."""
    mine: Sequence[int]
    """The candidates that it may take."""

    @property
    def candidates(self) -> Iterable[tuple[int, CandidateNumbers]]:
        """The candidates that it may take, with their numbers."""
        return self.end.mount.candidates.items()

    @property
    def end(self) -> MountCourse:
        """How its night ends."""
        return self.courses[-1]


def drawn(order: MountOrder, left: Sequence[int], dice: Random) -> Move | None:
    """Return a change; None if the one that was drawn makes no sense.

    left: frames of each goal that the whole night leaves.
    """
    kind, size = dice.random(), len(order.steps) - order.kept
    if kind < INSERTED or size < 1:
        return _insert(order, left, dice)
    return next(change for most, change in KINDS if kind < most)(order, order.kept + dice.randrange(size), dice)


def _insert(order: MountOrder, left: Sequence[int], dice: Random) -> Move | None:
    """Put a goal in, or in the place of others."""
    mount, number = order.end.mount, order.mine[dice.randrange(len(order.mine))]
    candidate, steps = mount.candidates[number], order.steps
    if not left[candidate.goal] and dice.random() < 0.7:  # noqa: PLR2004 - a part of it may lie better elsewhere
        return None
    at = order.kept + dice.randrange(len(steps) - order.kept + 1)
    now = order.courses[at].now
    if now >= mount.end_s or candidate.comes[int(now / mount.step_s)] > now / mount.step_s + SOON:
        return None
    instead = dice.choice((0, 0, 0, 1, 1, 2))
    count = _frames(order.end.wanted[candidate.goal], dice)
    return [*steps[:at], Step(number, count), *steps[at + instead :]], at


def _remove(order: MountOrder, at: int, dice: Random) -> Move:
    return [*order.steps[:at], *order.steps[at + 1 :]], at


def _shift(order: MountOrder, at: int, dice: Random) -> Move | None:
    to = order.kept + dice.randrange(len(order.steps) - order.kept)
    steps = order.steps.copy()
    steps.insert(to, steps.pop(at))
    return None if at == to else (steps, min(at, to))


def _swap(order: MountOrder, at: int, dice: Random) -> Move | None:
    to = at + dice.choice(NEAR)
    if to >= len(order.steps):
        return None
    steps = order.steps.copy()
    steps[at], steps[to] = steps[to], steps[at]
    return steps, at


def _resize(order: MountOrder, at: int, dice: Random) -> Move:
    step = order.steps[at]
    wanted = order.end.wanted[order.end.mount.candidates[step.number].goal]
    count = max(1, step.frames + dice.choice(LONGER)) if dice.random() < 0.5 else _frames(wanted, dice)  # noqa: PLR2004
    return [*order.steps[:at], step._replace(frames=count), *order.steps[at + 1 :]], at


def _frames(wanted: int, dice: Random) -> int:
    """Return all that a goal wants, or a part of it."""
    return wanted if dice.random() < 0.5 else dice.randint(1, wanted)  # noqa: PLR2004


INSERTED = 0.35
KINDS: tuple[tuple[float, Callable[[MountOrder, int, Random], Move | None]], ...] = (
    (0.47, _remove),
    (0.65, _shift),
    (0.80, _swap),
    (1.0, _resize),
)
"""Which change is drawn: up to what number between 0 and 1."""
