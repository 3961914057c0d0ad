"""What a mount may visit, in moments: worked out by hand for one target."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from obsy.engine.schedule.bound.visits import Visits, visits_of
from obsy.engine.schedule.fit import block_of
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Candidate
from obsy.engine.schedule.value import of_night
from obsy.engine.sky.grid import Grid
from obsy.schemas.value import Value
from tests.support.equipment import one
from tests.unit.engine.schedule.test_at_most import NOTHING

Ask = Callable[..., Candidate]
QUALITY = Value.model_construct(**(NOTHING | {"quality": 6.0}))


@pytest.fixture
def visits(grid: Grid, overheads: Overheads) -> Callable[..., Visits]:
    """The visits of all frames of a candidate, by the example's mount."""
    return lambda asked: visits_of(one(grid, overheads), [asked], [asked.request.count], QUALITY)


def test_frames_of_182_s_hold_so_many_moments(ask: Ask, visits: Callable[..., Visits]) -> None:
    found = visits(ask("m31", count=1, rising_h=1.0))
    assert (found.apart_s, found.most.tolist(), found.least.tolist()) == (10.0, [19], [18])
    assert visits(ask("m31", count=10, rising_h=1.0)).most.tolist() == [182]


def test_what_began_in_the_east_goes_on_as_far_as_the_mount_tracks(ask: Ask, visits: Callable[..., Visits]) -> None:
    east, west = visits(ask("m31", rising_h=-1.0)).usable.T  # the meridian at 3,590 s, and 600 s are tracked past it
    assert east[:419].all()
    assert not east[450:].any()
    assert west[359:].all()
    assert not west[:350].any()


def test_a_frame_is_paid_by_its_sky_until_it_ends(
    ask: Ask, grid: Grid, overheads: Overheads, visits: Callable[..., Visits]
) -> None:
    good = np.where(np.arange(grid.count) == 10, 80.0, 30.0)
    asked = replace(ask("m31", count=1, exposure_s=600.0, priority=0, rising_h=1.0), altitude_deg=good)
    timeline = one(grid, overheads)
    block = block_of(asked, timeline, grid.at(10), 1)
    assert block is not None
    paid = float(visits(asked).rate[60:121, 0].sum())  # from 600 s on, for 602 s
    assert sum(of_night([block], [asked], [timeline], QUALITY).values()) <= paid
