"""The page of a forecast: for each goal the nights between which it is likely to be done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from obsy.engine.forecast.question import Change, Forecast, ForecastQuestion, GoalForecast
from obsy.engine.render import render
from obsy.engine.report.axes import AxisScale, Box

MOST_TICKS = 8
_STEPS = 1, 2, 5, 7, 14, 28, 56


@dataclass(frozen=True, slots=True)
class Likely:
    """One goal's bar, in percent of the width."""

    goal: GoalForecast
    band: Box
    """From the first night of the 10 % to the last of the 90 %."""
    middle: float | None
    """The night of the 50 %; None if that is later."""


def html(
    site: str,
    asked: ForecastQuestion,
    told: Sequence[GoalForecast],
    changed: Sequence[Change],
) -> str:
    """Return the page's text; changed: goals without and with the plans that are added."""
    open_ = [each for each in told if not each.never and not each.is_visits and not each.is_untold and each.frames != 0]
    return render(
        "report/forecast.html.j2",
        site=site,
        asked=asked,
        rows=[_likely(each, asked) for each in open_],
        ticks=[*_ticks(asked.days)],
        done=[each for each in told if each.frames == 0],
        never=[each for each in told if each.never],
        visits=list(dict.fromkeys(each.plan for each in told if each.is_visits and not each.never)),
        untold=[each for each in told if each.is_untold and not each.never],
        changed=changed,
        night=night,
    )


def still_open(forecast: Forecast | None) -> list[GoalForecast]:
    """Return the goals of a forecast that are to be finished and are not."""
    return [each for each in forecast.goals if not each.is_visits and each.frames != 0] if forecast else []


def night(day: date | None) -> str:
    """Return '5 Dec', or what stands for a night beyond those that were looked at."""
    return "later" if day is None else f"{day.day} {day:%b}"


def _likely(goal: GoalForecast, asked: ForecastQuestion) -> Likely:
    days, count = asked.days, len(asked.days)
    x = AxisScale(0.0, count, 0.0, 100.0)
    first, half, last = (None if day is None else days.index(day) for day in goal.done)
    left = 100.0 if first is None else x.at(first)
    right = 100.0 if last is None else x.at(last + 1)
    return Likely(goal, (round(left, 2), round(right - left, 2)), None if half is None else round(x.at(half + 0.5), 2))


def _ticks(days: Sequence[date]) -> Iterator[tuple[float, str]]:
    """Yield where nights stand, and their dates: all, or a few in equal steps."""
    step = next((each for each in _STEPS if len(days) / each <= MOST_TICKS), _STEPS[-1])
    for number in range(0, len(days), step):
        yield round(100 * (number + 0.5) / len(days), 2), night(days[number])
