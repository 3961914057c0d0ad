"""The rules by which a night is filled: what gives way to what, and when a goal's turn ends."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest

from obsy.engine.schedule import tonight as tonight_
from obsy.engine.schedule.filling import FillingRule, NightFilling
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Block, Candidate
from obsy.engine.schedule.tonight import tonight
from obsy.engine.schedule.value import of_night
from obsy.engine.sky.grid import Grid
from obsy.schemas.value import Value
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
