"""The schedule keeps every promise it makes: constraints, counts, order, flips, overheads, reasons."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Candidate, Reason
from obsy.engine.schedule.tonight import tonight
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.window import Window
from tests.support.effort import examples

Ask = Callable[..., Candidate]
SPANS = st.lists(
    st.tuples(st.integers(0, 600), st.integers(1, 300), st.integers(1, 40), st.integers(1, 10)), max_size=6
)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans=SPANS, rising_h=st.floats(-10, 2))
def test_blocks_never_overlap_never_leave_their_windows_and_never_take_too_many(
    ask: Ask, grid: Grid, overheads: Overheads, spans: list[tuple[int, int, int, int]], rising_h: float
) -> None:
    asked = []
    for number, (first, length, count, priority) in enumerate(spans):
        free = np.zeros(grid.count, dtype=bool)
        free[first : first + length] = True
        asked.append(ask(f"p{number}", free, count=count, priority=priority, ra_deg=20.0 * number, rising_h=rising_h))
    found = tonight(asked, grid, overheads, grid.start)
    by_object = {candidate.request.object: candidate for candidate in asked}
    for block, after in zip(found.blocks, found.blocks[1:], strict=False):
        assert block.end <= after.start
    for block in found.blocks:
        free = by_object[block.request.object].free
        assert free[grid.index(block.start) : grid.index(block.end) + 1].all()
    for name, candidate in by_object.items():
        assert sum(b.count for b in found.blocks if b.request.object == name) <= candidate.request.count
    placed = {b.request.object for b in found.blocks}
    assert {u.request.object for u in found.unplaced} == set(by_object) - placed


def test_the_more_wanted_of_two_goes_first(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    found = tonight([ask("low", priority=2), ask("high", priority=9)], grid, overheads, grid.start)
    assert [block.request.object for block in found.blocks][0] == "high"


def test_a_transit_keeps_its_time_and_others_fill_the_gap_before_it(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    window = Window(grid.at(200), grid.at(320))
    found = tonight(
        [ask("filler", count=500), ask("transit", fixed=window, exposure_s=60.0, count=116)],
        grid,
        overheads,
        grid.start,
    )
    transit = [block for block in found.blocks if block.request.object == "transit"]
    assert transit[0].start == window.start
    assert transit[-1].end <= window.end
    assert window.end - transit[-1].end < timedelta(seconds=62)
    before = [block for block in found.blocks if block.end <= window.start]
    assert before, "the time before the transit is not wasted"


def test_the_last_minutes_of_a_transit_that_hold_no_frame_more_are_left(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    window = Window(grid.at(60), grid.at(240))
    transit = ask("transit", fixed=window, exposure_s=60.0, count=170, rising_h=1.0)
    cost = timedelta(seconds=overheads.settle_s + overheads.filter_s + overheads.focus_s)
    frame = timedelta(seconds=62)
    for left, blocks in ((cost + frame, 1), (cost + frame - timedelta(seconds=1), 0)):
        assert len(tonight([transit], grid, overheads, window.end - left).blocks) == blocks


def test_no_frame_is_exposed_while_the_mount_would_have_to_change_sides(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    # On the meridian two hours into the night; the mount tracks ten minutes past it.
    found = tonight([ask("m31", rising_h=-2.0, count=100)], grid, overheads, grid.start)
    limit = grid.start + timedelta(hours=2 / 1.002737909, seconds=600)
    assert all(block.end <= limit or block.hour_angle_h >= 0 for block in found.blocks)
    first_after = next(block for block in found.blocks if block.hour_angle_h >= 0)
    last_before = [block for block in found.blocks if block.hour_angle_h < 0][-1]
    assert (first_after.start - last_before.end).total_seconds() >= overheads.flip_s


def test_a_fork_needs_no_flip(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    fork = replace(overheads, past_meridian_s=None)
    found = tonight([ask("m31", rising_h=-0.5, count=19)], grid, fork, grid.start)
    assert [block.count for block in found.blocks] == [19]


def test_what_finds_no_time_says_so(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    short = np.zeros(grid.count, dtype=bool)
    short[:30] = True
    found = tonight([ask("a", short, priority=9, count=50), ask("b", short, priority=1)], grid, overheads, grid.start)
    assert [(u.request.object, u.reason.code) for u in found.unplaced] == [("b", "no-time-left")]


def test_a_refusal_is_passed_on_in_its_own_words(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    moonlit = Reason("moon", "the Moon is not farther than 60 deg")
    found = tonight([ask("a", refused=moonlit)], grid, overheads, grid.start)
    assert found.unplaced[0].reason == moonlit


def test_the_same_wishes_give_the_same_night(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    asked = [ask(f"p{i}", ra_deg=30.0 * i, count=40) for i in range(5)]
    assert tonight(asked, grid, overheads, grid.start) == tonight(asked, grid, overheads, grid.start)
