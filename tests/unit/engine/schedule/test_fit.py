"""What fits into a gap: to the last frame, never past a limit, on the right side of the meridian."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.schedule.bearings import Aim, Bearings
from obsy.engine.schedule.fit import (
    LONGEST_S,
    Timeline,
    aim_of,
    block_of,
    fit,
    fit_fixed,
    frames_between,
    half_at,
    joined_blocks,
    room_for,
)
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Block, Candidate
from obsy.engine.separation import separation_deg
from obsy.engine.sky.grid import Grid, Window
from obsy.schemas.goal import Goal
from tests.support.equipment import one

Ask = Callable[..., Candidate]
EACH = timedelta(seconds=182)
"""180 s of exposure and 2 s of download."""
BEFORE = timedelta(seconds=72)
"""Settling, filter and focus run before a night's first frame."""


@pytest.fixture
def place(grid: Grid, overheads: Overheads) -> Timeline:
    return one(grid, overheads)


def found(candidate: Candidate, place: Timeline, left: int = 1000, following: Block | None = None) -> Block:
    block = fit(candidate, place, (place.grid.start, Bearings(), following), left)
    assert block is not None
    return block


def some(grid: Grid, first: int, end: int) -> np.ndarray:
    """Free from the instant `first` to the one before `end`."""
    free = np.zeros(grid.count, dtype=bool)
    free[first:end] = True
    return free


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(-500, 40_000))
def test_so_many_frames_fit_that_one_more_would_not(ask: Ask, place: Timeline, seconds: int) -> None:
    count = frames_between(ask("a"), place, place.grid.start, place.grid.start + timedelta(seconds=seconds))
    assert count * 182 <= max(seconds, 0) < (count + 1) * 182


def test_a_time_of_exactly_some_frames_holds_them_all(ask: Ask, place: Timeline) -> None:
    tenth = ask("a", exposure_s=0.1)
    rounding = timedelta(seconds=7 * 2.1)
    assert frames_between(tenth, place, place.grid.start, place.grid.start + rounding) == 7


def test_a_block_begins_when_the_telescope_is_there_and_ends_with_its_last_file(ask: Ask, place: Timeline) -> None:
    block = found(ask("a"), place, left=3)
    assert (block.start, block.end) == (place.grid.start + BEFORE, place.grid.start + BEFORE + 3 * EACH)
    assert (block.count, block.fixed) == (3, False)


def test_after_an_hour_the_next_choice_is_made(ask: Ask, place: Timeline) -> None:
    block = found(ask("a"), place)
    assert block.count == 19
    assert block.count * EACH <= timedelta(seconds=LONGEST_S) < (block.count + 1) * EACH


@pytest.mark.parametrize(("exposure_s", "count"), [(1798.0, 2), (1798.5, 1), (3598.0, 1), (7200.0, 1)])
def test_an_hour_is_an_hour_to_the_second_and_a_frame_is_taken_however_long_it_is(
    ask: Ask, place: Timeline, exposure_s: float, count: int
) -> None:
    assert found(ask("a", exposure_s=exposure_s), place).count == count


@pytest.mark.parametrize(("minutes", "count"), [(59, 60), (60, 60), (61, 61), (61.1, 62), (120, 120)])
def test_a_block_is_as_long_as_a_run_and_no_longer_than_that_or_an_hour(
    ask: Ask, place: Timeline, minutes: float, count: int
) -> None:
    run = ask("a", exposure_s=58.0)
    goal = {"filter": "L", "exposure": "58 s", "count": 500, "run": f"at least {minutes} min"}
    line = replace(run.request.line, goal=Goal.model_validate(goal))
    assert found(replace(run, request=replace(run.request, line=line)), place).count == count


def test_no_frame_reaches_past_the_last_free_instant(ask: Ask, grid: Grid, place: Timeline) -> None:
    # Free up to the instant 20: from 72 s to 1200 s there is room for six frames of 182 s.
    assert found(ask("a", some(grid, 0, 21)), place).count == 6
    # To 1164 s, which is 72 s and six frames: the grid's instants are a minute apart.
    assert found(ask("a", some(grid, 0, 20)), place).count == 5
    assert fit(ask("a", some(grid, 0, 4)), place, (grid.start, Bearings(), None), 10) is None


def test_what_is_not_free_yet_does_not_fit(ask: Ask, grid: Grid, place: Timeline) -> None:
    assert fit(ask("a", some(grid, 2, 600)), place, (grid.start, Bearings(), None), 10) is None
    assert fit(ask("a", some(grid, 1, 600)), place, (grid.start, Bearings(), None), 10) is not None


def test_after_the_night_nothing_fits(ask: Ask, grid: Grid, place: Timeline) -> None:
    late = grid.end - timedelta(seconds=71)
    assert fit(ask("a"), place, (late, Bearings(), None), 10) is None
    assert fit(ask("a"), place, (grid.end - BEFORE, Bearings(), None), 10) is None
    last = fit(ask("a"), place, (grid.end - BEFORE - EACH, Bearings(), None), 10)
    assert last is not None
    assert (last.count, last.end) == (1, grid.end)


def test_no_more_frames_are_taken_than_are_left(ask: Ask, place: Timeline) -> None:
    assert found(ask("a"), place, left=7).count == 7
    assert fit(ask("a"), place, (place.grid.start, Bearings(), None), 0) is None


def test_room_is_left_to_reach_the_block_that_follows(ask: Ask, grid: Grid, place: Timeline) -> None:
    other = found(ask("b", ra_deg=50.0), place)
    start = grid.at(10)
    following = replace(other, start=start)
    block = found(ask("a"), place, following=following)
    aim = Aim("a", 10.0, 41.0, "newton", "L", -1)
    then = place.then(Bearings(), aim, place.grid.start)
    wait = timedelta(seconds=place.between(then, aim_of(following), start))
    assert block.end <= start - wait < block.end + EACH
    assert wait == timedelta(seconds=separation_deg((10.0, 41.0), (50.0, 41.0)) / 4 + 8)


def test_going_on_with_the_same_needs_no_time_between(ask: Ask, grid: Grid, place: Timeline) -> None:
    first = found(ask("a"), place, left=4)
    again = fit(ask("a"), place, (first.end, place.then(Bearings(), aim_of(first), first.begin), None), 2)
    assert again is not None
    assert again.start == first.end


def test_the_mount_is_not_tracked_farther_past_the_meridian_than_it_may(ask: Ask, grid: Grid, place: Timeline) -> None:
    # On the meridian 30 min into the night, and 10 min past it is the limit.
    block = found(ask("a", rising_h=-0.5), place)
    limit = grid.start + timedelta(hours=0.5 / 1.002737909, seconds=600)
    assert block.hour_angle_h < 0
    assert block.end <= limit < block.end + EACH


@pytest.mark.parametrize("sent_s", [-71.0, -60.0, -5.0])
def test_what_is_sent_there_before_the_meridian_hangs_east_of_it_though_its_frames_begin_behind(
    ask: Ask, grid: Grid, place: Timeline, sent_s: float
) -> None:
    # Slew and focus run take 72 s: the mount stands east of the meridian, and tracks ten minutes past it.
    now = grid.at(30) + timedelta(seconds=20)
    short = ask("a", exposure_s=1.0, count=5000, rising_h=(sent_s - 1820.0) * 1.002737909 / 3600)
    block = fit(short, place, (now, Bearings(), None), 5000)
    assert block is not None
    assert block.hour_angle_h > 0
    assert replace(block, setup_s=72.0).half == -1
    limit = now + timedelta(seconds=600.0 - sent_s)
    assert limit - timedelta(seconds=3) < block.end <= limit


def test_the_side_is_that_of_the_moment_and_not_of_the_minute(ask: Ask, grid: Grid, place: Timeline) -> None:
    passes = ask("a", rising_h=-1850.0 * 1.002737909 / 3600)
    for later_s, half in ((20, -1), (49, -1), (51, 1), (59, 1)):
        assert half_at(passes, grid, grid.at(30) + timedelta(seconds=later_s)) == half


@pytest.mark.parametrize("rising_h", [0.0, 0.5])
def test_from_the_meridian_on_there_is_no_limit_but_the_hour(ask: Ask, place: Timeline, rising_h: float) -> None:
    assert found(ask("a", rising_h=rising_h), place).count == 19


def test_a_mount_that_need_not_change_sides_tracks_on(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    fork = one(grid, replace(overheads, past_meridian_s=None))
    assert found(ask("a", rising_h=-0.5), fork).count == 19


@pytest.mark.parametrize(("hour_angle_h", "half"), [(-0.1, -1), (0.0, 1), (0.1, 1)])
def test_the_side_of_the_pier_is_that_of_the_meridian(
    ask: Ask, place: Timeline, hour_angle_h: float, half: int
) -> None:
    block = replace(found(ask("a"), place, left=1), hour_angle_h=hour_angle_h)
    assert aim_of(block) == Aim("a", 10.0, 41.0, "newton", "L", half)


def test_the_next_step_is_the_next_instant(place: Timeline) -> None:
    grid = place.grid
    assert place.next_step(grid.start) == grid.at(1)
    assert place.next_step(grid.at(5) + timedelta(seconds=59)) == grid.at(6)


def fixed(ask: Ask, grid: Grid, first: int, end: int, **change: object) -> Candidate:
    window = Window(grid.at(first), grid.at(end))
    return ask("t", fixed=window, exposure_s=58.0, count=end - first, **change)


def test_a_fixed_time_is_taken_whole_and_at_its_time(ask: Ask, grid: Grid, place: Timeline) -> None:
    (block,) = fit_fixed(fixed(ask, grid, 100, 200), place)
    assert (block.start, block.end, block.count, block.fixed) == (grid.at(100), grid.at(200), 100, True)


def test_what_is_left_of_a_fixed_time_is_taken(ask: Ask, grid: Grid, place: Timeline) -> None:
    (block,) = fit_fixed(fixed(ask, grid, 100, 200), replace(place, begin=grid.at(150)))
    assert (block.start, block.end, block.count) == (grid.at(150), grid.at(200), 50)
    assert fit_fixed(fixed(ask, grid, 100, 200), replace(place, begin=grid.at(200))) == []


def test_a_fixed_time_may_begin_and_end_with_the_night(ask: Ask, grid: Grid, place: Timeline) -> None:
    (block,) = fit_fixed(fixed(ask, grid, 0, 600, rising_h=0.1), place)
    assert (block.start, block.end) == (grid.start, grid.end)


def test_a_fixed_time_that_reaches_out_of_the_night_is_lost(ask: Ask, grid: Grid, place: Timeline) -> None:
    late = replace(fixed(ask, grid, 500, 600), fixed=Window(grid.at(500), grid.end + timedelta(seconds=1)))
    early = replace(fixed(ask, grid, 0, 50), fixed=Window(grid.start - timedelta(seconds=1), grid.at(50)))
    assert fit_fixed(late, place) == []
    assert fit_fixed(early, replace(place, begin=grid.start - timedelta(seconds=1))) == []


@pytest.mark.parametrize(("hidden", "pieces"), [(99, 1), (100, 0), (150, 0), (200, 0), (201, 1)])
def test_a_fixed_time_is_lost_if_any_instant_of_it_is(
    ask: Ask, grid: Grid, place: Timeline, hidden: int, pieces: int
) -> None:
    free = np.ones(grid.count, dtype=bool)
    free[hidden] = False
    assert len(fit_fixed(replace(fixed(ask, grid, 100, 200), free=free), place)) == pieces


def test_a_fixed_time_across_the_meridian_is_two_blocks_with_the_flip_between(
    ask: Ask, grid: Grid, place: Timeline
) -> None:
    candidate = fixed(ask, grid, 100, 300, rising_h=-3.0)
    before, after = fit_fixed(candidate, place)
    limit = grid.start + timedelta(hours=3 / 1.002737909, seconds=600)
    assert before.start == grid.at(100)
    assert abs((before.end - limit).total_seconds()) <= 60 + 1
    assert after.start - limit == pytest.approx(timedelta(seconds=188), abs=timedelta(seconds=1))
    assert after.end <= grid.at(300) < after.end + timedelta(seconds=60)
    assert (before.fixed, after.fixed) == (True, True)
    assert before.hour_angle_h < 0 < after.hour_angle_h


@pytest.mark.parametrize("rising_h", [-1.5, -5.2])
def test_a_flip_before_or_after_a_fixed_time_does_not_cut_it(
    ask: Ask, grid: Grid, place: Timeline, rising_h: float
) -> None:
    # At the instant 100 the hour angle is 0.17 h past the limit, or the meridian is after the end.
    assert len(fit_fixed(fixed(ask, grid, 100, 200, rising_h=rising_h), place)) == 1


def test_a_piece_too_short_for_a_frame_is_left_out(ask: Ask, grid: Grid, place: Timeline) -> None:
    # The mount changes sides two minutes before the end, and needs three of them.
    limit = (3 / 1.002737909 * 3600 + 600) / 60
    pieces = fit_fixed(fixed(ask, grid, 100, int(limit) + 2, rising_h=-3.0), place)
    assert [piece.start for piece in pieces] == [grid.at(100)]


def test_an_arrival_counts_the_way_and_a_step(ask: Ask, place: Timeline) -> None:
    block = found(ask("a"), place)
    assert place.arrival(Bearings(), block, place.grid.start) == place.grid.start + BEFORE + timedelta(seconds=60)
    assert place.arrival(
        place.then(Bearings(), aim_of(block), place.grid.start), block, place.grid.at(5)
    ) == place.grid.at(6)


@pytest.mark.parametrize(("start", "after"), [(0, 60), (300, 360), (570, 600), (599, 600)])
def test_a_block_says_where_its_target_is_and_how_it_moves_within_the_hour(
    ask: Ask, grid: Grid, place: Timeline, start: int, after: int
) -> None:
    hours = grid.seconds / 3600
    still = ask("comet", rising_h=0.123456)
    moving = replace(
        still, ra_deg=(359.123456789 + hours + 0.1 * hours**2) % 360, dec_deg=10.987654321 - 0.5123 * hours**2
    )
    block = block_of(moving, place, grid.at(start), 1)
    assert block is not None
    span = hours[after] - hours[start]
    assert block.ra_deg == round(float(moving.ra_deg[start]), 6)
    assert block.dec_deg == round(float(moving.dec_deg[start]), 6)
    assert block.hour_angle_h == round(float(moving.hour_angle_h[start]), 7)
    if start < 599:
        late = block_of(moving, place, grid.at(start) + timedelta(seconds=30), 1)
        assert late is not None
        assert late.hour_angle_h == pytest.approx(
            float(moving.hour_angle_h[start] + moving.hour_angle_h[start + 1]) / 2
        )
    turn = span + 0.1 * (hours[after] ** 2 - hours[start] ** 2)
    assert block.ra_rate == round(float(turn * 3600 * np.cos(np.radians(moving.dec_deg[start])) / span), 1)
    assert block.dec_rate == round(float((moving.dec_deg[after] - moving.dec_deg[start]) * 3600 / span), 1)


def test_what_hardly_moves_backwards_does_not_move_at_all(ask: Ask, grid: Grid, place: Timeline) -> None:
    back = -1e-6 * grid.seconds / 3600
    slow = replace(ask("a"), ra_deg=10.0 + back, dec_deg=41.0 + back)
    block = block_of(slow, place, grid.start, 1)
    assert block is not None
    assert (str(block.ra_rate), str(block.dec_rate)) == ("0.0", "0.0")
    assert block_of(slow, place, grid.start, 0) is None


def test_the_flip_is_due_by_the_hour_angle_of_the_start_and_not_of_the_minute_before(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    # Half an hour before the meridian; 72 s go by before the first frame, and the mount tracks 10 min past it.
    block = fit(
        ask("m31", rising_h=-0.5, exposure_s=1.0, count=5000),
        one(grid, overheads),
        (grid.start, Bearings(), None),
        5000,
    )
    assert block is not None
    limit = grid.start + timedelta(hours=0.5 / 1.002737909, seconds=600)
    assert limit - timedelta(seconds=3) < block.end <= limit


@pytest.mark.parametrize("of", [(0.0, 0.0, 0.0), (30.0, 5.0, 30.0), (30.0, 20.0, 60.0)])
def test_a_block_ends_a_little_before_its_sky_does_for_its_set_up_may_take_longer(
    ask: Ask, grid: Grid, overheads: Overheads, of: tuple[float, float, float]
) -> None:
    grace_s, late_s, spare_s = of
    short = ask("a", some(grid, 0, 31), exposure_s=1.0, count=5000)
    block = found(short, one(grid, replace(overheads, grace_s=grace_s, late_s=late_s)), left=5000)
    assert grid.at(30) - timedelta(seconds=3) < block.end + timedelta(seconds=spare_s) <= grid.at(30)


@pytest.mark.parametrize("of", [(0.0, 0.0, 0.0), (30.0, 5.0, 30.0), (30.0, 20.0, 60.0)])
def test_a_block_ends_a_little_before_the_way_to_what_has_its_own_time_begins_for_the_same_cause(
    ask: Ask, grid: Grid, overheads: Overheads, of: tuple[float, float, float]
) -> None:
    grace_s, late_s, spare_s = of
    timeline = one(grid, replace(overheads, grace_s=grace_s, late_s=late_s))
    following = replace(found(ask("b", ra_deg=50.0), timeline), start=grid.at(30), fixed=True)
    block = found(ask("a", exposure_s=1.0, count=5000), timeline, left=5000, following=following)
    wait_s = separation_deg((10.0, 41.0), (50.0, 41.0)) / 4 + 8
    latest = grid.at(30) - timedelta(seconds=wait_s + spare_s)
    assert latest - timedelta(seconds=3) < block.end <= latest


def test_what_fits_is_known_before_its_block_is_made(ask: Ask, place: Timeline) -> None:
    candidate, gap = ask("a", some(place.grid, 0, 600)), (place.grid.start, Bearings(), None)
    for left in (0, 1, 10):
        room, block = room_for(candidate, place, gap, left), fit(candidate, place, gap, left)
        assert (room is None) == (block is None) == (left == 0)
        assert room is None or block is None or (room.start, room.frames) == (block.start, block.count)


@pytest.mark.parametrize("free", ["", "0", "1", "1101", "0110", "0000", "1111"])
def test_what_is_left_of_a_sky_is_counted_once(ask: Ask, free: str) -> None:
    mask = np.array([each == "1" for each in free], bool)
    candidate = replace(ask("a"), free=mask)
    assert candidate.rest.tolist() == [int(mask[at:].sum()) for at in range(len(mask))]
    stops = [next((n for n in range(at, len(mask)) if not mask[n]), len(mask)) for at in range(len(mask))]
    assert candidate.stops.tolist() == stops


SIDEREAL = 1.002737909 / 3600
"""By so many hours an hour angle grows in a second."""


def test_a_focus_run_is_due_by_when_the_telescope_is_there_and_measured_when_it_is_over(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    timeline, now = one(grid, replace(overheads, focus_every_s=3600.0)), grid.at(100)
    to = Aim("b", 50.0, 41.0, "newton", "L", -1)
    way_s = overheads.way_s(stood := Bearings(Aim("a", 10.0, 41.0, "newton", "L", -1)), to)
    due, not_yet = (replace(stood, focused={"newton": now - timedelta(seconds=3600 - s)}) for s in (way_s, way_s / 2))
    assert timeline.between(due, to, now) == way_s + overheads.focus_s
    assert timeline.between(not_yet, to, now + timedelta(seconds=-way_s)) == way_s
    over = now + timedelta(seconds=way_s) + timedelta(seconds=overheads.focus_s)
    assert timeline.then(due, to, now) == Bearings(to, focused={"newton": over})


def test_no_way_takes_longer_than_that_of_the_slowest_train(grid: Grid, overheads: Overheads) -> None:
    slow = replace(overheads, settle_s=100.0)
    assert Timeline(grid, {"a": overheads, "b": slow, "c": overheads}, grid.start).longest_s == slow.longest_s
    assert Timeline(grid, {}, grid.start).longest_s == 0.0


def test_blocks_of_one_goal_without_a_gap_are_one(ask: Ask, place: Timeline) -> None:
    first, other = found(ask("a"), place, left=3), found(ask("b"), place, left=2)
    second = replace(first, count=2, start=first.end, end=first.end + 2 * EACH)
    later = replace(first, start=second.end + EACH, end=second.end + 4 * EACH)
    after = replace(other, start=later.end, end=later.end + 2 * EACH)
    last = replace(other, count=1, start=after.end, end=after.end + EACH)
    joined = [replace(first, count=5, end=second.end), later, replace(after, count=3, end=last.end)]
    assert joined_blocks([first, second, later, after, last]) == joined
    assert joined_blocks([]) == []


def test_a_fixed_time_is_taken_on_the_side_to_which_the_mount_is_sent_ahead_of_it(
    ask: Ask, grid: Grid, place: Timeline
) -> None:
    # At its start the target is 100 s past the meridian; the mount is sent there 150 s before.
    passed = fixed(ask, grid, 100, 200, rising_h=-5900 * SIDEREAL)
    assert len(fit_fixed(passed, place)) == 2
    assert len(fit_fixed(passed, replace(place, begin=grid.at(100)))) == 1, "who is late is sent there now"


def test_what_is_left_of_a_fixed_time_must_hold_a_frame_after_the_way_there(
    ask: Ask, grid: Grid, place: Timeline
) -> None:
    for begin, blocks in ((197, 1), (198, 0)):  # 72 s of way, and 60 s a frame
        assert len(fit_fixed(fixed(ask, grid, 100, 200, rising_h=0.1), replace(place, begin=grid.at(begin)))) == blocks


def test_a_mount_is_sent_over_the_meridian_once_its_target_is_past_it_by_more_than_its_set_up_may_vary(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    at_once = one(grid, replace(overheads, past_meridian_s=0.0, flip_s=0.0, grace_s=30.0))
    before, after = fit_fixed(fixed(ask, grid, 100, 200, rising_h=-9000 * SIDEREAL), at_once)
    meridian = grid.start + timedelta(seconds=9000)
    assert timedelta(0) <= meridian - timedelta(seconds=30) - before.end < timedelta(seconds=60)
    assert abs(after.start - meridian - timedelta(seconds=30 + 150)) < timedelta(seconds=1)


def test_a_fixed_time_whose_side_is_over_before_it_begins_is_taken_from_when_the_other_may_be(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    # It is sent there 50 s before the meridian, and may track 50 s past it; at its start it is 100 s past.
    short = one(grid, replace(overheads, past_meridian_s=50.0))
    (block,) = fit_fixed(fixed(ask, grid, 100, 200, rising_h=-5900 * SIDEREAL), short)
    assert abs(block.start - grid.at(100) - timedelta(seconds=50)) < timedelta(seconds=1)
