"""What is told of many candidates at once is never less than what each of them deserves."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.schedule.bearings import Aim, Bearings
from obsy.engine.schedule.filling import ROUNDING, FillingRule, NightFilling
from obsy.engine.schedule.fit import Timeline, fit
from obsy.engine.schedule.merit_bounds import MeritBounds
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Candidate
from obsy.engine.schedule.value import merit
from obsy.engine.sky.grid import Grid
from obsy.schemas.value import Value
from tests.support.effort import examples
from tests.support.equipment import one

Ask = Callable[..., Candidate]


@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.integers(0, 500),
    length=st.integers(1, 100),
    into=st.integers(-3, 50),
    ra_deg=st.floats(0, 359),
    rising_h=st.floats(-6, 2),
    count=st.integers(1, 400),
    was=st.sampled_from([None, "p", "other"]),
    urgency=st.sampled_from([0.0, 2.0]),
)
def test_no_block_deserves_more_than_was_told_of_it_with_all_others(  # noqa: PLR0913, PLR0917
    ask: Ask,
    grid: Grid,
    overheads: Overheads,
    first: int,
    length: int,
    into: int,
    ra_deg: float,
    rising_h: float,
    count: int,
    was: str | None,
    urgency: float,
) -> None:
    free = np.zeros(grid.count, bool)
    free[first : first + length] = True
    at = max(0, first + into)
    timeline, weights = one(grid, overheads), Value(urgency=urgency)
    rises = np.linspace(5.0, 60.0, grid.count)
    asked = replace(
        ask("p", free, count=count, ra_deg=ra_deg, rising_h=rising_h), altitude_deg=rises, moonlight=1 - rises / 60
    )
    last = None if was is None else Aim(was, 10.0, 20.0, asked.request.train, asked.request.line.filter, 1)
    block = fit(asked, timeline, (grid.at(at), Bearings(last), None), count)
    told, latest = MeritBounds.of([asked]), grid.at(at) + timedelta(seconds=overheads.longest_s)
    needed_s = np.array([count * timeline.each_s(asked.request)])
    span = (at, grid.index(min(latest, grid.end)))
    bound = told.at_most(span, needed_s, grid.step_s, weights) + told.staying(last, weights)
    if block is not None:
        deserved = merit(asked, block.start, timeline, last, weights) - asked.request.claim.total
        assert float(np.atleast_1d(bound)[0]) + ROUNDING >= deserved


def test_a_span_is_told_of_what_it_holds_and_no_more(ask: Ask, grid: Grid) -> None:
    free = np.arange(grid.count) < 100  # noqa: PLR2004
    rises = np.where(np.arange(grid.count) <= 60, 30.0, 90.0)  # noqa: PLR2004
    asked = replace(ask("p", free, exposure_s=1800.0), altitude_deg=rises, moonlight=np.full(grid.count, 0.75))
    told, weights = MeritBounds.of([asked]), Value(urgency=0.0, quality=1.0, moon=2.0)
    low, high = (float(asked.quality[each] + 2.0 * asked.moonless[each]) for each in (60, 61))
    assert low < high
    needed_s = np.array([3600.0])
    found = [float(told.at_most((first, last), needed_s, 60.0, weights)[0]) for first, last in ((50, 60), (50, 61))]
    assert found == pytest.approx([low, high])
    assert told.at_most((100, 110), needed_s, 60.0, weights).tolist() == [-np.inf]
    assert told.at_most((99, 99), needed_s, 60.0, weights).tolist() == [pytest.approx(high)]
    assert told.exposure_h.tolist() == [0.5]
    weights = Value.model_construct(staying=0.5, filter=0.25)
    mine = Aim("p", 10.0, 20.0, asked.request.train, asked.request.line.filter, 1)
    assert [told.staying(each, weights) for each in (mine, replace(mine, filter="R"), replace(mine, picture="q"))] == [
        0.75,
        0.5,
        0.25,
    ]
    assert told.staying(None, weights) == 0.0, "what follows nothing stays with nothing"


def test_a_goal_of_less_than_a_second_presses_as_hard_as_any_whose_last_chance_it_is(ask: Ask, grid: Grid) -> None:
    told, weights = MeritBounds.of([ask("p", np.arange(grid.count) < 1)]), Value(urgency=2.0, quality=0.0, moon=0.0)
    assert told.at_most((0, 5), np.array([0.3]), 60.0, weights).tolist() == [2.0]


def test_what_opens_at_either_end_does_not_open_between(ask: Ask, grid: Grid) -> None:
    told = MeritBounds.of([ask(name, np.arange(grid.count) >= at) for name, at in (("a", 15), ("b", 10), ("c", 5))])
    assert list(told.opening(5, 15)) == [(10, 1)]
    assert list(told.opening(4, 16)) == [(5, 2), (10, 1), (15, 0)]


def test_the_first_instant_at_which_any_of_some_is_free_is_known_from_every_instant_on(ask: Ask, grid: Grid) -> None:
    minutes = np.arange(grid.count)
    told = MeritBounds.of([ask("a", minutes == 15), ask("b", (minutes == 10) | (minutes > 20))])
    both, only = np.array([True, True]), np.array([True, False])
    assert [told.comes(both, at) for at in (0, 10, 11, 15, 16, 21, 22)] == [10, 10, 15, 15, 21, 21, 22]
    assert [told.comes(only, at) for at in (0, 15, 16, grid.count)] == [15, 15, grid.count, grid.count]
    assert told.comes(~both, 0) == grid.count


def test_nothing_asked_for_deserves_nothing(grid: Grid) -> None:
    assert MeritBounds.of([]).at_most((0, 5), np.zeros(0), grid.step_s, Value()).shape == (0,)


class Counting(Timeline):
    """A mount's night that counts how often a way to a block is worked out."""

    ways = 0

    def between(self, before: Bearings, to: Aim, now: datetime) -> float:
        """Return the same, and count."""
        type(self).ways += 1
        return super().between(before, to, now)


def test_of_many_goals_only_those_that_may_be_next_are_looked_at_one_by_one(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    Counting.ways = 0
    asked = [ask(f"p{n}", count=20, priority=1 + n % 9, ra_deg=n * 1.2) for n in range(300)]
    places = [Counting(grid, {asked[0].request.train: overheads}, grid.start)]
    blocks = NightFilling(asked, places, FillingRule(Value())).filled()
    assert Counting.ways < len(asked) * len(blocks) / 3
