"""No schedule is worth more than the bound by prices of time, and what is plain to work out by hand is hardly less."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from math import inf
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.schedule.bearings import Aim, Bearings
from obsy.engine.schedule.better import better
from obsy.engine.schedule.bound.time_prices import at_most_by_time
from obsy.engine.schedule.filling import goal_of
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.order import Order, Stint
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import NOT_CHOSEN, Candidate
from obsy.engine.schedule.tonight import in_order, tonight
from obsy.engine.schedule.value import of_night
from obsy.engine.sky.grid import Grid
from obsy.schemas.value import Value
from tests.support.effort import costly
from tests.support.equipment import one
from tests.unit.engine.schedule.bound.test_bound import FIRST_S, cut, hours, is_near, west
from tests.unit.engine.schedule.test_at_most import FREE, MOUNTS, NOTHING, WEIGHTS, drawn

Ask = Callable[..., Candidate]
LAW = settings(max_examples=costly(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


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
    asked = [cut(each, night) for each in drawn(ask, night, chance, [name for trains in mounts for name in trains])]
    begin = night.start + timedelta(seconds=chance.choice((0, 0, 7777)))
    lost = replace(overheads, focus_every_s=chance.choice((inf, 900.0, 3600.0))) if costs else FREE
    known = chance.choice((False, True))
    timelines = [Timeline(night, dict.fromkeys(trains, lost), begin, _stands(asked, begin, known)) for trains in mounts]
    found = better(tonight(asked, timelines, weights), asked, timelines, weights, 300)
    value = sum(of_night(found.blocks, asked, timelines, weights).values())
    assert value <= at_most_by_time(asked, timelines, weights)


def _stands(asked: list[Candidate], begin: object, known: bool) -> Bearings:
    """Return how a mount stands that has just taken the first of what is asked, or of which nothing is known."""
    if not known or not asked:
        return Bearings()
    of = asked[0].request
    aim = Aim(of.line.picture, float(asked[0].ra_deg[0]), float(asked[0].dec_deg[0]), of.train, of.line.filter, 1)
    return Bearings(aim, focused={of.train: begin})  # type: ignore[dict-item]


@pytest.mark.slow
@pytest.mark.once
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
    assert value <= at_most_by_time(asked, mounts, weights)


@pytest.mark.long
@pytest.mark.once
@LAW
@given(st.randoms(use_true_random=False), WEIGHTS)
def test_none_of_all_orders_of_a_few_goals_is_worth_more(
    ask: Ask, grid: Grid, overheads: Overheads, chance: Random, weights: Value
) -> None:
    night, asked = Grid(grid.start, grid.step_s, 91), []
    for n in range(4):
        count, exposure_s = chance.choice((3, 8, 20)), chance.choice((60.0, 180.0))
        where = {"ra_deg": chance.uniform(0, 90), "rising_h": chance.uniform(-1, 1)}
        goal = {"goal": f"F{n}", "role": f"F{n}", "count": count, "exposure_s": exposure_s}
        asked.append(cut(ask(f"p{n // chance.choice((1, 2))}", priority=chance.randint(1, 9), **goal, **where), night))
    mounts = [one(night, replace(overheads, focus_every_s=1800.0))]
    begun, most = tonight(asked, mounts, weights), 0.0
    for some in permutations(asked):
        order: Order = tuple(
            Stint(goal_of(c.request), c.request.train, chance.choice((1, c.request.count))) for c in some
        )
        found = in_order(begun, asked, mounts, weights, order)
        most = max(most, sum(of_night(found.blocks, asked, mounts, weights).values()))
    assert 0 < most <= at_most_by_time(asked, mounts, weights)


@pytest.fixture
def bound(grid: Grid, overheads: Overheads) -> Callable[..., float]:
    """The bound of the example's mount, in a night of ten hours, with no weights but these."""

    def _bound(*asked: Candidate, **weights: float) -> float:
        return at_most_by_time(asked, [one(grid, overheads)], Value.model_construct(**(NOTHING | weights)))

    return _bound


@pytest.mark.long
@pytest.mark.once
def test_each_target_pays_for_its_slew(ask: Ask, bound: Callable[..., float]) -> None:
    asked = [west(ask, f"p{number}", count=20, priority=6, ra_deg=30.0 * number) for number in range(11)]
    apart_s = 22.6 / 4.0 + 8.0  # 30 deg of right ascension at 41 deg
    fits = 6 * hours(36000 - FIRST_S - 9 * apart_s)
    assert fits <= bound(*asked) < 1.015 * fits


@pytest.mark.slow
@pytest.mark.once
def test_focus_runs_that_must_be_due_cost_their_time(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    weights, asked = Value.model_construct(**NOTHING), [west(ask, "m31", count=300, priority=6)]
    hourly = one(grid, replace(overheads, focus_every_s=3600.0, focus_s=600.0))
    never = one(grid, replace(overheads, focus_every_s=inf, focus_s=600.0))
    part = 600.0 / (3600.0 + 19 * 182.0 + 60.0)
    found = at_most_by_time(asked, [hourly], weights) / at_most_by_time(asked, [never], weights)
    assert 1 / (1 + part) <= found < 1 - 0.8 * part


@pytest.mark.long
def test_what_begins_focused_and_where_the_mount_stands_pays_for_neither(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    night, slow = Grid(grid.start, grid.step_s, 101), replace(overheads, slew_deg_s=0.1, focus_s=600.0)
    asked = [cut(west(ask, name, count=300, priority=9 - n, ra_deg=60.0 * n), night) for n, name in enumerate("ab")]
    of, weights = asked[0].request, Value.model_construct(**NOTHING)
    where = float(asked[0].ra_deg[0]), float(asked[0].dec_deg[0])
    stands = Bearings(Aim(of.line.picture, *where, of.train, of.line.filter, 1), focused={of.train: night.start})
    mounts = [Timeline(night, {of.train: replace(slow, focus_every_s=3700.0)}, night.start, stands)]
    found = tonight(asked, mounts, weights)
    value = sum(of_night(found.blocks, asked, mounts, weights).values())
    assert value == pytest.approx(9 * hours(6000)), "all of it, without a way or a focus run"
    assert value <= at_most_by_time(asked, mounts, weights) < 1.04 * value


def test_of_a_list_only_as_many_count_as_may_be_begun(ask: Ask, bound: Callable[..., float]) -> None:
    def listed(name: str, many: int) -> Candidate:
        each = west(ask, name, count=20, priority=6, ra_deg=30.0 * len(name))
        return replace(each, request=replace(each.request, choice=("stars", many)))

    assert is_near(bound(listed("a", 1), listed("bb", 1), listed("ccc", 1)), 6.0)
    assert is_near(bound(listed("a", 2), listed("bb", 2), listed("ccc", 2)), 12.0)


def test_where_there_is_too_much_or_nothing_to_take_it_says_so(
    ask: Ask, bound: Callable[..., float], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bound() == 0.0
    assert bound(replace(ask("m31"), refused=NOT_CHOSEN)) == 0.0
    monkeypatch.setattr("obsy.engine.schedule.bound.time_prices.MANY", 1)
    assert bound(ask("m31"), ask("m33")) == inf
    assert bound(ask("m31")) < inf


@pytest.mark.slow
@pytest.mark.once
def test_the_same_night_has_the_same_bound(ask: Ask, bound: Callable[..., float]) -> None:
    asked = [ask(f"p{number}", count=20 + number, ra_deg=9.0 * number, rising_h=number - 9.0) for number in range(9)]
    assert bound(*asked, completion=1.0, balance=0.5) == bound(*asked, completion=1.0, balance=0.5)
