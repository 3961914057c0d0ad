"""The schedule keeps every promise it makes: constraints, counts, order, flips, overheads, reasons."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.schedule.filling import NightFilling, goal_of
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.order import Stint, order_of
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Block, Candidate, Reason, Schedule
from obsy.engine.schedule.tonight import WEIGHTS, _rules, in_order, tonight
from obsy.engine.schedule.value import of_night
from obsy.engine.sky.grid import Grid, Window
from obsy.schemas.goal import Goal
from tests.support.effort import examples
from tests.support.equipment import one

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
    found = tonight(asked, [one(grid, overheads)])
    by_object = {candidate.request.line.picture: candidate for candidate in asked}
    for block, after in zip(found.blocks, found.blocks[1:], strict=False):
        assert block.end <= after.start
    for block in found.blocks:
        free = by_object[block.request.line.picture].free
        assert free[grid.index(block.start) : grid.index(block.end) + 1].all()
    for name, candidate in by_object.items():
        assert sum(b.count for b in found.blocks if b.request.line.picture == name) <= candidate.request.count
    placed = {b.request.line.picture for b in found.blocks}
    assert {u.request.line.picture for u in found.unplaced} == set(by_object) - placed


def test_the_more_wanted_of_two_goes_first(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    found = tonight([ask("low", priority=2), ask("high", priority=9)], [one(grid, overheads)])
    assert [block.request.line.picture for block in found.blocks][0] == "high"


def test_a_transit_keeps_its_time_and_others_fill_the_gap_before_it(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    window = Window(grid.at(200), grid.at(320))
    found = tonight(
        [ask("filler", count=500), ask("transit", fixed=window, exposure_s=60.0, count=116)],
        [one(grid, overheads)],
    )
    transit = [block for block in found.blocks if block.request.line.picture == "transit"]
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
        assert len(tonight([transit], [one(grid, overheads, window.end - left)]).blocks) == blocks


def test_no_frame_is_exposed_while_the_mount_would_have_to_change_sides(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    # On the meridian two hours into the night; the mount tracks ten minutes past it.
    found = tonight([ask("m31", rising_h=-2.0, count=100)], [one(grid, overheads)])
    limit = grid.start + timedelta(hours=2 / 1.002737909, seconds=600)
    assert all(block.end <= limit or block.hour_angle_h >= 0 for block in found.blocks)
    first_after = next(block for block in found.blocks if block.hour_angle_h >= 0)
    last_before = [block for block in found.blocks if block.hour_angle_h < 0][-1]
    assert (first_after.start - last_before.end).total_seconds() >= overheads.flip_s


def test_a_fork_needs_no_flip(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    fork = replace(overheads, past_meridian_s=None)
    found = tonight([ask("m31", rising_h=-0.5, count=19)], [one(grid, fork)])
    assert [block.count for block in found.blocks] == [19]


def test_what_finds_no_time_says_so(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    short = np.zeros(grid.count, dtype=bool)
    short[:30] = True
    found = tonight([ask("a", short, priority=9, count=50), ask("b", short, priority=1)], [one(grid, overheads)])
    assert [(u.request.line.picture, u.reason.code) for u in found.unplaced] == [("b", "no-time-left")]


def test_others_are_not_to_blame_where_nothing_else_is_taken(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    alone = ask("a", np.arange(grid.count) < 5)
    (late,) = tonight([alone], [one(grid, overheads, grid.at(2))]).unplaced
    assert late.reason.words == "what is left of its time is too short for slewing, focusing and one frame"
    (away,) = tonight([ask("a", train="other")], [one(grid, overheads)]).unplaced
    assert away.reason.words == "its mount can take nothing for what is left of the night"


def test_a_refusal_is_passed_on_in_its_own_words(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    moonlit = Reason("moon", "the Moon is not farther than 60 deg")
    found = tonight([ask("a", refused=moonlit)], [one(grid, overheads)])
    assert found.unplaced[0].reason == moonlit


def test_the_same_wishes_give_the_same_night(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    asked = [ask(f"p{i}", ra_deg=30.0 * i, count=40) for i in range(5)]
    assert tonight(asked, [one(grid, overheads)]) == tonight(asked, [one(grid, overheads)])


def two(grid: Grid, overheads: Overheads) -> list[Timeline]:
    """Two mounts; the second carries two trains."""
    return [
        Timeline(grid, {"newton": overheads}, grid.start),
        Timeline(grid, {"wide": overheads, "colour": overheads}, grid.start),
    ]


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    wanted=st.lists(
        st.tuples(st.sets(st.sampled_from(["newton", "wide", "colour"]), min_size=1), st.integers(1, 60)), max_size=5
    )
)
def test_no_mount_takes_two_blocks_at_once_and_every_plan_keeps_to_one_train(
    ask: Ask, grid: Grid, overheads: Overheads, wanted: list[tuple[set[str], int]]
) -> None:
    asked = [
        ask(f"p{number}", count=count, train=train, ra_deg=20.0 * number)
        for number, (trains, count) in enumerate(wanted)
        for train in sorted(trains)
    ]
    found = tonight(asked, two(grid, overheads))
    for carried in ({"newton"}, {"wide", "colour"}):
        mine = [block for block in found.blocks if block.request.train in carried]
        assert all(first.end <= then.start for first, then in zip(mine, mine[1:], strict=False))
    for number, (trains, count) in enumerate(wanted):
        blocks = [block for block in found.blocks if block.request.line.plan == f"p{number}"]
        assert len({block.request.train for block in blocks}) <= 1
        assert {block.request.train for block in blocks} <= trains
        assert sum(block.count for block in blocks) <= count


def test_two_mounts_work_at_the_same_time(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    found = tonight([ask("a"), ask("b", train="wide", ra_deg=50.0)], two(grid, overheads))
    first, second = found.blocks
    assert {first.request.train, second.request.train} == {"newton", "wide"}
    assert first.start < second.end
    assert second.start < first.end


def test_what_two_mounts_could_take_goes_to_the_one_that_is_free(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    busy = [replace(line, begin=grid.at(300)) if "newton" in line.costs else line for line in two(grid, overheads)]
    found = tonight([ask("a", train="newton"), ask("a", train="wide")], busy)
    assert {block.request.train for block in found.blocks} == {"wide"}


def test_a_goal_without_a_place_is_told_once_with_the_better_reason(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    low = Reason("altitude", "it stays too low")
    nothing = np.zeros(grid.count, dtype=bool)
    found = tonight([ask("a", refused=low), ask("a", nothing, train="wide")], two(grid, overheads))
    assert [(each.request.train, each.reason.code) for each in found.unplaced] == [("wide", "no-time-left")]


def transit(ask: Ask, grid: Grid, name: str, first: int, end: int, **said: object) -> Candidate:
    window = Window(grid.at(first), grid.at(end))
    return ask(name, goal=name, fixed=window, exposure_s=58.0, count=end - first, rising_h=0.5, **said)


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [((100, 200), (200, 300), True), ((300, 400), (200, 300), True), ((199, 299), (299, 350), True)]
    + [((100, 201), (200, 300), False), ((299, 400), (200, 300), False), ((220, 230), (200, 300), False)],
)
def test_fixed_times_may_touch_but_not_overlap(
    ask: Ask, grid: Grid, first: tuple[int, int], second: tuple[int, int], both: bool
) -> None:
    costs = Overheads(4.0, 8.0, 4.0, 2.0, 60.0, 180.0, 600.0)
    asked = [transit(ask, grid, "a", *first, priority=3), transit(ask, grid, "b", *second, priority=7)]
    found = tonight(asked, [one(grid, costs)])
    assert {block.request.line.picture for block in found.blocks} == ({"a", "b"} if both else {"b"})
    assert [each.reason.code for each in found.unplaced] == ([] if both else ["cut-off"])


@pytest.mark.parametrize("mine", ["near", "far"])
def test_a_transit_is_placed_once_and_on_the_mount_that_carries_its_train(
    ask: Ask, grid: Grid, overheads: Overheads, mine: str
) -> None:
    mounts = [Timeline(grid, {name: overheads}, grid.start) for name in ("near", "far")]
    window = Window(grid.at(200), grid.at(320))
    transit = ask("transit", fixed=window, train=mine, exposure_s=60.0, count=116, rising_h=1.0)
    other = ask("transit", fixed=window, train={"near": "far", "far": "near"}[mine], exposure_s=60.0, count=116)
    for asked in ([transit], [transit, replace(other, hour_angle_h=transit.hour_angle_h)]):
        (block,) = tonight(asked, mounts).blocks
        assert (block.request.train, block.start) == (mine, window.start)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(counts=st.lists(st.integers(1, 40), min_size=2, max_size=4), turn=st.none() | st.integers(1, 9))
def test_the_goals_of_a_picture_keep_in_step(
    ask: Ask, grid: Grid, overheads: Overheads, counts: list[int], turn: int | None
) -> None:
    asked = {}
    for number, count in enumerate(counts):
        each = ask("m31", goal=f"F{number}", role=f"F{number}", exposure_s=120.0, count=count, rising_h=0.5)
        line = replace(each.request.line, goal=each.request.line.goal.model_copy(update={"count": count}), turn=turn)
        asked[f"F{number}"] = replace(each, request=replace(each.request, line=line))
    left = {key: each.request.count for key, each in asked.items()}
    for block in tonight(list(asked.values()), [one(grid, overheads)]).blocks:
        key = block.request.line.key
        lags = {other: left[other] / asked[other].request.count for other in asked if left[other]}
        assert lags[key] == max(lags.values())
        left[key] -= block.count
        ahead = [lag for other, lag in lags.items() if other != key]
        longest = (turn or 1800 // 122) + 1
        assert not ahead or left[key] / counts[int(key[1:])] >= max(ahead) - longest / counts[int(key[1:])]
        if block.end >= grid.end - timedelta(minutes=10):
            break


def test_a_goal_that_can_wait_for_a_time_of_its_own_waits(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    dark = np.arange(grid.count) < 240
    oiii = ask("veil", dark, goal="OIII", role="OIII", count=60, exposure_s=180.0, rising_h=0.5)
    ha = ask("veil", goal="Ha", role="Ha", count=60, exposure_s=180.0, rising_h=0.5)
    blocks = tonight([oiii, ha], [one(grid, overheads)]).blocks
    assert [block.request.line.key for block in blocks] == ["OIII", "Ha"]


@pytest.mark.parametrize(("count", "first"), [(361, "OIII"), (362, "Ha")])
def test_a_goal_waits_only_if_all_of_it_fits_into_the_time_of_its_own(
    ask: Ask, grid: Grid, overheads: Overheads, count: int, first: str
) -> None:
    oiii = ask("veil", np.arange(grid.count) < 240, goal="OIII", role="OIII", count=60, exposure_s=58.0, rising_h=0.5)
    ha = ask("veil", goal="Ha", role="Ha", count=count, exposure_s=58.0, rising_h=0.5)  # 361 minutes are its own
    assert tonight([oiii, ha], [one(grid, overheads)]).blocks[0].request.line.key == first


@pytest.mark.parametrize(
    ("said", "frames"),
    [
        ({"exposure": "58 s"}, 30),
        ({"exposure": "120 s"}, 14),
        ({"exposure": "898.5 s"}, 1),
        ({"exposure": "3000 s"}, 1),
        ({"exposure": "58 s", "turn": 7}, 7),
        ({"exposure": "58 s", "turn": 40}, 40),
        ({"exposure": "58 s", "run": "at least 45 min"}, 60),
    ],
)
def test_a_turn_is_as_long_as_the_plan_says_or_a_run_or_half_an_hour(
    ask: Ask, grid: Grid, overheads: Overheads, said: dict[str, Any], frames: int
) -> None:
    goal = {key: value for key, value in said.items() if key != "turn"} | {"filter": "L", "count": 90}
    asked = [ask("m31", goal=role, role=role, count=90, rising_h=0.5) for role in ("L", "R")]
    for n, each in enumerate(asked):
        own = replace(each.request.line, goal=Goal.model_validate(goal), turn=said.get("turn"))
        asked[n] = replace(each, request=replace(each.request, line=own))
    first = tonight(asked, [one(grid, overheads)]).blocks[0]
    assert first.count == frames


def test_a_run_is_taken_in_one_go_or_not_at_all(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    goal = {"filter": "L", "exposure": "180 s", "count": 60, "run": "at least 90 min"}
    long = ask("a", count=60, priority=9, rising_h=-1.0)  # the mount changes sides 70 min after the night began
    line = replace(long.request.line, goal=type(long.request.line.goal).model_validate(goal))
    long = replace(long, request=replace(long.request, line=line))
    found = tonight([long, ask("b", count=500)], [one(grid, overheads)])
    first, *rest = [block for block in found.blocks if block.request.line.plan == "a"]
    assert first.start > grid.at(65)
    assert first.end - first.start >= timedelta(minutes=90)
    assert sum(block.count for block in [first, *rest]) == 60


@pytest.mark.slow
@pytest.mark.once
@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(most=st.integers(1, 4), counts=st.lists(st.integers(1, 40), min_size=2, max_size=6))
def test_of_a_list_no_more_plans_are_begun_than_it_may(
    ask: Ask, grid: Grid, overheads: Overheads, most: int, counts: list[int]
) -> None:
    asked = [ask(f"p{n}", count=count, ra_deg=20.0 * n, rising_h=0.5) for n, count in enumerate(counts)]
    asked = [replace(each, request=replace(each.request, choice=("list", most))) for each in asked]
    found = tonight([*asked, ask("other", count=3)], [one(grid, overheads)])
    placed = {block.request.line.plan for block in found.blocks}
    assert len(placed - {"other"}) == min(most, len(counts))
    assert "other" in placed
    assert {each.reason.code for each in found.unplaced} <= {"not-chosen"}


@pytest.mark.long
def test_a_list_counts_its_transits_too(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    asked = [transit(ask, grid, "b", 400, 450), transit(ask, grid, "a", 300, 350, priority=9), ask("c", count=40)]
    of_list = [replace(each, request=replace(each.request, choice=("list", 1))) for each in asked]
    found = tonight(of_list, [one(grid, overheads)])
    assert {block.request.line.plan for block in found.blocks} == {"a"}
    assert [each.reason.code for each in found.unplaced] == ["not-chosen"] * 2


def test_what_is_refused_by_now_is_not_taken_though_an_order_has_it(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    asked = [ask("later", refused=Reason("not-due", "it is not due yet")), ask("now")]
    order = tuple(Stint(goal_of(each.request), "newton", 10) for each in asked)
    found = in_order(Schedule((), ()), asked, [one(grid, overheads)], WEIGHTS, order)
    assert {each.request.line.plan for each in found.blocks} == {"now"}
    assert [each.reason.code for each in found.unplaced] == ["not-due"]


def test_an_order_that_is_worth_as_much_as_the_night_leaves_it_as_it_is(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    asked, timelines = [ask("a"), ask("b", ra_deg=50.0)], [one(grid, overheads)]
    first = tonight(asked, timelines)
    assert in_order(first, asked, timelines, WEIGHTS, order_of(first.blocks)) is first


def test_a_few_random_tries_find_what_the_rules_do_not(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    at = np.arange(grid.count)
    asked = [
        ask(f"p{n}", (at >= 40 * n) & (at < 40 * n + 150), count=30, priority=3 + n % 5, ra_deg=40.0 * n, rising_h=0.5)
        for n in range(12)
    ]
    timelines = [one(grid, overheads)]

    def points(blocks: Sequence[Block]) -> float:
        return sum(of_night(blocks, asked, timelines, WEIGHTS).values())

    by_rules = [points(NightFilling(asked, timelines, rule).filled()) for rule in _rules(WEIGHTS)]
    assert points(tonight(asked, timelines).blocks) > max(by_rules) + 0.01
