"""On which side a mount hangs after an event: by where its target was when the mount was sent there."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pytest

from obsy.engine.forecast.filling import _Mounts, _wait
from obsy.engine.forecast.night_arrays import _events, _moves
from obsy.engine.schedule.filling import Filling
from obsy.engine.schedule.fit import Timeline, fit_fixed
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Candidate, Claim, Request
from obsy.engine.sidereal import HOURS_PER_S
from obsy.engine.sky.grid import Grid, Window
from obsy.schemas.value import Value
from tests.support.requests import line

GRID = Grid(datetime(2026, 11, 21, 18, tzinfo=UTC), 60.0, 601)
NIGHT = Timeline(GRID, {"newton": Overheads(4.0, 8.0, 4.0, 2.0, 60.0, 180.0, 1800.0)}, GRID.start)
SETUPS_S = np.array([0.0, 100.0, 149.0, 151.0, 200.0, 260.0, 400.0, 900.0])


def event(passes_s: float) -> Candidate:
    """Return one that begins after two hours, whose target passes the meridian so many seconds before."""
    hour_angle = (GRID.seconds - 7200.0 + passes_s) * HOURS_PER_S
    alike = (np.full(GRID.count, value) for value in (10.0, 41.0, 60.0))
    asked = Request(
        line(plan="star", goal="L-60s", role="L", exposure_s=60.0), train="newton", count=10, claim=Claim(5.0)
    )
    return Candidate(asked, *alike, hour_angle, np.ones(GRID.count, bool), fixed=Window(GRID.at(120), GRID.at(140)))


@pytest.mark.parametrize("passes_s", [-3000.0, 90.0, 170.0, 230.0, 500.0, 5000.0])
def test_the_longer_what_lies_before_an_event_the_sooner_its_mount_is_sent_and_chooses_its_side(
    passes_s: float,
) -> None:
    asked = event(passes_s)
    (block,) = fit_fixed(asked, NIGHT)
    (found,) = _events([asked], {"newton": (0, NIGHT)})
    assert found.half_after(SETUPS_S).tolist() == [replace(block, setup_s=each).half for each in SETUPS_S]


def test_a_mount_that_changes_sides_in_an_event_hangs_on_the_other_one_afterwards() -> None:
    asked = event(-600.0)
    assert len(fit_fixed(replace(asked, fixed=Window(GRID.at(120), GRID.at(200))), NIGHT)) == 2
    (found,) = _events([replace(asked, fixed=Window(GRID.at(120), GRID.at(200)))], {"newton": (0, NIGHT)})
    assert found.half_after(SETUPS_S).tolist() == [1] * len(SETUPS_S)


@pytest.mark.parametrize("passes_s", [90.0, 170.0, 200.0, 230.0, 290.0, 500.0])
@pytest.mark.parametrize("focus_s", [60.0, 160.0, 250.0])
def test_a_mount_that_waits_for_an_event_is_sent_there_when_the_scheduler_sends_it(
    passes_s: float, focus_s: float
) -> None:
    """A filter, a slew's settling and a focus run lie before it: 72, 172 or 262 s; it is sent 150 s ahead at least."""
    costs = Overheads(4.0, 8.0, 4.0, 2.0, focus_s, 180.0, 1800.0)
    timeline = Timeline(GRID, {"newton": costs}, GRID.start)
    asked = event(passes_s)
    (block,) = fit_fixed(asked, timeline)
    scheduled = Filling(timeline, GRID.start, np.zeros(1), np.zeros(1), timeline.stands)
    scheduled.add(block)
    one = np.zeros(1, int)
    night = SimpleNamespace(
        step_s=GRID.step_s,
        train=one,
        moves=_moves([asked], [costs], Value(), GRID.seconds),
        events=_events([asked], {"newton": (0, timeline)}),
    )
    now_s = np.array([[7050.0]])
    mounts = _Mounts(now_s, np.ones((1, 1), int), np.zeros((1, 1), int), np.full((1, 1), -np.inf), np.full(1, 36000.0))
    assert not _wait(night, (mounts, one, one), one, np.ones(1, bool)).any()
    assert mounts.half[0, 0] == scheduled.blocks[0].half
