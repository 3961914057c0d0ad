"""A night by a list, as EKOS fills it: the first job that can start now runs until one before it in the list can."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from obsy.engine.schedule.filling import Filling, FillingRule, NightFilling
from obsy.engine.schedule.fit import Timeline, block_of, least_frames
from obsy.engine.schedule.merit_bounds import MeritBounds
from obsy.engine.schedule.request import Block, Candidate

WAITS = timedelta(seconds=120)
"""Where nothing can start, the list is gone through again so much later."""
SHORTEST_S = 600.0
"""A job that would make way sooner is passed over."""


class ListFilling(NightFilling):
    """Every mount's night, by one list: the plan that is wanted most first, and its goals one after the other."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        timelines: Sequence[Timeline],
        rule: FillingRule,
        bounding: MeritBounds | None = None,
    ) -> None:
        """Begin with nothing."""
        super().__init__(candidates, timelines, rule, bounding)
        jobs: dict[str, list[int]] = {}
        for number, each in enumerate(self._free):
            jobs.setdefault(each.request.line.plan, []).append(number)
        self._jobs = sorted(jobs.values(), key=lambda job: -self._free[job[0]].request.claim.total)

    def _next(self, filling: Filling) -> datetime:
        """Return when the list is gone through again; before a block with a time of its own, at each instant."""
        is_done = not any(self._able(number, filling) for number in range(len(self._free)))
        return super()._next(filling) if filling.fixed or is_done else filling.now + WAITS

    def _best(self, filling: Filling) -> Block | None:
        """Return the block of the first job that can start now."""
        grid = filling.timeline.grid
        after, soonest = grid.index(filling.now) + 1, grid.end
        for job in self._jobs:
            number = next((each for each in job if self._able(each, filling)), None)
            if number is None:
                continue
            block = self._until(soonest, number, filling)
            if block is not None:
                return block
            soonest = min(soonest, grid.at(min(int(self._bounding.coming[number, after]), grid.count - 1)))
        return None

    def _until(self, soonest: datetime, number: int, filling: Filling) -> Block | None:
        """Return what a goal gets before an earlier job of the list can start; None for too little."""
        line, train = self._free[number].request.line, self._free[number].request.train
        alike = [number] if line.turn is None else self._pictures[train, line.picture]
        options = [each for each in (self._option(n, filling) for n in alike) if each is not None]
        if not options:
            return None
        chosen, block = (
            (options[0], options[0].block) if len(options) == 1 else self._in_step(options, filling.timeline)
        )
        if soonest >= block.end:
            return block
        each_s = filling.timeline.each_s(block.request)
        count = int((soonest - block.start).total_seconds() // each_s)
        length_s = (block.start - filling.now).total_seconds() + count * each_s
        if count < least_frames(line, each_s) or length_s < SHORTEST_S:
            return None
        return block_of(chosen.candidate, filling.timeline, block.start, count)
