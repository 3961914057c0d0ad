"""A night in an order, without idle hours: what comes later in it is taken while the next one is waited for."""

from collections.abc import Sequence
from datetime import datetime

from obsy.engine.schedule.filling import SHORTEST_S, Filling, FillingRule, goal_of
from obsy.engine.schedule.fit import Timeline, block_of, fit, least_frames
from obsy.engine.schedule.order import Order, OrderedFilling, Stint
from obsy.engine.schedule.request import Block, Candidate


class BusyFilling(OrderedFilling):
    """The same, but while a mount would wait for a stint, it takes of the next ones what can be had meanwhile.

    A night that leaves for later what it could have now, has lost it when clouds come.
    """

    def __init__(
        self, candidates: Sequence[Candidate], timelines: Sequence[Timeline], rule: FillingRule, order: Order
    ) -> None:
        """Begin with nothing."""
        super().__init__(candidates, timelines, rule, order)
        self._coming: dict[int, tuple[object, datetime | None]] = {}
        """By mount, when what is waited for can begin, as long as nothing changes."""

    def _meanwhile(self, queue: list[Stint], filling: Filling) -> Block | None:
        """Return the first block of the later stints that ends in time for the next one."""
        for at, stint in enumerate(queue[1:], start=1):
            block = self._block(stint, filling)
            cut = block and self._in_time(block, queue[0], filling)
            if cut is not None:
                queue[at] = stint._replace(frames=stint.frames - cut.count)
                if queue[at].frames <= 0:
                    del queue[at]
                return cut
        return None

    def _in_time(self, block: Block, coming: Stint, filling: Filling) -> Block | None:
        """Return as much of a block as is over when the way to the coming stint begins; None for too little."""
        begins = self._begins(coming, filling)
        if begins is None:
            return block
        timeline, left = filling.timeline, self._left[goal_of(block.request)]
        each_s, spare_s = timeline.each_s(block.request), timeline.costs[block.request.train].spare_s
        fits = min(left, int(((begins - block.start).total_seconds() - spare_s) // each_s))
        least = min(least_frames(block.request.line, each_s), left)
        if fits < least or (block.start - filling.now).total_seconds() + fits * each_s < SHORTEST_S:
            return None
        candidate = self._free[self._index[goal_of(block.request), block.request.train]]
        return block_of(candidate, timeline, block.start, min(block.count, fits))

    def _begins(self, stint: Stint, filling: Filling) -> datetime | None:
        """Return when the way to a stint can begin; None if that never comes."""
        grid, asked = filling.timeline.grid, (stint, filling.stands, len(filling.fixed))
        known, begins = self._coming.get(id(filling), (None, None))
        if known == asked and (begins is None or begins > filling.now):
            return begins
        following = filling.fixed[0] if filling.fixed else None
        able = [self._free[n] for n in self._alike(stint) if self._able(n, filling)]

        def fits(at: datetime) -> bool:
            gap = at, filling.stands, following
            return any(fit(each, filling.timeline, gap, stint.frames) is not None for each in able)

        instants = (grid.at(at) for at in range(grid.index(filling.now) + 1, grid.count - 1))
        begins = next(filter(fits, instants), None)
        self._coming[id(filling)] = asked, begins
        return begins
