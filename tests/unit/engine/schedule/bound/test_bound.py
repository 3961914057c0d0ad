"""No schedule is worth more than the bound that knows set-ups, and what is plain to work out by hand is hardly less."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from math import inf
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.schedule.better import better
from obsy.engine.schedule.bound.bound import at_most_with_setups
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import NOT_CHOSEN, Candidate
from obsy.engine.schedule.tonight import tonight
from obsy.engine.schedule.value import of_night
from obsy.engine.sky.grid import Grid, Window
from obsy.schemas.value import Value
from tests.support.effort import costly
from tests.support.equipment import example, one
from tests.unit.engine.schedule.test_at_most import FREE, MOUNTS, NOTHING, WEIGHTS, drawn

Ask = Callable[..., Candidate]
LAW = settings(max_examples=costly(6), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
EACH_S = 182.0
"""Of a frame of 180 s, with its download."""
FIRST_S = 72.0
"""To the first target: settling, filter, focus run."""


@pytest.mark.long
@pytest.mark.once
@LAW
@given(st.randoms(use_true_random=False), WEIGHTS, st.sampled_from(MOUNTS), st.booleans())
def test_no_schedule_is_worth_more(  # noqa: PLR0913, PLR0917  the fixtures, and a night
    ask: Ask,
    grid: Grid,
    overheads: Overheads,
    chance: Random,
    weights: Value,
    mounts: tuple[tuple[str, ...], ...],
    costs: bool,
) -> None:
    night = Grid(grid.start, grid.step_s, 301)
    asked = drawn(ask, night, chance, [train for trains in mounts for train in trains])
    asked = [cut(each, night) for each in asked]
    begin = night.start + timedelta(seconds=chance.choice((0, 0, 7777)))
    lost = replace(overheads, focus_every_s=chance.choice((inf, 900.0, 3600.0))) if costs else FREE
    timelines = [Timeline(night, dict.fromkeys(trains, lost), begin) for trains in mounts]
    found = better(tonight(asked, timelines, weights), asked, timelines, weights, 300)
    value = sum(of_night(found.blocks, asked, timelines, weights).values())
    assert value <= at_most_with_setups(asked, timelines, weights)


@LAW
@given(st.floats(-2.1, -0.3), st.sampled_from((30.0, 60.0, 180.0)), st.sampled_from((900.0, 1800.0, 3600.0)), WEIGHTS)
def test_none_is_worth_more_whose_target_passes_the_meridian(  # noqa: PLR0913, PLR0917  the fixtures, and a night
    ask: Ask, grid: Grid, overheads: Overheads, rising_h: float, exposure_s: float, every_s: float, weights: Value
) -> None:
    night = Grid(grid.start, grid.step_s, 181)
    mounts = [one(night, replace(overheads, focus_every_s=every_s))]
    asked = [cut(ask("m31", count=900, rising_h=rising_h, exposure_s=exposure_s), night)]
    found = better(tonight(asked, mounts, weights), asked, mounts, weights, 100)
    value = sum(of_night(found.blocks, asked, mounts, weights).values())
    assert value <= at_most_with_setups(asked, mounts, weights)


@pytest.mark.long
def test_what_passes_the_meridian_while_it_is_focused_needs_no_flip(ask: Ask, grid: Grid) -> None:
    night, weights = Grid(grid.start, grid.step_s, 181), Value.model_construct()
    mounts = [one(night, replace(Overheads.of(example().instruments[0]), focus_every_s=3600.0))]
    asked = [cut(ask("m31", count=900, rising_h=-2.036, exposure_s=30.0), night)]
    found = better(tonight(asked, mounts, weights), asked, mounts, weights, 300).blocks
    before, after = next(pair for pair in pairwise(found) if pair[0].hour_angle_h < 0 <= pair[1].hour_angle_h)
    assert round((after.start - before.end).total_seconds()) == 91, "a focus run, and no flip of 188 s"
    assert sum(of_night(found, asked, mounts, weights).values()) <= at_most_with_setups(asked, mounts, weights)


def cut(candidate: Candidate, night: Grid) -> Candidate:
    """Return a candidate of a whole night in a shorter one."""
    names = ("ra_deg", "dec_deg", "altitude_deg", "hour_angle_h", "free")
    cut = replace(candidate, **{name: getattr(candidate, name)[: night.count] for name in names})
    moon = candidate.moonlight
    return replace(cut, moonlight=moon if isinstance(moon, float) else moon[: night.count])


@pytest.fixture
def bound(grid: Grid, overheads: Overheads) -> Callable[..., float]:
    """The bound of the example's mount, in a night of ten hours, with no weights but these."""

    def _bound(*asked: Candidate, **weights: float) -> float:
        return at_most_with_setups(asked, [one(grid, overheads)], Value.model_construct(**(NOTHING | weights)))

    return _bound


def hours(*seconds: float) -> float:
    """Return the hours of exposure in the whole frames that some spans of time hold."""
    return sum(each // EACH_S for each in seconds) * 180 / 3600


def is_near(found: float, true: float) -> bool:
    """Whether a bound is above what is true, and hardly more than by a frame."""
    return true <= found <= 1.009 * true


def west(ask: Ask, name: str, **change: object) -> Candidate:
    """Return a candidate that has passed the meridian before dusk."""
    return ask(name, rising_h=1.0, **change)


def test_what_fills_the_night_pays_for_its_first_set_up(ask: Ask, bound: Callable[..., float]) -> None:
    assert is_near(bound(west(ask, "m31", count=300, priority=6)), 6 * hours(36000 - FIRST_S))


@pytest.mark.long
def test_each_target_pays_for_its_slew_and_no_focus_run_that_may_not_be_due(
    ask: Ask, bound: Callable[..., float]
) -> None:
    asked = [west(ask, f"p{number}", count=20, priority=6, ra_deg=30.0 * number) for number in range(11)]
    apart_s = 22.6 / 4.0 + 8.0  # 30 deg of right ascension at 41 deg
    assert is_near(bound(*asked), 6 * hours(36000 - FIRST_S - 9 * apart_s))


def test_filters_of_a_picture_cost_the_wheel(ask: Ask, bound: Callable[..., float]) -> None:
    asked = [west(ask, "m31", goal=role, role=role, count=50, priority=6) for role in "LRGB"]
    assert is_near(bound(*asked), 6 * hours(36000 - FIRST_S - 3 * 4.0))


@pytest.mark.long
@pytest.mark.once
def test_what_begins_with_another_target_or_filter_is_not_paid_for_staying(
    ask: Ask, bound: Callable[..., float]
) -> None:
    asked = [west(ask, "m31", goal=role, role=role, count=1, priority=6) for role in "LR"]
    assert 0.05 * (2 * 6 + 1) <= bound(*asked, staying=1.0, filter=2.0) < 0.05 * (2 * 6 + 2 * 3) - 0.05


def test_a_mount_flips_where_its_target_passes_the_meridian(ask: Ask, bound: Callable[..., float]) -> None:
    flips, within = ask("m31", count=300, priority=6, rising_h=-5.0), 36000 - FIRST_S
    assert is_near(bound(flips), 6 * hours(within - 188.0))
    assert bound(flips) < bound(west(ask, "m31", count=300, priority=6)) - 0.15


def test_a_mount_may_wait_for_its_target_without_another_set_up(
    ask: Ask, grid: Grid, bound: Callable[..., float]
) -> None:
    free = np.ones(grid.count, bool)
    free[200:400] = False
    found = bound(west(ask, "m31", free=free, count=300, priority=6))
    assert is_near(found, 6 * hours(199 * 60 - FIRST_S, 200 * 60))


@pytest.mark.long
@pytest.mark.once
def test_what_cannot_be_finished_tonight_is_not_paid_for_it(ask: Ask, grid: Grid, bound: Callable[..., float]) -> None:
    free = np.arange(grid.count) <= 30
    assert bound(west(ask, "m31", free=free, count=9, priority=6), completion=1.0) > 6 * 0.45 + 0.4
    assert bound(west(ask, "m31", free=free, count=10, priority=6), completion=1.0) < 6 * 0.5


@pytest.mark.long
@pytest.mark.once
def test_a_picture_comes_on_with_the_goal_that_lags_most(ask: Ask, grid: Grid, bound: Callable[..., float]) -> None:
    taken = west(ask, "m31", goal="L", role="L", count=10, priority=6)
    never = west(ask, "m31", goal="R", role="R", count=10, free=np.zeros(grid.count, bool))
    assert bound(taken, balance=1.0) == pytest.approx(6 * 0.5 + 0.5, rel=1e-3)
    assert bound(taken, never, balance=1.0) == pytest.approx(6 * 0.5, rel=1e-3)


@pytest.mark.slow
@pytest.mark.once
def test_of_a_list_only_as_many_count_as_may_be_begun(ask: Ask, bound: Callable[..., float]) -> None:
    def listed(name: str, many: int) -> Candidate:
        each = west(ask, name, count=20, priority=6, ra_deg=30.0 * len(name))
        return replace(each, request=replace(each.request, choice=("stars", many)))

    assert is_near(bound(listed("a", 1), listed("bb", 1), listed("ccc", 1)), 6.0)
    assert is_near(bound(listed("a", 2), listed("bb", 2), listed("ccc", 2)), 12.0)


@pytest.mark.slow
@pytest.mark.once
def test_what_two_trains_could_take_counts_once(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    mounts = [Timeline(grid, {name: overheads}, grid.start) for name in ("newton", "wide")]
    asked = [west(ask, "m31", train=name, count=60, priority=6) for name in ("newton", "wide")]
    found = at_most_with_setups(asked, mounts, Value.model_construct(**(NOTHING | {"completion": 1.0})))
    assert is_near(found, 6 * 3 + 1)


def test_an_event_is_paid_for_within_its_time_and_as_covered(ask: Ask, grid: Grid, bound: Callable[..., float]) -> None:
    covered = west(ask, "transit", count=1, priority=6, fixed=Window(grid.at(60), grid.at(120)))
    assert 6 * hours(3600) <= bound(covered) < 6.0
    assert bound(covered, completion=1.0) - bound(covered) == pytest.approx(0.05, rel=1e-3)


def test_a_mount_that_begins_late_is_worth_less(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    late = one(grid, overheads, grid.start + timedelta(hours=8))
    asked = [west(ask, "m31", count=300, priority=6)]
    assert is_near(at_most_with_setups(asked, [late], Value.model_construct(**NOTHING)), 6 * hours(7200 - FIRST_S))


@pytest.mark.long
def test_frames_are_paid_by_the_best_moment_that_they_hold(ask: Ask, grid: Grid, bound: Callable[..., float]) -> None:
    asked = west(ask, "m31", count=1, exposure_s=600.0, priority=0)
    high = np.where(np.arange(grid.count) == 300, 80.0, 30.0)
    found = bound(replace(asked, altitude_deg=high), quality=6.0)
    assert found == pytest.approx(1.0, rel=0.02)


@pytest.mark.long
@pytest.mark.once
def test_where_there_is_too_much_or_nothing_to_take_it_says_so(
    ask: Ask, bound: Callable[..., float], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bound() == 0.0
    assert bound(replace(ask("m31"), refused=NOT_CHOSEN)) == 0.0
    monkeypatch.setattr("obsy.engine.schedule.bound.bound.MANY", 1)
    assert bound(ask("m31"), ask("m33")) == inf
    assert bound(ask("m31")) < inf


@pytest.mark.slow
@pytest.mark.once
def test_the_same_night_has_the_same_bound(ask: Ask, bound: Callable[..., float]) -> None:
    asked = [ask(f"p{number}", count=20 + number, ra_deg=9.0 * number, rising_h=number - 9.0) for number in range(9)]
    assert bound(*asked, completion=1.0, balance=0.5) == bound(*asked, completion=1.0, balance=0.5)
