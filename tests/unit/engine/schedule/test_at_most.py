"""No schedule is worth more than the bound says, and where nothing is lost between frames, one is worth as much."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.schedule.at_most import Worth, at_most, worth
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Candidate, Schedule
from obsy.engine.schedule.tonight import tonight
from obsy.engine.schedule.value import of_night
from obsy.engine.sky.grid import Grid, Window
from obsy.schemas.value import Value
from tests.support.effort import costly
from tests.support.equipment import one

Ask = Callable[..., Candidate]
LAW = settings(max_examples=costly(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FREE = Overheads(1e9, 0.0, 0.0, 0.0, 0.0, 0.0, None)
"""A mount that loses nothing between frames."""
GOAL = st.tuples(st.integers(1, 9), st.integers(1, 90), st.integers(0, 500), st.sampled_from((0.2, 45.0, 180.0, 600.0)))
WEIGHTS = st.builds(
    Value.model_construct,
    **{name: st.floats(0, 5) for name in ("quality", "moon", "staying", "filter", "balance", "completion")},
)


@pytest.fixture
def costs(overheads: Overheads) -> list[Overheads]:
    return [overheads, FREE]


@LAW
@given(st.lists(GOAL, min_size=1, max_size=6), WEIGHTS, st.booleans(), st.integers(0, 300), st.booleans())
def test_no_schedule_is_worth_more_than_the_bound(  # noqa: PLR0913, PLR0917  the fixtures, and a night
    ask: Ask,
    grid: Grid,
    costs: list[Overheads],
    goals: list[tuple[int, int, int, float]],
    weights: Value,
    costly: bool,
    height: int,
    covered: bool,
) -> None:
    asked = []
    for number, (priority, count, first, exposure_s) in enumerate(goals):
        free = np.arange(grid.count) >= first
        what = {"goal": f"F{number}", "role": f"F{number}", "count": count, "exposure_s": exposure_s}
        each = ask(f"p{number // 2}", free, priority=priority, **what)
        rising = np.abs(np.sin((grid.seconds + 60 * height) / 15000)) * 70
        asked.append(replace(each, altitude_deg=rising, moonlight=rising / 200))
    if covered:
        window = Window(grid.at(100), grid.at(220))
        asked.append(replace(ask("transit", priority=8), fixed=window))
    timelines = [one(grid, costs[0 if costly else 1])]
    found = tonight(asked, timelines, weights)
    value = sum(of_night(found.blocks, asked, timelines, weights).values())
    assert value <= at_most(asked, timelines, weights) + 1e-6
    assert value <= at_most(asked, timelines, weights, value) + 1e-6


def test_what_fits_without_loss_is_worth_what_the_bound_says(ask: Ask, grid: Grid) -> None:
    asked, timelines = [ask("m31", count=40), ask("m33", count=20)], [one(grid, FREE)]
    weights = Value.model_construct(staying=0.0, filter=0.0, balance=0.0)
    found = worth(tonight(asked, timelines, weights), asked, timelines, weights)
    assert found.value == pytest.approx(found.at_most, rel=1e-3)


def test_what_does_not_fit_is_worth_its_dearest_hours(ask: Ask, grid: Grid) -> None:
    asked = [ask("m31", count=300, priority=4), ask("m33", count=120, priority=6)]  # 15 h and 6 h, of a night of 10 h
    weights = Value.model_construct(staying=0.0, filter=0.0, balance=0.0, quality=0.0, moon=0.0, completion=0.0)
    assert at_most(asked, [one(grid, FREE)], weights) == pytest.approx(6 * 6 + 4 * 4, rel=0.01)


def test_a_mount_that_begins_late_can_be_worth_less(ask: Ask, grid: Grid) -> None:
    late = [one(grid, FREE, grid.start + timedelta(hours=8))]
    weights = Value.model_construct(staying=0.0, filter=0.0, balance=0.0, quality=0.0, moon=0.0, completion=0.0)
    assert at_most([ask("m31", count=300, priority=4)], late, weights) == pytest.approx(2 * 4, rel=0.01)


def test_of_a_list_only_as_many_count_as_may_be_chosen(ask: Ask, grid: Grid) -> None:
    weights = Value.model_construct(staying=0.0, filter=0.0, balance=0.0, quality=0.0, moon=0.0, completion=0.0)

    def listed(name: str) -> Candidate:
        each = ask(name, count=20, priority=5)  # an hour
        return replace(each, request=replace(each.request, choice=("stars", 1)))

    assert at_most([listed("a"), listed("b")], [one(grid, FREE)], weights) == pytest.approx(5, rel=0.01)


def test_nothing_is_worth_nothing(grid: Grid, overheads: Overheads) -> None:
    mount: Timeline = one(grid, overheads)
    assert worth(Schedule((), ()), [], [mount], Value.model_construct()) == Worth(0.0, 0.0)
    assert Worth(0.0, 0.0).gap == 0.0
    assert Worth(9.0, 10.0).gap == pytest.approx(0.1)
