"""A forecast as it would have been made before nights that are over, held against what came."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from obsy.engine.declare.observatory import Observatory
from obsy.engine.forecast.forecast import forecasts
from obsy.engine.forecast.question import ForecastQuestion, GoalForecast
from obsy.engine.progress import NOTHING
from obsy.engine.schedule.candidates import DoneSoFar
from obsy.engine.schedule.goal_line import GoalLine, lines, wanted


@dataclass(frozen=True, slots=True)
class GoalCheck:
    """One goal: what was forecast, and what came."""

    forecast: GoalForecast
    taken: int
    """Frames that were accepted in those nights."""
    done: date | None
    """The night by which it had all it wanted; None if it has not."""

    @property
    def is_within(self) -> bool:
        """Return whether as many frames came as in 80 of 100 draws."""
        low, _, high = self.forecast.taken
        return low <= self.taken <= high

    @property
    def is_in_time(self) -> bool:
        """Return whether it was done between the nights of the 10 % and the 90 %; what is later than all is alike."""
        low, _, high = (day or date.max for day in self.forecast.done)
        return low <= (self.done or date.max) <= high


def backtest(
    observatory: Observatory, done_before: Callable[[date], DoneSoFar], asked: ForecastQuestion
) -> list[GoalCheck]:
    """Return each goal that wanted frames before the first night; events, which are had or not, are left out.

    done_before: what was accepted before a night; asked.days: nights that are over.
    """
    first, after = done_before(asked.days[0]), [done_before(day + timedelta(days=1)) for day in asked.days]
    told, _ = forecasts(observatory, first, asked)
    by_key = {(each.plan, each.key): each for plan in observatory.plans for each in lines(plan)}
    found = []
    for each in told:
        key = each.plan, each.goal
        if each.frames:
            before, last = (of.progress.get(key, NOTHING).accepted for of in (first, after[-1]))
            came = None if each.is_visits else _done(by_key[key], after, asked.days)
            found.append(GoalCheck(each, last - before, came))
    return found


def _done(line: GoalLine, after: Sequence[DoneSoFar], days: Sequence[date]) -> date | None:
    now = datetime.max.replace(tzinfo=UTC)
    standing = (of.progress.get((line.plan, line.key), NOTHING) for of in after)
    return next((day for day, mine in zip(days, standing, strict=True) if wanted(line, mine, now)[0] <= 0), None)
