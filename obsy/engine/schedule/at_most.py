"""What the best of all schedules of a night could be worth: a bound, with which a schedule says how good it is.

The room `bound` has two that know set-ups, for nights that are not too large; neither is always the lower. In the one
here frames stand alone, each where it is worth most, without slews, focus runs and flips between them. Every frame
counts as one that stays, what finishes a goal is shared among its frames, and a picture comes on with all of its goals
that lag most. So no schedule passes it, and hardly any reaches it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from obsy.engine.schedule.bound.bound import at_most_with_setups
from obsy.engine.schedule.bound.time_prices import at_most_by_time
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.request import Candidate, Schedule
from obsy.engine.schedule.value import finishing, in_step_h, of_night
from obsy.engine.solver.problem import Choice, Machine, Problem, Starts, Task, Way
from obsy.engine.solver.solve import most
from obsy.schemas.value import Value

TICKS = 20
"""Of a second: the solver counts whole ones, and a frame is as long as that."""
STRETCH = 10
"""Instants of the grid for which a frame's worth is taken to be the greatest among them."""
ROUNDING = 1e-9
"""Of a sum, by which its last digits may be wrong: a bound is so much higher."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What a schedule is worth, and what none is worth more than; in points, see `schedule/value.py`."""

    value: float
    at_most: float

    @property
    def gap(self) -> float:
        """How much better than it the best schedule might be, as a share of that; 0.1 for a tenth."""
        return 1 - self.value / self.at_most if self.at_most > 0 else 0.0


def worth(schedule: Schedule, candidates: Sequence[Candidate], timelines: Sequence[Timeline], weights: Value) -> Worth:
    """Return what a schedule for some candidates on some mounts is worth."""
    value = sum(of_night(schedule.blocks, candidates, timelines, weights).values())
    asked = candidates, timelines, weights
    return Worth(value, min(at_most(*asked, value), at_most_with_setups(*asked), at_most_by_time(*asked)))


def at_most(
    candidates: Sequence[Candidate], timelines: Sequence[Timeline], weights: Value, value: float = 0.0
) -> float:
    """Return a bound on what the blocks of a night are worth; `value` is what is known to be possible, and helps."""
    goals: defaultdict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for each in candidates:
        if each.refused is None:
            goals[each.request.line.plan, each.request.line.key].append(each)
    coming_on = _coming_on(goals)
    machines = tuple(_machine(each) for each in timelines)
    plans = {plan: number for number, plan in enumerate(dict.fromkeys(plan for plan, _ in goals))}
    tasks, times, surely = [], [], 0.0
    for (plan, key), asked in goals.items():
        bonus = weights.balance * coming_on[plan, key]
        frames = max(each.request.count for each in asked)
        if asked[0].fixed is not None:
            frames = max(_covering(each, timelines) for each in asked)
            surely += weights.completion * finishing(asked[0])
        else:
            bonus += weights.completion * finishing(asked[0]) / frames
        ways = (way for each in asked for way in _ways(each, timelines, weights, (bonus, plans[plan])))
        tasks.append(Task(tuple(ways)))
        times.append(frames)
    lists = {each.request.choice for asked in goals.values() for each in asked if each.request.choice is not None}
    choices = tuple(
        Choice(
            tuple({plans[plan]: None for (plan, _), asked in goals.items() if asked[0].request.choice == each}), each[1]
        )
        for each in sorted(lists)
    )
    return (surely + most(Problem(tuple(tasks), machines, choices=choices), times, value - surely)) * (1 + ROUNDING)


def _machine(timeline: Timeline) -> Machine:
    begin_s = (timeline.begin - timeline.grid.start).total_seconds()
    return Machine(floor(begin_s * TICKS), ceil((timeline.grid.count - 1) * timeline.grid.step_s * TICKS))


def _coming_on(goals: Mapping[tuple[str, str], Sequence[Candidate]]) -> dict[tuple[str, str], float]:
    """Return by how many hours a picture comes on at most with each frame of a goal: of those that lag most, alone."""
    pictures: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for goal, asked in goals.items():
        pictures[asked[-1].request.line.picture].append(goal)
    found = {}
    for mine in pictures.values():
        lag = {goal: goals[goal][-1].request.count / goals[goal][-1].size for goal in mine}
        hours = {goal: goals[goal][-1].size * goals[goal][-1].request.line.goal.exposure / 3600 for goal in mine}
        last = [goal for goal in mine if lag[goal] == max(lag.values())]
        share = in_step_h([goals[goal][-1] for goal in mine]) / sum(hours[goal] for goal in last)
        for goal in mine:
            exposure_h = goals[goal][-1].request.line.goal.exposure / 3600
            found[goal] = share * exposure_h if goal in last else 0.0
    return found


def _covering(candidate: Candidate, timelines: Sequence[Timeline]) -> int:
    """Return how many frames may cover its fixed time."""
    assert candidate.fixed is not None  # noqa: S101
    lasts_s = candidate.fixed.length.total_seconds()
    each_s = [t.each_s(candidate.request) for t in timelines if candidate.request.train in t.costs]
    return 1 + floor(lasts_s / min(each_s)) if each_s else 1


def _ways(
    candidate: Candidate, timelines: Sequence[Timeline], weights: Value, extra: tuple[float, int]
) -> Iterator[Way]:
    """Yield the ways to take one frame: a stretch of starts for every few instants; extra: its bonus, and its plan."""
    request, bonus = candidate.request, extra[0]
    hour = request.claim.total + weights.staying + weights.filter
    hour_then = hour + weights.quality * candidate.quality_once() + weights.moon * candidate.moonless_once()
    values = np.where(candidate.free, request.line.goal.exposure / 3600 * hour_then + bonus, -np.inf)
    for number, timeline in enumerate(timelines):
        if request.train in timeline.costs:
            step = timeline.grid.step_s * TICKS
            found = []
            for first in range(0, len(values), STRETCH):
                # A moment just before an instant counts as that instant.
                best = float(values[first : first + STRETCH + 1].max())
                if best > -np.inf:
                    found.append(Starts(floor(first * step), floor((first + STRETCH) * step) - 1, best))
            length = max(1, floor(timeline.each_s(request) * TICKS))
            yield Way(number, length, tuple(found), option=extra[1])
