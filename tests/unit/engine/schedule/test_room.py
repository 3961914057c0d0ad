"""Room for a goal in a night's order, in plain numbers: before the night is planned anew with it."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

import pytest

from obsy.engine.schedule.annealing import LEAST
from obsy.engine.schedule.better import NightSearch, better, search_of
from obsy.engine.schedule.course import Step
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.moves import MountOrder
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Block, Candidate
from obsy.engine.schedule.room import _moves, has_room
from obsy.engine.schedule.tonight import tonight
from obsy.engine.sky.grid import Grid
from obsy.schemas.value import Value

Ask = Callable[..., Candidate]
WEIGHTS = Value.model_construct()


def rivals(ask: Ask) -> list[Candidate]:
    """Two that want more than the night together."""
    return [ask(name, goal=name, count=150, exposure_s=180.0, priority=6.0) for name in ("one", "two")]


def room(asked: list[Candidate], blocks: tuple[Block, ...], timeline: Timeline) -> bool:
    search = search_of(blocks, asked, [timeline], WEIGHTS)
    assert search is not None
    return has_room(search, {("mine", "mine")})


@pytest.mark.parametrize("priority", [1.0, 3.0, 5.0, 7.0, 9.0])
def test_there_is_room_for_what_the_night_would_take_and_none_for_what_it_would_not(
    ask: Ask, grid: Grid, overheads: Overheads, priority: float
) -> None:
    timeline, others = Timeline(grid, {"newton": overheads}, grid.start), rivals(ask)
    asked = [*others, ask("mine", goal="mine", count=150, exposure_s=180.0, priority=priority)]
    before, after = (better(tonight(of, [timeline]), of, [timeline], WEIGHTS) for of in (others, asked))
    gets = any(each.request.line.plan == "mine" for each in after.blocks)
    assert room(asked, before.blocks, timeline) is gets
    assert gets is (priority > 6.0)


def test_what_the_night_has_all_of_has_no_room_for_more_and_what_was_left_out_has(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    timeline, asked = Timeline(grid, {"newton": overheads}, grid.start), [ask("mine", goal="mine", count=10)]
    blocks = tonight(asked, [timeline]).blocks
    assert sum(each.count for each in blocks) == 10
    assert not room(asked, blocks, timeline)
    assert room(asked, (), timeline)


def test_where_it_could_not_be_had_there_is_none(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    timeline, short = Timeline(grid, {"newton": overheads}, grid.start), ~(grid.seconds > 120.0)
    assert not room([ask("mine", short, goal="mine")], (), timeline)


def test_each_place_behind_what_stays_is_tried_and_up_to_three_make_way_to_the_end() -> None:
    mine = SimpleNamespace(goal=0, least=4)
    kept, *others = steps = [Step(number, 5) for number in range(1, 6)]
    end = SimpleNamespace(wanted=(9,), mount=SimpleNamespace(candidates={0: mine}))
    order = cast("MountOrder", SimpleNamespace(steps=steps, kept=1, end=end))
    moves = list(_moves(order, 0))
    whole = [each for each in moves if Step(0, 9) in each[0]]
    least = [each for each in moves if Step(0, 4) in each[0]]
    assert (len(whole), len(least)) == (len(moves) / 2, len(moves) / 2)
    assert whole == [
        ([kept, *others[:at], Step(0, 9), *others[at + away :], *others[at : at + away]], at + 1)
        for at in range(5)
        for away in range(min(3, 4 - at) + 1)
    ]
    mine.least = 0
    assert [count for (each, _) in _moves(order, 0) for number, count in each if number == 0][-1] == 1


def test_a_night_that_is_worth_as_much_has_no_room() -> None:
    order = SimpleNamespace(
        steps=[], kept=0, mine=(0,),
        end=SimpleNamespace(wanted=(9,), mount=SimpleNamespace(candidates={0: SimpleNamespace(goal=0, least=1)})),
    )  # fmt: skip
    free = [SimpleNamespace(request=SimpleNamespace(line=SimpleNamespace(plan="mine", key="mine")))]

    def search(value: float, left: int) -> NightSearch:
        annealing = SimpleNamespace(value=5.0, left=[9], orders=[order], with_move=lambda *_: (value, [left]))
        return cast("NightSearch", SimpleNamespace(free=free, annealing=annealing))

    goals = {("mine", "mine")}
    assert has_room(search(5.1, 8), goals)
    assert not has_room(search(5.0, 8), goals)
    assert not has_room(search(5.0 + LEAST, 8), goals)
    assert not has_room(search(5.1, 9), goals)
    assert not has_room(search(5.1, 8), {("mine", "other")})
