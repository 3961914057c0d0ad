"""A night as obsy 0.1 filled it: always what has most of priority, little time left, height, and staying in place."""

from datetime import datetime, timedelta

from obsy.engine.schedule.filling import TURN_S, Filling, NightFilling
from obsy.engine.schedule.fit import block_of
from obsy.engine.schedule.option import Option
from obsy.engine.schedule.request import Block

URGENCY, STAYING, FILTER = 2.0, 0.5, 0.25
"""Beside a height of 1 where a target stands highest; `claim.priority` and `claim.deadline` as they are."""


class GreedyFilling(NightFilling):
    """Every mount's night, by that rule; nothing gives way to what comes later."""

    def _next(self, filling: Filling) -> datetime:
        """Return when it looks again: a step later."""
        is_done = not any(self._able(number, filling) for number in range(len(self._free)))
        if filling.fixed or is_done:
            return super()._next(filling)
        return filling.now + timedelta(seconds=filling.timeline.grid.step_s)

    def _best(self, filling: Filling) -> Block | None:
        """Return the best block; of several goals of its picture a turn of the one that lags most."""
        if not self._free:
            return None
        grid, timeline = filling.timeline.grid, filling.timeline
        latest = min(filling.now + timedelta(seconds=timeline.longest_s), grid.end)
        begins = self._bounding.begins((grid.index(filling.now), grid.index(latest)))
        options = [each for n in begins.nonzero()[0] if (each := self._option(int(n), filling)) is not None]
        if not options:
            return None
        best = max(options, key=lambda each: self._worth(each, filling))
        alike = [each for each in options if each.candidate.request.line.picture == best.candidate.request.line.picture]
        chosen = max(alike, key=lambda each: (self._lag(each), self._worth(each, filling)))
        block, line = chosen.block, chosen.block.request.line
        if len(alike) == 1 or line.turn is not None or line.goal.run is not None:
            return block
        turn = int(TURN_S // timeline.each_s(block.request))
        return block_of(chosen.candidate, timeline, block.start, min(block.count, turn)) or block

    def _lag(self, option: Option) -> float:
        request = option.candidate.request
        return self._left[request.line.plan, request.line.key] / option.candidate.size

    def _worth(self, option: Option, filling: Filling) -> float:
        """Return how much a block deserves the moment."""
        each, request, timeline = option.candidate, option.candidate.request, filling.timeline
        index, last = timeline.grid.index(option.room.start), filling.stands.aim
        rest_s = float(each.rest[index]) * timeline.grid.step_s
        needed_s = request.count * timeline.each_s(request)
        worth = request.claim.priority + request.claim.deadline + request.claim.immediate
        worth += URGENCY * needed_s / max(rest_s, needed_s)
        worth += float(each.altitude_deg[index]) / max(float(each.altitude_deg[each.free].max()), 1.0)
        if last is not None:
            worth += STAYING * (last.picture == request.line.picture) + FILTER * (last.filter == request.line.filter)
        return worth
