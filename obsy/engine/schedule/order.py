"""A night in a given order: what is taken one after the other with each mount, as soon as the sky lets it."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from obsy.engine.schedule.filling import Filling, FillingRule, Goal, NightFilling, goal_of
from obsy.engine.schedule.fit import Timeline, block_of, least_frames
from obsy.engine.schedule.merit_bounds import MeritBounds
from obsy.engine.schedule.request import Block, Candidate


class Stint(NamedTuple):
    """So many frames of one goal with one train, in one go; of goals that take turns, of all of them together."""

    goal: Goal
    train: str
    frames: int


Order = tuple[Stint, ...]
"""Of all mounts; each takes those of its trains, one after the other."""


def order_of(blocks: Sequence[Block]) -> Order:
    """Return the order of those blocks whose time is not their own; what goes on after a flip is one stint."""
    order: list[Stint] = []
    pictures: list[tuple[str, str]] = []
    for each in sorted((each for each in blocks if not each.fixed), key=lambda block: block.start):
        of, picture = each.request, (each.request.line.picture, each.request.train)
        goes_on = bool(order) and pictures[-1] == picture
        if goes_on and (of.line.turn is not None or order[-1].goal == goal_of(of)):
            order[-1] = order[-1]._replace(frames=order[-1].frames + each.count)
        else:
            order.append(Stint(goal_of(of), of.train, each.count))
            pictures.append(picture)
    return tuple(order)


class OrderedFilling(NightFilling):
    """Every mount's night, filled in an order; what cannot be had any more is passed over."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        timelines: Sequence[Timeline],
        rule: FillingRule,
        order: Order,
        bounding: MeritBounds | None = None,
    ) -> None:
        """Begin with nothing."""
        super().__init__(candidates, timelines, rule, bounding)
        self._index = {(goal_of(each.request), each.request.train): n for n, each in enumerate(self._free)}
        self._queues = defaultdict[int, list[Stint]](list)
        for stint in order:
            mine = next((n for n, each in enumerate(timelines) if stint.train in each.costs), None)
            if mine is not None and stint[:2] in self._index:
                self._queues[mine].append(stint)
        self._begun: set[int] = set()
        """The mounts in the midst of a stint."""

    def _best(self, filling: Filling) -> Block | None:
        """Return the next block of the order, if its time has come."""
        mount = next(n for n, each in enumerate(self.fillings) if each is filling)
        queue = self._queues[mount]
        while queue:
            stint = queue[0]
            block = self._block(stint, filling)
            if block is not None:
                self._begun.add(mount)
                queue[0] = stint._replace(frames=stint.frames - block.count)
            elif mount not in self._begun and self._may_come(stint, filling):
                return self._meanwhile(queue, filling)
            if block is None or queue[0].frames <= 0:
                self._begun.discard(mount)
                del queue[0]
            if block is not None:
                return block
        return None

    def _meanwhile(self, _queue: list[Stint], _filling: Filling) -> Block | None:
        """Return what is taken until the next stint can be: nothing."""
        return None

    def _block(self, stint: Stint, filling: Filling) -> Block | None:
        """Return what can be taken of a stint now; of goals that take turns, the turn of the one whose it is."""
        index = self._index[stint[:2]]
        candidate, line = self._free[index], self._free[index].request.line
        if line.turn is not None:
            alike = [self._option(n, filling) for n in self._pictures[stint.train, line.picture]]
            options = [each for each in alike if each is not None]
            return self._in_step(options, filling.timeline)[1] if options else None
        option = self._option(index, filling)
        if option is None:
            return None
        block, count = option.block, min(option.block.count, stint.frames)
        least = least_frames(line, filling.timeline.each_s(block.request))
        if count < min(least, self._left[stint.goal]):
            return None
        return block if count == block.count else block_of(candidate, filling.timeline, block.start, count)

    def _may_come(self, stint: Stint, filling: Filling) -> bool:
        """Whether a stint, or another goal whose turn it could be, may still be taken later."""
        now = filling.timeline.grid.index(filling.now)
        return any(self._able(n, filling) and self._free[n].free[now + 1 :].any() for n in self._alike(stint))

    def _alike(self, stint: Stint) -> list[int]:
        """Return the candidates that a stint may take: the goals that take turns with its own, too."""
        index = self._index[stint[:2]]
        line = self._free[index].request.line
        return [index] if line.turn is None else self._pictures[stint.train, line.picture]
