"""Room for a goal in a night's order, in plain numbers: before the night is planned anew with it."""

from collections.abc import Callable

import pytest

from obsy.engine.schedule.better import better, search_of
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Block, Candidate
from obsy.engine.schedule.room import has_room
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
