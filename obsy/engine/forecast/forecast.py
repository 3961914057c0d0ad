"""The nights ahead, each filled in every draw, and when each goal is done by that."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np

from obsy.engine.declare.observatory import Observatory
from obsy.engine.forecast.block_choice import DrawsSoFar
from obsy.engine.forecast.night_arrays import Names, NightArrays, Whole, night_arrays
from obsy.engine.forecast.question import CHANCES, ForecastQuestion, GoalForecast
from obsy.engine.forecast.weather import clear_spells
from obsy.engine.forecast.whole_nights import fill_whole
from obsy.engine.progress import NOTHING, GoalKey, ProgressByGoal
from obsy.engine.schedule.bond import bonded, bonds
from obsy.engine.schedule.candidates import DoneSoFar, candidates
from obsy.engine.schedule.conditions import ObservingConditions, events, observing_conditions, observing_night
from obsy.engine.schedule.cover import events_of
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.goal_line import GoalLine, lines, wanted
from obsy.engine.schedule.overheads import counted
from obsy.engine.schedule.request import Candidate
from obsy.engine.signal import more
from obsy.engine.sky.grid import Floats
from obsy.schemas.constraints.constraint import Constraint
from obsy.schemas.plan import Plan

STEP_S = 120.0
"""Windows end on this grid, inwards."""
LATER = np.iinfo(np.int64).max
"""The night of what is not done within those that were looked at."""


@dataclass(eq=False)
class _Course:
    """The nights so far with, or without, some plans."""

    standing: DrawsSoFar
    done: Whole
    """The number of the night in which a goal was done, or LATER; (draws, goals)."""
    taken: Floats
    """Frames so far; (draws, goals)."""


def forecasts(
    observatory: Observatory, known: DoneSoFar, asked: ForecastQuestion
) -> tuple[list[GoalForecast], list[GoalForecast]]:
    """Return when each goal is done, and the same without the plans that are to be left out; both see one weather."""
    return _Ahead(observatory, known, asked).told()


class _Ahead:
    def __init__(self, observatory: Observatory, known: DoneSoFar, asked: ForecastQuestion) -> None:
        self._observatory, self._known, self._asked = observatory, known, asked
        self._lines = [(plan, line) for plan in observatory.plans for line in lines(plan)]
        self._keys = [(line.plan, line.key) for _, line in self._lines]
        plans = {plan.name: number for number, plan in enumerate(observatory.plans)}
        trains = {each.name: number for number, each in enumerate(observatory.instruments)}
        self._names = Names({key: number for number, key in enumerate(self._keys)}, plans, trains)
        reach = {each.name: each.mount.limits for each in observatory.instruments}
        self._whose: dict[GoalKey, tuple[Plan, dict[str, tuple[Constraint, ...]]]] = {
            key: (plan, reach) for key, (plan, _) in zip(self._keys, self._lines, strict=True)
        }
        self._every_s = np.array([86400 * (line.goal.every or np.nan) for _, line in self._lines])
        self._sizes = np.array([float(line.size) for _, line in self._lines])
        self._events: dict[GoalKey, datetime] = {}
        self._never: dict[GoalKey, str] = {}
        self._had: set[GoalKey] = set()

    def told(self) -> tuple[list[GoalForecast], list[GoalForecast]]:
        asked = self._asked
        clear = clear_spells(asked.climate, asked.days, asked.draws, asked.seed)
        start = self._start()
        courses = [self._course(start, ())] + ([self._course(start, asked.without)] if asked.without else [])
        for number, day in enumerate(asked.days):
            if not any(self._is_open(course) for course in courses):
                break  # what is left are visits, which never end
            if (found := self._night(day)) is None:
                continue
            table, start_s, dark_s = found
            for course in courses:
                self._carry_on(course, (table, start_s), number, clear.of(number, dark_s))
        told = [[*self._goals(course, start)] for course in courses]
        return told[0], [each for each in told[-1] if each.plan not in asked.without]

    def _start(self) -> Floats:
        """Return the frames wanted of each goal to begin with; of an event, one."""
        progress, begin = self._known.progress, self._asked.begin
        left = []
        for key, (_, line) in zip(self._keys, self._lines, strict=True):
            mine = progress.get(key, NOTHING)
            count = line.size if line.goal.every else wanted(line, mine, begin)[0]
            if line.goal.until is not None:  # what it gets first may be a visit that tells
                count = max(count, more(mine.signal, line.goal.until) or 0)
            left.append(self._events_left(line, mine.accepted_at) if line.goal.cover else float(count))
        return np.array(left)

    def _events_left(self, line: GoalLine, taken: Sequence[datetime]) -> float:
        """Return how many events are still wanted: one, until one has been covered."""
        if not taken or line.goal.cover is None:
            return 1.0
        recurring = dict(events(self._observatory))[line.plan]
        every = self._observatory.every_instrument
        by = {each.name: each for each in every}
        instrument = by.get(self._known.trains.get(line.plan, ""), every[0])
        each_s = counted(self._asked.costs, instrument).each_s(line)
        covers = events_of(line.goal.cover, recurring, self._observatory.site.location, each_s)
        return 0.0 if covers.is_had(taken) else 1.0

    def _course(self, start: Floats, without: Collection[str]) -> _Course:
        draws, shape = self._asked.draws, (self._asked.draws, len(start))
        left = np.where([plan in without for plan, _ in self._keys], 0.0, start)
        mine = self._known.trains
        train = [self._names.trains.get(mine.get(plan, ""), -1) for plan in self._names.plans]
        standing = DrawsSoFar(
            np.tile(left, (draws, 1)), np.tile(train, (draws, 1)), self._due(draws), np.full(shape, np.nan)
        )
        return _Course(standing, np.where(standing.left > 0, LATER, -1), np.zeros(shape))

    def _due(self, draws: int) -> Floats:
        """Return when each goal may be taken, seconds from the first moment; (draws, goals)."""
        due = np.full(len(self._lines), -np.inf)
        for number, (key, (_, line)) in enumerate(zip(self._keys, self._lines, strict=True)):
            mine = self._known.progress.get(key)
            if line.goal.every and mine is not None and mine.accepted_at:
                again = mine.accepted_at[-1] + timedelta(days=line.goal.every)
                due[number] = (again - self._asked.begin).total_seconds()
        return np.tile(due, (draws, 1))

    def _night(self, day: date) -> tuple[NightArrays, float, tuple[float, float]] | None:
        """Return a night's table, when it starts, seconds from the first moment, and its dark, seconds from then.

        None if nothing can be had.
        """
        tonight = observing_night(self._observatory, day)
        if not tonight.dark:
            self._never |= {key: "no night is dark enough" for key in self._keys if key not in self._never}
            return None
        conditions = observing_conditions(self._observatory, tonight, STEP_S)
        begin = min(max(self._asked.begin, conditions.grid.start), conditions.grid.end)
        instruments = self._observatory.instruments
        asked = self._candidates(conditions, begin)
        if begin > conditions.grid.start:  # of what has no time in all of the night, why, and not why in what is left
            whole = self._candidates(conditions, conditions.grid.start)
            self._note([each for each in whole if each.refused is not None])
        self._note(asked)
        costs = {each.name: (each.mount.name, counted(self._asked.costs, each)) for each in instruments}
        timelines = [
            Timeline(conditions.grid, {name: cost for name, (of, cost) in costs.items() if of == mount.name}, begin)
            for mount in self._observatory.mounts
        ]
        table = night_arrays(asked, timelines, self._names, conditions, self._whose)
        start = conditions.grid.start
        dark_s = [(each - start).total_seconds() for each in (tonight.dark[0].start, tonight.dark[-1].end)]
        start_s = (start - self._asked.begin).total_seconds()
        return None if table is None else (table, start_s, (dark_s[0], dark_s[1]))

    def _candidates(self, conditions: ObservingConditions, begin: datetime) -> list[Candidate]:
        plans = self._observatory.plans
        asked = candidates(plans, self._observatory.instruments, conditions, self._to_come(), begin)
        return bonded(asked, bonds(plans, self._known.progress, conditions.grid.start))

    def _to_come(self) -> DoneSoFar:
        """Return what is done, of goals that are not visited again and again: when these are due, depends on a draw."""
        visits = {key for key, (_, line) in zip(self._keys, self._lines, strict=True) if line.goal.every}
        progress: ProgressByGoal = {key: each for key, each in self._known.progress.items() if key not in visits}
        return replace(self._known, progress=progress, costs=self._asked.costs)

    def _note(self, asked: Sequence[Candidate]) -> None:
        """Keep the first event of each goal, and why a goal can not be had."""
        for each in asked:
            key = each.request.line.plan, each.request.line.key
            if each.refused is not None:
                self._never.setdefault(key, each.refused.words)
            else:
                self._had.add(key)
                if each.fixed is not None:
                    self._events.setdefault(key, each.fixed.start)

    def _carry_on(
        self, course: _Course, night: tuple[NightArrays, float], number: int, clear_s: tuple[Floats, Floats]
    ) -> None:
        table, start_s = night
        standing = course.standing
        before, wanted_before = standing.due_s.copy(), standing.left.copy()
        visits = ~np.isnan(self._every_s)
        standing.due_s = np.where(visits, before - start_s, -np.inf)
        standing.begun_s[:] = np.nan
        fill_whole(table, standing, clear_s)
        course.taken += wanted_before - standing.left
        begun = visits & ~np.isnan(standing.begun_s)
        standing.due_s = np.where(begun, standing.begun_s + start_s + np.nan_to_num(self._every_s), before)
        standing.left = np.where(begun, self._sizes, standing.left)  # a visit that was not completed is over
        course.done = np.where((course.done == LATER) & (standing.left <= 0), number, course.done)

    def _goals(self, course: _Course, start: Floats) -> Iterator[GoalForecast]:
        for number, (key, (_, line)) in enumerate(zip(self._keys, self._lines, strict=True)):
            until, mine = line.goal.until, self._known.progress.get(key, NOTHING)
            untold = until is not None and more(mine.signal, until) is None
            nights, taken = np.sort(course.done[:, number]), np.sort(course.taken[:, number])
            nights = np.full_like(nights, LATER) if untold else nights
            yield GoalForecast(
                *key,
                frames=None if untold else _frames(line, start[number]),
                chance=float((nights != LATER).mean()),
                taken=tuple(int(taken[_at(part, taken)]) for part in CHANCES),
                exposure_s=line.goal.exposure,
                done=tuple(self._date(nights[_at(part, nights)]) for part in CHANCES),
                event=self._events.get(key),
                never="" if key in self._had or not start[number] else self._never.get(key, ""),
                is_visits=line.goal.every is not None,
                is_untold=untold,
            )

    def _is_open(self, course: _Course) -> bool:
        """Return whether any draw has something left that can be finished."""
        return bool((course.done[:, np.isnan(self._every_s)] == LATER).any())

    def _date(self, number: int) -> date | None:
        return None if number == LATER else self._asked.days[max(int(number), 0)]


def _at(part: float, values: Floats | Whole) -> int:
    """Return the place of a quantile among sorted values."""
    return int(np.ceil(part * len(values))) - 1


def _frames(line: GoalLine, left: float) -> int | None:
    return None if line.goal.cover and left else int(left)
