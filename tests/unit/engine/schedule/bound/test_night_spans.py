"""What a night makes of each picture for the prices of time: cells, set-ups and focus runs, worked out by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from obsy.engine.schedule.bearings import Aim, Bearings
from obsy.engine.schedule.bound.spans import Lost, NightSpans, PictureSpan
from obsy.engine.schedule.bound.stakes import caps_of, stakes_of
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Candidate
from obsy.engine.sky.grid import Grid, Window
from obsy.schemas.value import Value
from tests.support.equipment import one
from tests.unit.engine.schedule.test_at_most import NOTHING

Ask = Callable[..., Candidate]
STRETCH_S = 600.0
APART_DEG = 22.528
"""30 deg of right ascension at 41 deg: twice the arc whose sine is cos 41 deg times sin 15 deg."""


def spans_of(asked: list[Candidate], timelines: list[Timeline], **weights: float) -> list[PictureSpan]:
    """Return the spans of all pictures, in the order of the requests."""
    value = Value.model_construct(**(NOTHING | weights))
    stakes = stakes_of(asked, caps_of(asked, timelines), value)
    spans = NightSpans(asked, timelines, value, STRETCH_S)
    return [span for stake in stakes.pictures for span in spans.of(stake)]


def two(ask: Ask, **change: object) -> list[Candidate]:
    """Return two pictures of frames of three minutes."""
    return [ask("a", **change), ask("b", ra_deg=40.0)]


@pytest.fixture
def slow(grid: Grid, overheads: Overheads) -> Timeline:
    """The example's mount, which slews 1 deg in 5 s, so that the longest way and all takes 1,152 s: two stretches."""
    return one(grid, replace(overheads, slew_deg_s=0.2))


WAY_S = APART_DEG * 5 + 8


def test_the_way_is_from_the_nearest_target_and_a_filter_more_is_no_longer_than_it(ask: Ask, slow: Timeline) -> None:
    for weight, filter_points in ((1.0, 0.05), (9.0, 0.15)):
        lost = spans_of(two(ask), [slow], staying=3.0, filter=weight)[0].lost
        assert (lost.way_s, lost.way) == pytest.approx((WAY_S, 0.15), abs=0.01)
        assert (lost.filter_s, lost.filter) == pytest.approx((12.0, filter_points))
        assert (lost.refund_s, lost.refund) == pytest.approx((WAY_S - 12, 0.0), abs=0.01), "the first settles surely"
        assert lost.before == 2
        assert (lost.focus_part, lost.focus_back, lost.focused) == (0.0, 0, 0)
    exact = spans_of(two(ask), [slow], staying=3.0)[0].lost.way
    assert exact == pytest.approx(3.0 * 180 / 3600, rel=1e-9)


def test_what_stands_where_it_is_known_may_need_no_set_up_at_first(ask: Ask, grid: Grid, slow: Timeline) -> None:
    stands = Bearings(Aim("a", 10.0, 41.0, "newton", "L", 1))
    lost = spans_of(two(ask), [replace(slow, stands=stands)], staying=3.0)[0].lost
    assert (lost.refund_s, lost.refund) == (lost.way_s, lost.way) == pytest.approx((WAY_S, 0.15), abs=0.01)


def test_only_what_the_mount_can_take_tonight_is_on_the_way(ask: Ask, grid: Grid, slow: Timeline) -> None:
    other = Timeline(grid, {"wide": slow.costs["newton"]}, grid.start)
    never = ask("never", np.zeros(grid.count, bool), ra_deg=11.0)
    asked = [*two(ask), ask("c", train="wide", ra_deg=12.0), never]
    assert spans_of(asked, [slow, other])[0].lost.way_s == pytest.approx(WAY_S, abs=0.01)
    assert [each.mount for each in spans_of(asked, [slow, other])] == [0, 0, 1], "and what is never free has no span"


def test_goals_through_the_same_filter_need_no_other(ask: Ask, slow: Timeline) -> None:
    red = [ask("a", goal="R-180s", role="R"), *two(ask)]
    (same, _), (other, _) = (
        spans_of(each, [slow], staying=3.0, filter=1.0) for each in ([ask("a", goal="L2"), *two(ask)], red)
    )
    assert (same.lost.filter_s, same.lost.filter) == (0.0, 0.0)
    assert (other.lost.filter_s, other.lost.filter) == pytest.approx((12.0, 0.05))
    assert same.lost.way_s == other.lost.way_s > 0


def test_frames_of_two_lengths_share_what_the_picture_adds_by_their_time_and_need_no_set_up(
    ask: Ask, slow: Timeline
) -> None:
    asked = [ask("a", goal="S", role="R", exposure_s=60.0, count=5), *two(ask)]  # 5 of 62 s, and 10 of 182 s
    short, long, other = spans_of(asked, [slow], staying=3.0, filter=1.0, balance=1.0)
    assert short.adds.max() == pytest.approx(310 / (310 + 1820)), "of a point: what comes on with all counts as an hour"
    assert long.adds.max() == pytest.approx(1820 / (310 + 1820))
    assert short.lost == long.lost == Lost(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2, 0.0, 0, 0)
    assert other.lost.way_s > 0


def test_what_has_a_goal_at_its_own_time_may_go_on_from_there(ask: Ask, grid: Grid, slow: Timeline) -> None:
    event = ask("a", goal="E", role="R", fixed=Window(grid.at(60), grid.at(92)))
    (a, _) = spans_of([event, *two(ask)], [slow], staying=3.0, filter=1.0)
    assert a.lost == Lost(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2, 0.0, 0, 0)


def test_focus_runs_are_as_rare_as_a_block_can_make_them(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    hourly = replace(overheads, focus_every_s=3600.0, focus_s=600.0)
    asked = [
        *two(ask),
        ask("w", train="wide", exposure_s=598.0),
        ask("e", train="g", fixed=Window(grid.at(0), grid.at(9))),
    ]
    lasts_s = 3600 + 19 * 182 + 60  # 7,118 s; the other train's blocks are longer, an hour
    for since_s, focused in ((None, 0), (-10_000.0, 0), (-60.0, 12)):  # 7,058 s from dusk are 12 stretches
        stands = Bearings(focused={"newton": grid.start + timedelta(seconds=since_s)} if since_s else {})
        mount = Timeline(grid, {"newton": hourly, "wide": hourly}, grid.start, stands)
        lost = spans_of(asked, [mount, Timeline(grid, {"g": hourly}, grid.start)])[0].lost
        assert (lost.focus_part, lost.focus_back, lost.focused) == (pytest.approx(600 / lasts_s), 14, focused)


def test_a_train_is_on_one_mount(ask: Ask, grid: Grid, slow: Timeline) -> None:
    assert NightSpans(two(ask), [slow], Value.model_construct(**NOTHING), STRETCH_S).possible
    assert not NightSpans(two(ask), [slow, slow], Value.model_construct(**NOTHING), STRETCH_S).possible
