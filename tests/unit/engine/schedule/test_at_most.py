"""No schedule is worth more than the bound says, and where nothing is lost between frames, one is worth as much."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.schedule.at_most import Worth, at_most, worth
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Candidate, Claim, Schedule
from obsy.engine.schedule.tonight import tonight
from obsy.engine.schedule.value import of_night
from obsy.engine.sky.grid import Grid, Window
from obsy.schemas.value import Value
from tests.support.effort import costly
from tests.support.equipment import one

Ask = Callable[..., Candidate]
Bound = Callable[..., float]
LAW = settings(max_examples=costly(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FREE = Overheads(1e9, 0.0, 0.0, 0.0, 0.0, 0.0, None)
"""A mount that loses nothing between frames."""
WEIGHTS = st.builds(
    Value.model_construct,
    **{name: st.floats(0, 5) for name in ("quality", "moon", "staying", "filter", "balance", "completion")},
)
NOTHING = dict.fromkeys(("quality", "moon", "staying", "filter", "balance", "completion"), 0.0)
MOUNTS = ((("newton",),), (("newton",), ("wide",)), (("newton", "wide"),), (("newton", "wide"), ("guide",)))
"""Trains by mount."""


@pytest.fixture
def costs(overheads: Overheads) -> list[Overheads]:
    return [overheads, FREE]


def drawn(ask: Ask, grid: Grid, chance: Random, trains: Sequence[str]) -> list[Candidate]:
    """Goals of up to three plans, on several trains, in and out of sight, some begun, covered or chosen from a list."""
    asked, lists = [], {f"p{n}": chance.choice((None, None, ("stars", 1), ("stars", 2))) for n in range(3)}
    for number in range(chance.randint(1, 6)):
        plan, count, free = f"p{number // 2}", chance.choice((1, 1, 2, 9, 90, 300)), np.zeros(grid.count, bool)
        for _ in range(chance.randint(1, 3)):
            first = chance.randrange(grid.count - 10)
            free[first : first + chance.randint(1, 400)] = True
        what = {"goal": f"F{number}", "role": f"F{number % 3}", "count": count}
        claim = Claim(chance.uniform(1, 9), season=chance.uniform(0, 2), immediate=chance.choice((0.0, 0.0, 1000.0)))
        what |= {"exposure_s": chance.choice((0.2, 45.0, 180.0, 600.0)), "claim": claim}
        rising = np.abs(np.sin((grid.seconds + 60 * chance.randrange(300)) / chance.choice((300, 15000)))) * 70
        first, size = chance.randrange(500), count + chance.choice((0, 0, 3, 40))
        window = Window(grid.at(first), grid.at(first + chance.randint(1, 90)))
        covered = chance.random() < 0.2  # noqa: PLR2004
        for train in chance.sample(trains, chance.randint(1, len(trains))):
            each = ask(plan, free, train=train, rising_h=chance.uniform(-12, 5), **what)
            goal = each.request.line.goal.model_copy(update={"count": size})
            line = replace(each.request.line, goal=goal, together=chance.choice((1, 1, 3)))
            request = replace(each.request, line=line, choice=lists[plan])
            each = replace(each, request=request, altitude_deg=rising, moonlight=rising / 200)
            asked.append(replace(each, fixed=window, free=free | chance.choice((True, False))) if covered else each)
    return asked


@pytest.mark.slow
@pytest.mark.once
@LAW
@given(st.randoms(use_true_random=False), WEIGHTS, st.sampled_from(MOUNTS), st.booleans())
def test_no_schedule_is_worth_more_than_the_bound(  # noqa: PLR0913, PLR0917  the fixtures, and a night
    ask: Ask,
    grid: Grid,
    costs: list[Overheads],
    chance: Random,
    weights: Value,
    mounts: tuple[tuple[str, ...], ...],
    costly: bool,
) -> None:
    asked = drawn(ask, grid, chance, [train for trains in mounts for train in trains])
    begin = grid.start + timedelta(seconds=chance.choice((0, 0, 7777)))
    timelines = [Timeline(grid, dict.fromkeys(trains, costs[0 if costly else 1]), begin) for trains in mounts]
    value = sum(of_night(tonight(asked, timelines, weights).blocks, asked, timelines, weights).values())
    assert 0 <= value <= at_most(asked, timelines, weights, value)
    assert value <= at_most(asked, timelines, weights), "where nothing is known to be possible, too"


@pytest.mark.long
@pytest.mark.once
def test_a_bound_that_is_too_low_would_be_seen(
    ask: Ask, grid: Grid, overheads: Overheads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("obsy.engine.schedule.at_most.most", lambda *_: 1.0)
    asked, timelines = [ask("m31", count=40)], [one(grid, overheads)]
    found = worth(tonight(asked, timelines), asked, timelines, Value.model_construct())
    assert found.value > found.at_most == pytest.approx(1.0)


@pytest.mark.long
@pytest.mark.once
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
    other = listed("c")
    other = replace(other, request=replace(other.request, choice=("moons", 1)))
    all_three = [listed("a"), listed("b"), other]
    assert at_most(all_three, [one(grid, FREE)], weights) == pytest.approx(10, rel=0.01), "a list is one by itself"


@pytest.mark.slow
@pytest.mark.once
def test_of_both_bounds_the_lower_counts(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    asked, weights = [ask(f"p{n}", count=20, ra_deg=30.0 * n) for n in range(11)], Value.model_construct(**NOTHING)
    found = worth(Schedule((), ()), asked, [one(grid, overheads)], weights).at_most
    assert found < at_most(asked, [one(grid, overheads)], weights) - 0.05, "set-ups cost time"
    free = worth(Schedule((), ()), asked, [one(grid, FREE)], weights).at_most
    assert free <= at_most(asked, [one(grid, FREE)], weights)


def test_nothing_is_worth_nothing(grid: Grid, overheads: Overheads) -> None:
    mount: Timeline = one(grid, overheads)
    assert worth(Schedule((), ()), [], [mount], Value.model_construct()) == Worth(0.0, 0.0)
    assert Worth(0.0, 0.0).gap == 0.0
    assert Worth(9.0, 10.0).gap == pytest.approx(0.1)
    assert Worth(0.4, 0.5).gap == pytest.approx(0.2)


@pytest.fixture
def bound(grid: Grid) -> Callable[..., float]:
    """What nothing is worth more than on a mount that loses nothing, with no weights but these."""

    def _bound(*asked: Candidate, begin: int = 0, **weights: float) -> float:
        timeline = one(grid, FREE, grid.at(begin))
        return at_most(asked, [timeline], Value.model_construct(**(NOTHING | weights)))

    return _bound


def is_just(found: float, true: float) -> bool:
    """Whether a bound is above by what sums are wrong by, and no more."""
    return 0 < found - true < 3e-9 * true


def of_size(candidate: Candidate, size: int) -> Candidate:
    line = candidate.request.line
    line = replace(line, goal=line.goal.model_copy(update={"count": size}))
    return replace(candidate, request=replace(candidate.request, line=line))


def test_frames_that_all_fit_are_worth_their_hours_by_each_weight(ask: Ask, grid: Grid, bound: Bound) -> None:
    asked = replace(ask("m31", count=20), moonlight=np.full(grid.count, 0.75))
    dim = float(asked.moonless[0])
    assert 0 < dim < 1
    found = bound(asked, staying=0.3, filter=0.2, quality=0.7, moon=0.4)
    assert found == pytest.approx(5 + 0.3 + 0.2 + 0.7 + 0.4 * dim, rel=1e-6)
    assert is_just(bound(asked), 5.0)


def test_only_goals_that_lag_most_bring_a_picture_on_and_all_of_it(ask: Ask, bound: Bound) -> None:
    nothing = {"claim": Claim(0.0)}
    lags = of_size(ask("m31", goal="L", role="L", count=40, **nothing), 40)  # two hours, all of them
    leads = of_size(ask("m31", goal="R", role="R", count=30, exposure_s=360.0, **nothing), 100)  # three of ten
    assert is_just(bound(lags, leads, balance=1.0), 12.0)


def test_what_finishes_half_an_hour_counts_as_half_an_hour(ask: Ask, grid: Grid, bound: Bound) -> None:
    nothing, window = {"claim": Claim(0.0)}, Window(grid.at(60), grid.at(61))
    assert is_just(bound(ask("m31", count=10, **nothing), completion=1.0), 0.5)
    covered = of_size(ask("transit", count=1, fixed=window, **nothing), 10)
    assert is_just(bound(covered, completion=1.0), 0.5)


def test_a_fixed_hour_holds_as_many_frames_as_can_touch_it(ask: Ask, grid: Grid, bound: Bound) -> None:
    window = Window(grid.at(60), grid.at(120))
    assert is_just(bound(ask("transit", count=1, fixed=window, exposure_s=100.0, priority=36)), 37.0)


def test_a_night_holds_its_last_minute_and_frames_of_a_twentieth_of_a_second(
    ask: Ask, grid: Grid, bound: Bound
) -> None:
    assert bound(ask("m31", count=3000, exposure_s=60.0, priority=6)) == pytest.approx(60.0, abs=0.01)
    first = np.arange(grid.count) < 2  # noqa: PLR2004
    assert bound(ask("m31", first, count=12000, exposure_s=0.05, priority=3600)) == pytest.approx(600.0, rel=1e-4)


@pytest.mark.parametrize("instant", [0, 8, 9, 10, 11, 599])
def test_a_frame_that_only_one_instant_allows_counts(ask: Ask, grid: Grid, bound: Bound, instant: int) -> None:
    only = np.arange(grid.count) == instant
    assert is_just(bound(ask("m31", only, count=1, exposure_s=60.0, priority=60)), 1.0)


def test_a_moment_at_which_no_frame_can_begin_any_more_counts_for_nothing(ask: Ask, grid: Grid, bound: Bound) -> None:
    high = np.where(np.arange(grid.count) == 591, 80.0, 40.0)  # noqa: PLR2004
    asked = replace(ask("m31", count=1, exposure_s=630.0, claim=Claim(0.0)), altitude_deg=high)
    assert is_just(bound(asked, quality=8.0), 8.0 * float(asked.quality[0]) * 630 / 3600)
