"""Forecasts held against nights that came: by hand, and against the scheduler under weather of the same climate."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from bench.forecast import covered, crowded, history
from obsy.engine.forecast.backtest import GoalCheck, backtest
from obsy.engine.forecast.climate import Climate
from obsy.engine.forecast.question import ForecastQuestion, GoalForecast, nights_from
from obsy.engine.forecast.weather import ClearSpells
from obsy.engine.runtime.planner import prepare

FIRST = date(2026, 12, 6)
DAYS = nights_from(FIRST, 4)


def spells(begin: float, end: float) -> ClearSpells:
    """Nights that are all clear between two shares of their dark."""
    return ClearSpells(np.full((len(DAYS), 1), begin), np.full((len(DAYS), 1), end))


def check(taken: int, done: date | None) -> GoalCheck:
    told = GoalForecast("m31", "L-180s", 20, (5, 12, 20), 180.0, 0.8, (DAYS[1], DAYS[2], None))
    return GoalCheck(told, taken, done)


def _dates(found: list[GoalCheck]) -> list[tuple[date | None, date | None]]:
    return [(each.done, each.forecast.done[1]) for each in found]


@pytest.mark.parametrize(("taken", "is_within"), [(4, False), (5, True), (20, True), (21, False)])
def test_frames_are_within_from_the_tenth_to_the_nine_tenths(taken: int, is_within: bool) -> None:
    assert check(taken, None).is_within == is_within


@pytest.mark.parametrize(("done", "is_in_time"), [(DAYS[0], False), (DAYS[1], True), (DAYS[3], True), (None, True)])
def test_a_date_is_within_likewise_and_what_is_later_than_all_is_alike(done: date | None, is_in_time: bool) -> None:
    assert check(9, done).is_in_time == is_in_time


@pytest.mark.slow
@pytest.mark.once
def test_where_every_night_is_clear_what_the_scheduler_takes_is_what_was_forecast() -> None:
    observatory = crowded(4, seed=2)
    asked = ForecastQuestion(DAYS, datetime(2026, 12, 6, 12, tzinfo=UTC), 10, 1, Climate(1.0, ""))
    found = backtest(observatory, history(observatory, DAYS, spells(0.0, 1.0)), asked)
    assert sum(each.taken for each in found) > 100
    assert sum(each.taken for each in found) == pytest.approx(sum(each.forecast.taken[1] for each in found), rel=0.03)
    came, told = (sum(each is not None for each in dates) for dates in zip(*_dates(found), strict=True))
    assert came > 1
    assert came == pytest.approx(told, abs=1), "who is first of two that are wanted alike is open"
    nothing_came = backtest(observatory, history(observatory, DAYS, spells(0.0, 0.0)), asked)
    assert {(each.taken, each.done) for each in nothing_came} == {(0, None)}
    assert not any(each.is_within for each in nothing_came if each.forecast.taken[0])


@pytest.mark.long
def test_what_was_done_before_the_first_night_is_known_and_not_counted_again() -> None:
    observatory = crowded(4, seed=2)
    done = history(observatory, DAYS, spells(0.0, 1.0))
    later = ForecastQuestion(DAYS[1:], datetime(2026, 12, 7, 12, tzinfo=UTC), 10, 1, Climate(1.0, ""))
    found = backtest(observatory, done, later)
    for each in found:
        key = each.forecast.plan, each.forecast.goal
        before, after = (done(day).progress.get(key) for day in (DAYS[1], date.max))
        assert each.taken == (after.accepted if after else 0) - (before.accepted if before else 0)


@pytest.mark.long
def test_a_night_that_is_clear_in_part_takes_what_fits_into_it() -> None:
    observatory, day = crowded(4, seed=2), DAYS[:1]
    grid = prepare(observatory, day[0]).conditions.grid
    dark_s, counts = (grid.end - grid.start).total_seconds(), []
    for begin, end in ((0.0, 1.0), (0.0, 0.4), (0.4, 1.0)):
        done = history(observatory, day, spells(begin, end))(date.max).progress
        counts.append(sum(each.done_s for each in done.values()))
    whole, first, last = counts
    assert 0.25 * dark_s < first < 0.4 * dark_s
    assert 0.25 * dark_s < last < 0.6 * dark_s
    assert max(first, last) < whole < dark_s


@pytest.mark.slow(minutes=0.5)
def test_four_fifths_of_the_goals_come_between_the_tenth_and_the_nine_tenths() -> None:
    """Under nights of the very climate, some clear in part; by whom comes first of two wanted alike, less are."""
    within, goals, _ = zip(*(covered(6, 6, seed) for seed in range(8)), strict=True)
    assert sum(within) / sum(goals) >= 0.75
