"""How a sky is cut into cells as long as a frame, what each is worth, and which stretches of time it touches."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from obsy.engine.schedule.bound.spans import FixedSpan, NightSpans
from obsy.engine.schedule.bound.stakes import caps_of, stakes_of
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Candidate
from obsy.engine.sky.grid import Grid, Mask, Window
from obsy.schemas.value import Value
from tests.support.equipment import one
from tests.unit.engine.schedule.bound.test_night_spans import spans_of
from tests.unit.engine.schedule.test_at_most import NOTHING

Ask = Callable[..., Candidate]
NO_WEIGHTS = Value.model_construct(**NOTHING)


def opened(grid: Grid, *spans: tuple[int, int]) -> Mask:
    """Return a sky that is open from one instant to another, both included."""
    free = np.zeros(grid.count, bool)
    for first, last in spans:
        free[first : last + 1] = True
    return free


def high_at(seen: Candidate, *instants: int) -> Candidate:
    """Return it at 30 deg, but at 90 deg at some instants: its frames are worth half, and all that begin there."""
    altitude = np.full(len(seen.free), 30.0)
    altitude[list(instants)] = 90.0
    return replace(seen, altitude_deg=altitude)


def test_ten_minutes_hold_ten_cells_of_one_which_begin_a_moment_early(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    asked = high_at(ask("m31", opened(grid, (10, 20)), exposure_s=58.0, count=99, priority=0), 11)
    (found,) = spans_of([asked], [one(grid, overheads)], quality=6.0)
    best = 6 * 58 / 3600
    assert found.pays.tolist() == pytest.approx([best, best, best, *[best / 2] * 7]), "at 660 s three cells have a part"
    assert found.ends.first.tolist() == [0, *[1] * 9], "it may begin a moment before 600 s"
    assert found.ends.last.tolist() == [*[1] * 9, 2], "what begins at 1,140 s at the latest ends by 1,200 s"
    assert found.adds.shape == (2, 11)


def test_a_block_ends_so_long_before_its_sky_as_a_set_up_may_be_late(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    asked = ask("m31", opened(grid, (10, 20)), exposure_s=58.0, count=99)
    assert [len(s.pays) for s in spans_of([asked], [one(grid, replace(overheads, grace_s=30.0))])] == [9]
    just = ask("m31", opened(grid, (10, 11)), exposure_s=58.1, count=99)  # 60.1 s with the moment before
    assert [len(s.pays) for s in spans_of([just], [one(grid, overheads)])] == [1]
    more = ask("m31", opened(grid, (10, 11)), exposure_s=58.2, count=99)
    assert spans_of([more], [one(grid, overheads)]) == [], "a tenth of a second too long"
    assert spans_of([replace(just, free=opened(grid))], [one(grid, overheads)]) == []


@pytest.mark.parametrize(("instant", "cells"), [(10, [0]), (11, [0]), (12, [0]), (13, [0, 1]), (16, [1, 2])])
def test_a_cell_is_worth_the_best_instant_that_it_has_a_part_of(
    ask: Ask, grid: Grid, overheads: Overheads, instant: int, cells: list[int]
) -> None:
    asked = high_at(ask("m31", opened(grid, (10, 40)), count=99, priority=0), instant)
    (found,) = spans_of([asked], [one(grid, overheads)], quality=6.0)  # cells begin at 600, 782 and 964 s
    assert len(found.pays) == 9
    assert np.flatnonzero(found.pays > 0.2).tolist() == cells


def test_a_frame_is_paid_for_all_that_it_may_be_paid_for(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    asked = replace(ask("m31", opened(grid, (0, 9)), count=99), moonlight=0.25)
    best = high_at(asked, 0)
    (found,) = spans_of([best], [one(grid, overheads)], staying=3.0, filter=1.0, quality=6.0, moon=2.0)
    hour = 5 + 3 + 1 + 2 * 0.75
    assert found.pays.tolist() == pytest.approx([(hour + 6) / 20, (hour + 3) / 20])


def test_what_has_its_own_time_may_reach_the_end_of_the_night(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    event = ask("m31", exposure_s=598.0, priority=0, fixed=Window(grid.at(590), grid.at(600)))
    spans = NightSpans(
        [high_at(event, 600)], [one(grid, overheads)], Value.model_construct(**NOTHING | {"quality": 6.0}), 600.0
    )
    (found,) = spans.fixed()
    assert found.pays.tolist() == pytest.approx([6 * 598 / 3600] * 2)
    assert (found.ends.first.tolist(), found.ends.last.tolist()) == ([58, 59], [60, 60]), "of the night's 61"


def test_what_has_too_many_cells_is_not_possible(
    ask: Ask, grid: Grid, overheads: Overheads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("obsy.engine.schedule.bound.spans.MOST_CELLS", 10)
    for sky, possible in (([(10, 20)], True), ([(10, 21)], False), ([(10, 30), (40, 42)], False)):
        asked = [ask("m31", opened(grid, *sky), exposure_s=58.0, count=99)]
        spans = NightSpans(asked, [one(grid, overheads)], NO_WEIGHTS, 600.0)
        for stake in stakes_of(asked, caps_of(asked, [one(grid, overheads)]), NO_WEIGHTS).pictures:
            list(spans.of(stake))
        assert spans.possible is possible


def test_what_no_mount_carries_and_what_is_never_free_has_no_span(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    window = Window(grid.at(0), grid.at(9))
    asked = [ask("a", train="wide", fixed=window), ask("b", opened(grid), fixed=window)]
    found: list[FixedSpan] = list(NightSpans(asked, [one(grid, overheads)], NO_WEIGHTS, 600.0).fixed())
    assert found == []
