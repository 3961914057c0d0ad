"""No way that a schedule takes is shorter than the bound's ways into a visit."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from obsy.engine.schedule.bearings import Aim, Bearings
from obsy.engine.schedule.bound.ways import FIRST, VisitSeen, WayIn, WaysIn
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Candidate
from obsy.engine.sky.grid import Grid
from obsy.schemas.value import Value
from tests.support.equipment import one
from tests.unit.engine.schedule.test_at_most import NOTHING

Ask = Callable[..., Candidate]
WEIGHTS = Value.model_construct(**(NOTHING | {"staying": 2.0, "filter": 1.0}))


def seen(candidate: Candidate, half: int) -> VisitSeen:
    """Return a visit of a candidate at any time, in a half of the sky."""
    return VisitSeen(0, candidate, half, candidate.free)


def between(timeline: Timeline, *two: VisitSeen) -> list[WayIn]:
    """Return the ways from one visit into another, moments a second apart."""
    ways = WaysIn(timeline, two, WEIGHTS, german=True)
    return [way for way in ways.into(1.0)[1] if 0 in ways.origins[way.origin]]


def least_s(timeline: Timeline, *two: VisitSeen) -> int:
    """Return how long the way from one visit into another takes at least."""
    return min(way.moments for way in between(timeline, *two))


def aim(candidate: Candidate, half: int, index: int = 0) -> Aim:
    """Where a candidate is at an instant, taken in a half of the sky."""
    of = candidate.request
    where = float(candidate.ra_deg[index]), float(candidate.dec_deg[index])
    return Aim(of.line.picture, *where, of.train, of.line.filter, half)


def test_the_first_way_is_as_long_as_from_where_the_mount_is_known_to_stand(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    m31 = ask("m31")
    for aimed, focused, way_s, loss in ((1, 1, 0, 0.0), (1, 0, 60, 0.0), (0, 1, 12, 0.15), (0, 0, 72, 0.15)):
        stands = Bearings(aim(m31, -1) if aimed else None, focused={"newton": grid.start} if focused else {})
        timeline = replace(one(grid, overheads), stands=stands)
        ways = WaysIn(timeline, [seen(m31, -1)], WEIGHTS, german=True).into(1.0)[0]
        (first,) = {way for way in ways if way.origin == FIRST}
        assert (first.moments, first.loss) == (way_s, pytest.approx(loss))
        assert first.moments == timeline.between(stands, aim(m31, -1), grid.start)


def test_a_target_that_passes_the_meridian_on_the_way_to_it_hangs_where_the_way_began(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    m31, passing, timeline = ask("m31"), ask("m33", rising_h=-2.0, ra_deg=11.0), one(grid, overheads)
    true_s = timeline.between(Bearings(aim(m31, -1), focused={"newton": grid.start}), aim(passing, -1), grid.start)
    assert 8 <= least_s(timeline, seen(m31, -1), seen(passing, -1)) <= true_s < 9
    often = one(grid, replace(overheads, focus_every_s=3600.0))
    for each in (timeline, often):
        assert least_s(each, seen(m31, -1), seen(passing, 1)) == least_s(each, seen(m31, -1), seen(m31, 1)) == 188


def test_a_flip_may_be_shorter_than_a_long_slew(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    far, timeline = ask("m33", rising_h=-2.0, ra_deg=190.0), one(grid, replace(overheads, slew_deg_s=0.2))
    stands = Bearings(aim(ask("m31"), 1), focused={"newton": grid.start})  # it turns over for what is in the west then
    assert least_s(timeline, seen(ask("m31"), 1), seen(far, 1)) <= timeline.between(stands, aim(far, -1), grid.start)


def test_two_that_move_are_as_near_as_they_ever_come(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    timeline, equator = one(grid, replace(overheads, slew_deg_s=0.1)), np.zeros(grid.count)
    one_way, other_way = np.linspace(10.0, 12.0, grid.count), np.linspace(16.0, 14.0, grid.count)
    comets = [replace(ask(f"c{ra[0]}"), ra_deg=ra, dec_deg=equator) for ra in (one_way, other_way)]
    stands = Bearings(aim(comets[0], -1, -1), focused={"newton": grid.start})
    true_s = timeline.between(stands, aim(comets[1], -1, -1), grid.start)
    assert true_s - 1 <= least_s(timeline, *(seen(each, -1) for each in comets)) <= true_s == pytest.approx(28.0)
