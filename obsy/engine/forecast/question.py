"""What is asked of the nights ahead, and what is answered of each goal."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from obsy.engine.forecast.climate import Climate
from obsy.engine.schedule.overheads import Overheads

CHANCES = (0.1, 0.5, 0.9)


def nights_from(first: date, count: int) -> tuple[date, ...]:
    """Return so many nights in a row, by their evenings."""
    return tuple(first + timedelta(days=number) for number in range(count))


@dataclass(frozen=True, slots=True)
class ForecastQuestion:
    """What is asked: of which nights, from which moment on, in how many draws, by which seed."""

    days: tuple[date, ...]
    """The nights, by their evenings; at least one."""
    begin: datetime
    draws: int
    seed: int
    climate: Climate
    without: Collection[str] = ()
    """Plans that are left out, to see what they cost others."""
    costs: Mapping[str, Overheads] = field(default_factory=dict)
    """What moving about costs, by train; of one that is not in it, as it is declared."""

    @property
    def clear(self) -> float:
        """Return which share of the dark of these nights is clear in the long run, from 0 to 1."""
        return self.climate.over(self.days)


@dataclass(frozen=True, slots=True)
class GoalForecast:
    """When one goal will be done."""

    plan: str
    goal: str
    frames: int | None
    """Still wanted; None where the sky decides."""
    taken: tuple[int, ...]
    """Frames within the nights asked for: no more than these in 10, 50 and 90 % of the draws. An event is one."""
    exposure_s: float
    """Of a frame."""
    chance: float
    """Share of the draws in which it is done within the nights asked for."""
    done: tuple[date | None, ...]
    """The night by which it is done in 10, 50 and 90 % of the draws; None if that is later."""
    event: datetime | None = None
    """When the next event that it could cover begins, whatever the weather."""
    never: str = ""
    """Why it can be had in none of the nights; empty if it can."""
    is_visits: bool = False
    """Whether it is visited again and again, and never done."""
    is_untold: bool = False
    """Whether no frame tells yet how many it takes, as of a goal in S/N before its first: it has no date."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """A question with its answer."""

    asked: ForecastQuestion
    goals: tuple[GoalForecast, ...]


Change = tuple[GoalForecast, GoalForecast]
"""A goal without and with the plans that are added."""


def changes(told: Sequence[GoalForecast], without: Sequence[GoalForecast]) -> list[Change]:
    """Return the goals that are done at another time, or in more or fewer draws."""
    now = {(each.plan, each.goal): each for each in told}
    pairs = ((before, now[before.plan, before.goal]) for before in without)
    return [(one, other) for one, other in pairs if (one.done[1], one.chance) != (other.done[1], other.chance)]
