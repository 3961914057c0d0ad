"""A mount's night in plain numbers says what the grid and the true costs say."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from obsy.engine.schedule.bearings import Bearings
from obsy.engine.schedule.fit import Timeline, aim_of, block_of
from obsy.engine.schedule.night_numbers import CHANGES, MountNumbers, mount_numbers
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.pier import RISING, SETTING, half_of, tracks_on_s
from obsy.engine.schedule.request import Block, Candidate, Claim
from obsy.engine.sky.grid import Grid
from obsy.schemas.goal import Goal
from obsy.schemas.value import Value

Ask = Callable[..., Candidate]
WEIGHTS = Value.model_construct(priority=1.0, staying=0.3, filter=0.05, quality=2.0, moon=3.0)


def places(ask: Ask) -> list[Candidate]:
    """Two goals of one picture, one with another train, and two elsewhere, on both sides of the meridian."""
    here = [ask("a", goal="L", role="L", rising_h=-1.0), ask("a", goal="R", role="R", rising_h=-1.0)]
    more = [ask("a", goal="L", role="L", train="wide", rising_h=-1.0), ask("b", ra_deg=50.0, rising_h=1.0)]
    return [*here, *more, ask("c", ra_deg=80.0, role="R", rising_h=-3.0), ask("no", train="other")]


@pytest.mark.parametrize("past_s", [600.0, None])
def test_a_way_costs_what_it_does_by_the_true_rules(
    ask: Ask, grid: Grid, overheads: Overheads, past_s: float | None
) -> None:
    wide = Overheads(4.0, 9.0, 5.0, 2.0, 70.0, 190.0, past_s)
    costs = {"newton": replace(overheads, past_meridian_s=past_s), "wide": wide}
    timeline, asked = Timeline(grid, costs, grid.start), places(ask)
    numbers = mount_numbers(timeline, asked, [], WEIGHTS)
    assert list(numbers.candidates) == [0, 1, 2, 3, 4]
    for to_n, to in enumerate(asked[:5]):
        block = block_of(to, timeline, grid.start, 1)
        assert block is not None
        of = numbers.candidates[to_n]
        there, aim = of.places[block.hour_angle_h >= 0], aim_of(block)
        assert numbers.way_s(None, there, of.costs) == of.costs.way_s(Bearings(), aim)
        for from_n, last in enumerate(asked[:5]):
            before = block_of(last, timeline, grid.start, 1)
            assert before is not None
            came_from = numbers.candidates[from_n].places[before.hour_angle_h >= 0]
            for rests in (False, True):
                expected = of.costs.way_s(Bearings(aim_of(before), rests), aim)
                where = came_from._replace(rests=rests)
                assert numbers.way_s(where, there, of.costs) == pytest.approx(expected)
                assert numbers.way_s(where, there, of.costs) == pytest.approx(expected), "once more"


@pytest.mark.parametrize("rests", [False, True])
def test_the_first_way_is_from_where_the_mount_stands(ask: Ask, grid: Grid, overheads: Overheads, rests: bool) -> None:
    asked, anywhere = places(ask)[:2], Timeline(grid, {"newton": overheads}, grid.start)
    before, *first = (block_of(each, anywhere, grid.start, 1) for each in (ask("b", ra_deg=50.0), *asked))
    assert before is not None
    for last in (before, first[1]):
        assert last is not None
        stands = Bearings(aim_of(last), rests, {"newton": grid.start})
        made = mount_numbers(Timeline(grid, {"newton": overheads}, grid.start, stands), asked, [], WEIGHTS)
        for mine, block in zip(made.candidates.values(), first, strict=True):
            assert block is not None
            way_s = made.way_s(made.last, mine.places[block.hour_angle_h >= 0], overheads)
            assert way_s == pytest.approx(overheads.way_s(stands, aim_of(block)))


def test_a_candidate_comes_and_goes_as_its_sky_lets_it(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    for first, last in ((0, 600), (100, 400), (30, 600), (0, 20)):
        at = np.arange(grid.count)
        free = ((at >= first) & (at <= last)) & (at != 50)
        numbers = mount_numbers(Timeline(grid, {"newton": overheads}, grid.at(7)), [ask("a", free)], [], WEIGHTS)
        mine = numbers.candidates[0]
        assert mine.comes == [next((n for n in range(i, 601) if free[n]), 601) for i in range(601)]
        for i in np.flatnonzero(free).tolist():
            stop = next((n for n in range(i, 601) if not free[n]), 601)
            assert mine.goes_s[i] == (stop - 1) * 60.0
        assert mine.angle_h == ask("a").hour_angle_h.tolist()
        assert (numbers.begin_s, numbers.end_s, numbers.instants, numbers.step_s) == (420.0, 36000.0, 601, 60.0)


def test_what_an_hour_is_worth_besides_adds_up_over_time(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    seen = replace(ask("a", priority=4), altitude_deg=50 + 30 * np.sin(np.arange(601)))
    mine = mount_numbers(Timeline(grid, {"newton": overheads}, grid.start), [seen], [], WEIGHTS).candidates[0]
    rate = 2.0 * seen.quality + 3.0 * seen.moonless
    assert mine.paid_until(0.0) == 0.0
    assert mine.paid_until(1.0) == pytest.approx(rate[0])
    assert mine.paid_until(10.25) == pytest.approx(rate[:10].sum() + rate[10] / 4)
    assert mine.paid_until(601.0) == pytest.approx(rate.sum())
    assert (mine.hour, mine.exposure_h, mine.each_s) == (pytest.approx(4.35), 0.05, 182.0)


def test_runs_turns_and_sizes_are_the_goal_s(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    plain = ask("a", count=12)
    run = Goal.model_validate({"filter": "L", "exposure": "180 s", "count": 30, "run": "at least 50 min"})
    line = replace(plain.request.line, goal=run)
    long = replace(plain, request=replace(plain.request, line=line, claim=Claim(5.0, immediate=9.0)))
    turns = replace(plain, request=replace(plain.request, line=replace(plain.request.line, turn=3)))
    made = mount_numbers(Timeline(grid, {"newton": overheads}, grid.start), [plain, long, turns], [], WEIGHTS)
    assert [(each.least, each.most, each.turn) for each in made.candidates.values()] == [
        (1, 19, None),
        (17, 19, None),
        (1, 19, 3),
    ]
    assert [each.goal for each in made.candidates.values()] == [0, 0, 0]


def booked(ask: Ask, timeline: Timeline) -> list[Block]:
    made = [
        block_of(each, timeline, timeline.grid.at(at), 4)
        for each, at in (
            (ask("c", ra_deg=80.0, role="R", rising_h=-3.0), 10),
            (ask("b", ra_deg=50.0, rising_h=1.0), 90),
        )
    ]
    return [each for each in made if each is not None]


def test_what_is_booked_has_its_time_and_its_place(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    timeline = Timeline(grid, {"newton": overheads}, grid.start)
    blocks = booked(ask, timeline)
    made = mount_numbers(timeline, [ask("b", ra_deg=50.0, rising_h=1.0)], blocks, WEIGHTS)
    assert [(each.start, each.end) for each in made.booked] == [(600.0, 1328.0), (5400.0, 6128.0)]
    east, west = (each.place for each in made.booked)
    assert (east.half, west.half) == (-1, 1)
    assert east.picture != west.picture == made.candidates[0].places[1].picture
    way_s = made.way_s(east, west, overheads)
    assert way_s == overheads.way_s(Bearings(aim_of(blocks[0])), aim_of(blocks[1]))
    mine = made.candidates[0].places[1]
    assert made.way_s(west, mine, overheads) == 0.0, "it goes on"
    on = mount_numbers(
        timeline, [ask("c", ra_deg=80.0, role="R", rising_h=-3.0), ask("a", rising_h=-1.0)], blocks, WEIGHTS
    )
    begun, elsewhere = (each.places[0] for each in on.candidates.values())
    assert on.way_s(on.booked[0].place, begun, overheads) == 0.0
    far = block_of(ask("a", rising_h=-1.0), timeline, grid.start, 1)
    assert far is not None
    way_s = overheads.way_s(Bearings(aim_of(blocks[0])), aim_of(far))
    assert on.way_s(on.booked[0].place, elsewhere, overheads) == pytest.approx(way_s)


def test_goals_of_one_picture_with_one_train_are_alike(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    timeline = Timeline(grid, {"newton": overheads, "wide": overheads}, grid.start)
    made: MountNumbers = mount_numbers(timeline, places(ask), [], WEIGHTS)
    assert sorted(made.alike.values()) == [[0, 1], [2], [3], [4]]
    assert {train for _, train in made.alike} == {"newton", "wide"}
    assert made.candidates[0].goal == made.candidates[2].goal != made.candidates[1].goal


@pytest.mark.parametrize("past_s", [600.0, None])
def test_a_side_is_known_from_instant_to_instant_and_until_when_it_may_be_kept(
    ask: Ask, grid: Grid, overheads: Overheads, past_s: float | None
) -> None:
    timeline = Timeline(grid, {"newton": replace(overheads, past_meridian_s=past_s)}, grid.start)
    made = mount_numbers(timeline, [ask("a", rising_h=-1.0), ask("b", rising_h=1.0)], [], WEIGHTS)
    changing = []
    for each in made.candidates.values():
        for at, side in enumerate(each.sides):
            moments = (half_of(each.angle_h[at], share * grid.step_s) == SETTING for share in (-1e-3, 0.0, 0.5, 1.0))
            assert {*moments} == ({True, False} if side == CHANGES else {bool(side)})
            for place, half in enumerate((RISING, SETTING)):
                tracks_s = at * grid.step_s + tracks_on_s(half, each.angle_h[at], past_s)
                assert each.ends_s[place][at] == min(each.goes_s[at], tracks_s)
        changing.append(each.sides.count(CHANGES))
    assert max(changing) == 1
