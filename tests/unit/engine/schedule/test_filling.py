"""The rules by which a night is filled: what gives way to what, and when a goal's turn ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.schedule import tonight as tonight_
from obsy.engine.schedule.bearings import Aim, Bearings
from obsy.engine.schedule.filling import Filling, FillingRule, NightFilling, goal_of
from obsy.engine.schedule.fit import Room, Timeline, fit
from obsy.engine.schedule.meanwhile import BusyFilling
from obsy.engine.schedule.order import order_of
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Block, Candidate
from obsy.engine.schedule.tonight import tonight
from obsy.engine.schedule.value import of_night
from obsy.engine.sky.grid import Floats, Grid, Window
from obsy.schemas.value import Value
from tests.support.effort import costly
from tests.support.equipment import one

Ask = Callable[..., Candidate]


class Here(NamedTuple):
    """Who asks, and the night of one mount."""

    ask: Ask
    grid: Grid
    overheads: Overheads


@pytest.fixture
def here(ask: Ask, grid: Grid, overheads: Overheads) -> Here:
    return Here(ask, grid, overheads)


def first(asked: list[Candidate], grid: Grid, overheads: Overheads, rule: FillingRule) -> Block:
    return NightFilling(asked, [one(grid, overheads)], rule).filled()[0]


@pytest.mark.parametrize(("opens", "name", "count"), [(30, "low", 9), (9, "low", 2), (7, "high", 19), (0, "high", 19)])
def test_what_is_wanted_less_ends_where_more_can_begin_and_is_not_begun_for_a_moment(
    here: Here, opens: int, name: str, count: int
) -> None:
    # 72 s of slewing and focusing, then frames of 182 s: nine by minute 30, two by 9; one by 7, which is too few.
    ask, grid, overheads = here
    late = np.arange(grid.count) >= opens
    asked = [ask("low", priority=2, count=19), ask("high", late, priority=9, count=19, ra_deg=15.0)]
    found = first(asked, grid, overheads, FillingRule(Value(), gives_way=True))
    assert (found.request.line.picture, found.count) == (name, count)
    whole = first(asked, grid, overheads, FillingRule(Value()))
    assert (whole.request.line.picture, whole.count) == ("low" if opens else "high", 19)


class OneByOne(NightFilling):
    """A filling that looks at every candidate, whatever it can deserve at most."""

    def _bounds(self, filling: Filling) -> Floats:
        return np.full(len(super()._bounds(filling)), np.inf)

    def _next(self, filling: Filling) -> datetime:
        return filling.timeline.next_step(filling.now)


class BusyStepByStep(BusyFilling):
    """A filling in an order that looks at every instant, whatever can begin at it."""

    def _next(self, filling: Filling) -> datetime:
        return filling.timeline.next_step(filling.now)


class Counted(NightFilling):
    """A filling that counts how often it looks for a block."""

    looks = 0

    def _best(self, filling: Filling) -> Block | None:
        self.looks += 1
        return super()._best(filling)


@settings(max_examples=costly(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chance=st.randoms(use_true_random=False),
    weights=st.builds(Value.model_construct, **{name: st.floats(0, 5) for name in ("urgency", "moon", "completion")}),
    finishing=st.sampled_from([0.0, 1.0, 3.0]),
    gives_way=st.booleans(),
    turn_s=st.sampled_from([None, 1800.0]),
)
def test_what_is_passed_over_unseen_would_not_have_been_taken(  # noqa: PLR0913, PLR0917  the fixture, and a rule
    here: Here, chance: Random, weights: Value, finishing: float, gives_way: bool, turn_s: float | None
) -> None:
    asked, more, minutes = [], {}, np.arange(here.grid.count)
    for number in range(chance.randint(2, 8)):
        first = chance.randrange(here.grid.count - 60)
        free = (minutes >= first) & (minutes < first + chance.randint(5, 500))
        what = {"goal": f"F{number}", "role": f"F{number % 3}", "train": chance.choice(["newton", "wide"])}
        what |= {"exposure_s": chance.choice([20.0, 180.0, 900.0]), "count": chance.choice([1, 5, 40, 300])}
        what |= {"priority": chance.randint(1, 9), "ra_deg": 15.0 * (number // 2), "rising_h": chance.uniform(-9, 3)}
        each = here.ask(f"p{number // 2}", free, **what)
        light = np.abs(np.sin(minutes / chance.choice([40, 900])))
        asked.append(replace(each, moonlight=light, altitude_deg=20.0 + 60.0 * light))
        more[goal_of(each.request)] = chance.choice([0.0, 0.0, -3.0, 4.0])
    rule = FillingRule(weights, turn_s, gives_way, finishing, more)
    places = [Timeline(here.grid, {train: here.overheads}, here.grid.start) for train in ("newton", "wide")]
    blocks = NightFilling(asked, places, rule).filled()
    assert blocks == OneByOne(asked, places, rule).filled()
    order = list(order_of(blocks))
    chance.shuffle(order)
    in_order = BusyFilling(asked, places, rule, tuple(order)).filled()
    assert in_order == BusyStepByStep(asked, places, rule, tuple(order)).filled()


def test_what_can_only_begin_late_is_not_looked_for_at_every_instant_before_and_after(here: Here) -> None:
    minutes = np.arange(here.grid.count)
    late = here.ask("late", (minutes >= 400) & (minutes < 420), count=3)
    night = Counted([late], [one(here.grid, here.overheads)], FillingRule(Value()))
    assert [each.count for each in night.filled()] == [3]
    assert night.looks < 20 < here.grid.count
    for asked in ([], [here.ask("never", minutes < 0)]):
        night = Counted(asked, [one(here.grid, here.overheads)], FillingRule(Value()))
        assert (night.filled(), night.looks) == ((), 1)


def test_what_needs_all_of_its_time_goes_before_what_is_wanted_a_little_more(here: Here) -> None:
    asked = [here.ask("urgent", priority=5, count=190), here.ask("patient", priority=6, count=5)]
    found = first(asked, here.grid, here.overheads, FillingRule(Value(urgency=2.0)))
    assert found.request.line.picture == "urgent"


def test_an_equal_gives_way_to_nobody(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    asked = [ask("one", count=19), ask("other", np.arange(grid.count) >= 20, count=19)]
    assert first(asked, grid, overheads, FillingRule(Value(), gives_way=True)).count == 19


def test_goals_of_a_picture_take_turns_or_one_after_the_other(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    asked = [ask("m31", goal=role, role=role, count=40, rising_h=0.5) for role in ("L", "R")]
    counts = {
        turn: [each.count for each in NightFilling(asked, [one(grid, overheads)], FillingRule(Value(), turn)).filled()]
        for turn in (1800.0, None)
    }
    assert counts[1800.0] == [9, 18, 18, 18, 13, 4]
    assert counts[None] == [40, 40]


@pytest.mark.parametrize("most", [tonight_.MOST, 0], ids=["as it is", "as if it were large"])
def test_a_night_is_never_worth_less_than_what_the_plain_rule_makes_of_it(
    most: int, ask: Ask, grid: Grid, overheads: Overheads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tonight_, "MOST", most)
    late = np.arange(grid.count) >= 30
    asked = [ask("low", priority=2, count=300), ask("high", late, priority=9, count=190, ra_deg=40.0)]
    places = [one(grid, overheads)]
    plain = sum(of_night(NightFilling(asked, places, FillingRule(Value())).filled(), asked, places, Value()).values())
    best = sum(of_night(tonight(asked, places).blocks, asked, places, Value()).values())
    assert best > plain * 1.01


@pytest.mark.parametrize("step_deg", [0.0, 3e-4])
@pytest.mark.parametrize("ra_deg", [10.123456789, 71.7])
def test_what_can_be_taken_now_is_begun_now_to_the_microsecond(here: Here, ra_deg: float, step_deg: float) -> None:
    """A place is rounded, and what moves has moved on by the first frame; else a night would wait again and again."""
    asked = here.ask("a", count=3, ra_deg=ra_deg)
    asked = replace(asked, ra_deg=asked.ra_deg + step_deg * np.arange(here.grid.count))
    known = Bearings(Aim("b", 33.3333333, 12.3456789, "newton", "R", -1))
    for late_s in (0.0, 1.234567, 777.777777):
        begin = here.grid.start + timedelta(seconds=late_s)
        (block,) = tonight([asked], [Timeline(here.grid, {"newton": here.overheads}, begin, known)]).blocks
        assert block.begin == begin


@pytest.mark.parametrize(
    ("wanted", "opens", "each_s", "counts"),
    [(2.5, 30, 182, [19]), (3.0, 30, 182, [9]), (3.0, 7, 228, [1]), (3.0, 7, 227, [])],
)
def test_what_is_wanted_by_half_a_step_more_lets_finish_and_less_than_five_minutes_are_not_begun(
    here: Here, wanted: float, opens: int, each_s: int, counts: list[int]
) -> None:
    asked = [here.ask("low", priority=2, count=19, exposure_s=each_s - 2.0)]  # and before it 72 s of slew and focus
    asked += [here.ask("high", np.arange(here.grid.count) >= opens, priority=wanted, count=19, ra_deg=15.0)]
    found = NightFilling(asked, [one(here.grid, here.overheads)], FillingRule(Value(), gives_way=True)).filled()[0]
    assert [found.count] * (found.request.line.plan == "low") == counts


@pytest.mark.parametrize(("more", "name"), [(0.2, "other"), (0.5, "mine")])
def test_what_is_to_deserve_more_for_a_try_is_its_goals_alone(here: Here, more: float, name: str) -> None:
    asked = [here.ask("mine", priority=5, count=9), here.ask("other", priority=5.3, count=9)]
    rule = FillingRule(Value(), more={goal_of(asked[0].request): more})
    assert first(asked, here.grid, here.overheads, rule).request.line.plan == name
    late = replace(asked[1], free=np.arange(here.grid.count) >= 10)
    gives_way = replace(rule, gives_way=True, more={goal_of(asked[0].request): 0.1})
    assert first([asked[0], late], here.grid, here.overheads, gives_way).count == 9, "by less than half a step"


def test_of_two_times_that_overlap_the_one_that_has_begun_goes_on(here: Here) -> None:
    spans = [Window(here.grid.at(at), here.grid.at(at + 60)) for at in (10, 40)]
    asked = [here.ask(f"p{n}", count=10, fixed=span, priority=5 + 4 * n) for n, span in enumerate(spans)]
    for begun, name in ((False, "p1"), (True, "p0")):
        (block, *_) = NightFilling(
            [replace(asked[0], begun=begun), asked[1]], [one(here.grid, here.overheads)], FillingRule(Value())
        ).filled()
        assert block.request.line.plan == name


@pytest.mark.parametrize(("count", "extra"), [(60, 6 * 1.0 / 3.0), (10, 6 * 0.5 / 0.5), (1, 6 * 0.05 / 0.2)])
def test_what_can_be_finished_soon_deserves_more_by_all_that_it_takes_and_so_does_its_bound(
    here: Here, count: int, extra: float
) -> None:
    asked, place = here.ask("a", count=count, priority=5), one(here.grid, here.overheads)
    weights = Value(completion=2.0, urgency=0.0)
    plain, rule = (FillingRule(weights, finishing=each) for each in (0.0, 3.0))
    night, before = NightFilling([asked], [place], rule), NightFilling([asked], [place], plain)
    block = fit(asked, place, (here.grid.start, Bearings(), None), count)
    assert block is not None
    room = Room(block.start, block.count)
    deserved = before._merit(asked, room, before.fillings[0]) + extra
    share = (block.end - block.start) / (block.end - here.grid.start)
    assert night._merit(asked, room, night.fillings[0]) == pytest.approx(deserved * share)
    assert night._bounds(night.fillings[0]).tolist() == [pytest.approx(deserved, rel=1e-6)]
    assert before._bounds(before.fillings[0]).tolist() == [pytest.approx(deserved - extra, rel=1e-6)]
    night._left[goal_of(asked.request)] = 0
    assert night._bounds(night.fillings[0]).tolist() == [-np.inf]


@pytest.mark.parametrize("finishing", [0.0, 1.0])
def test_what_has_all_that_it_wants_deserves_nothing_beside_what_has_not(here: Here, finishing: float) -> None:
    asked = [here.ask("had", count=9), here.ask("wanted", count=9)]
    night = NightFilling(asked, [one(here.grid, here.overheads)], FillingRule(Value(), finishing=finishing))
    night._left[goal_of(asked[0].request)] = 0
    had, wanted = night._bounds(night.fillings[0]).tolist()
    assert had == -np.inf < 0.0 < wanted < np.inf
