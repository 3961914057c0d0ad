"""What was learned is a middling time: a block may take longer, as far as its sky and what follows it let it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from obsy.engine.schedule.bearings import Bearings
from obsy.engine.schedule.fit import Timeline, aim_of, block_of
from obsy.engine.schedule.leeway import spare_s, with_leeway
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Block, Candidate
from obsy.engine.sky.grid import Grid

Ask = Callable[..., Candidate]


def taken(
    candidates: list[Candidate], grid: Grid, counted: Overheads, declared: Overheads, *starts_s: float
) -> list[Block]:
    """A block of ten frames of each, begun so long after the grid's beginning."""
    timeline = Timeline(grid, {"newton": counted}, grid.start)
    made = []
    for candidate, start_s in zip(candidates, starts_s, strict=True):
        block = block_of(candidate, timeline, grid.start + timedelta(seconds=start_s), 10)
        assert block is not None
        made.append(block)
    return list(with_leeway(made, candidates, [timeline], {"newton": declared}))


def until(block: Block) -> datetime:
    assert block.leeway is not None
    return block.leeway.until


def test_where_the_declared_counts_there_is_none(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    assert taken([ask("a")], grid, overheads, overheads, 600.0)[0].leeway is None


def test_a_block_may_end_as_late_as_what_is_declared_would_let_it(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    faster = replace(overheads, download_s=0.5, focus_s=40.0, slew_deg_s=6.0)
    (block,) = taken([ask("a")], grid, faster, overheads, 600.0)
    # Ten downloads 1.5 s, a focus run 20 s and half a turn 15 s shorter than declared.
    assert until(block) - block.end == timedelta(seconds=15.0 + 20.0 + 15.0)
    assert block.leeway is not None
    assert (block.leeway.each_s, block.leeway.focus_s) == (180.5, 40.0)


def test_a_block_may_end_three_standard_deviations_late(overheads: Overheads) -> None:
    slower = replace(overheads, settle_s=60.0, late_s=20.0, uneven_s=4.0)
    assert spare_s(16, slower, overheads) == pytest.approx(3 * (20.0**2 + 16 * 4.0**2) ** 0.5)
    assert spare_s(16, replace(slower, late_s=0.0, uneven_s=0.0), overheads) == 0.0


def test_never_beyond_its_sky_or_its_side_of_the_meridian(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    uneven = replace(overheads, late_s=100.0)
    free = np.arange(grid.count) <= 41  # 2460 s; ten frames from 600 s on end at 2420 s
    (set_soon,) = taken([ask("a", free)], grid, uneven, overheads, 600.0)
    assert until(set_soon) == grid.at(41)
    culminates_h = -1900.0 * 1.002737909 / 3600  # 1900 s after the beginning, and 600 s beyond
    (flips_soon,) = taken([ask("b", rising_h=culminates_h)], grid, uneven, overheads, 600.0)
    assert (until(flips_soon) - grid.start).total_seconds() == pytest.approx(2500.0, abs=0.1)


def test_never_into_a_block_whose_time_is_its_own(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    uneven = replace(overheads, late_s=100.0)
    timeline = Timeline(grid, {"newton": uneven}, grid.start)
    asked = [ask("a"), ask("transit", ra_deg=30.0)]
    first, second = (block_of(each, timeline, grid.at(at), 10) for each, at in zip(asked, (10, 44), strict=True))
    assert first is not None
    assert second is not None
    blocks = [first, replace(second, fixed=True)]
    first, _ = with_leeway(blocks, asked, [timeline], {"newton": overheads})
    wait_s = timeline.between(Bearings(aim_of(first)), aim_of(blocks[1]), first.end)
    assert until(first) == second.start - timedelta(seconds=wait_s) < first.end + timedelta(seconds=300)
    free, _ = with_leeway([first, second], asked, [timeline], {"newton": overheads})
    assert until(free) == first.end + timedelta(seconds=300), "what follows is chosen anew"


def test_never_sooner_than_planned(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    uneven = replace(overheads, late_s=100.0)
    nowhere = np.zeros(grid.count, dtype=bool)
    (block,) = taken([ask("a", nowhere)], grid, uneven, overheads, 600.0)
    assert until(block) == block.end


def test_each_mount_s_blocks_have_their_own_leeway_and_only_what_comes_later_ends_it(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    uneven = replace(overheads, late_s=100.0)
    timelines = [Timeline(grid, {"wide": overheads}, grid.start), Timeline(grid, {"newton": uneven}, grid.start)]
    asked = [ask("other", train="wide"), ask("transit", ra_deg=30.0), ask("a"), ask("a", np.arange(grid.count) < 40)]
    made = [
        block_of(each, timelines[n], grid.at(at), 10)
        for each, n, at in zip(asked[:3], (0, 1, 1), (5, 10, 60), strict=True)
    ]
    blocks = [replace(each, fixed=each.request.line.plan == "transit") for each in made if each is not None]
    other, _, last = with_leeway(blocks, asked, timelines, {"wide": overheads, "newton": overheads})
    assert other.leeway is None
    assert until(last) == last.end + timedelta(seconds=300), "its window of before does not end it, nor what is over"


def test_what_is_declared_has_some_leeway_too(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    rough = replace(overheads, grace_s=30.0)
    (block,) = taken([ask("a")], grid, rough, rough, 600.0)
    assert until(block) == block.end + timedelta(seconds=30)
