"""Planning and mount agree on the side of the pier: neither knows the other's sky, nor the other's rule."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from obsy.engine.devices.ports import Pier, Pointing
from obsy.engine.devices.simulated.ephemeris import sidereal_deg
from obsy.engine.devices.simulated.parts import Parts
from obsy.engine.schedule.bearings import Bearings
from obsy.engine.schedule.fit import Timeline, fit, fit_fixed
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.pier import RISING
from obsy.engine.schedule.request import AHEAD_S, Block, Candidate, Claim, Request
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.grid import Grid, Window
from obsy.engine.sky.tracks import tracks
from tests.support.effort import costly
from tests.support.requests import line
from tests.unit.engine.devices.simulated.conftest import EVENING, mount, play

GRID = Grid(EVENING, 60.0, 121)
STATES = count()
SLEWS_S = 5.0 + 3.0
"""What a first block is charged: settling, and the filter."""
LAW = settings(max_examples=costly(100), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SENT_S = st.floats(-1200.0, 1200.0).filter(lambda s: abs(s) > 5.0)
"""When the mount is sent, after the meridian: nearer to it the two skies, an arcminute apart, may differ."""
LATER_S = st.floats(0.0, 59.0)


def asked(parts: Parts, sent_s: float, later_s: float, dec_deg: float, **change: object) -> Candidate:
    """Return what passes the meridian so long before a mount is sent there, some seconds after an instant."""
    sent = GRID.at(40) + timedelta(seconds=later_s)
    sidereal = sidereal_deg(parts.site.location, sent.timestamp())
    guess = Fixed((sidereal - sent_s * 15 * 1.002737909 / 3600) % 360, dec_deg)
    (seen,) = tracks([guess], GRID, parts.site.location)
    off_deg = float(np.interp(2400.0 + later_s, GRID.seconds, seen.hour_angle_h)) * 15 - sent_s * 15 / 3590.17
    (seen,) = tracks([Fixed((guess.ra_deg + off_deg) % 360, dec_deg)], GRID, parts.site.location)
    request = Request(line("a", "L-1s", "L", exposure_s=1.0), "apo", 3000, Claim(5.0))
    free, angle_h = np.ones(GRID.count, bool), seen.hour_angle_h
    return Candidate(request, seen.ra_deg, seen.dec_deg, seen.altitude_deg, angle_h, free, **change)  # type: ignore[arg-type]


def mounted(parts: Parts, past_s: float, focus_s: float) -> tuple[Parts, Timeline]:
    """Return a world whose mount tracks so far past the meridian, and its night as planning has it."""
    declared = mount(meridian={"past": f"{past_s} s", "flip": "3 min"})
    state = parts.state.with_name(f"world-{next(STATES)}.json")  # each example has a world of its own
    costs = Overheads(3.0, 5.0, 3.0, 2.0, focus_s, 180.0, past_s, grace_s=30.0)
    return replace(parts, mounts=(declared,), state=state), Timeline(GRID, {"apo": costs}, GRID.start)


def taken(parts: Parts, block: Block) -> tuple[Pier, bool]:
    """Return the side on which a mount hangs that is sent to a block as it begins; and if it tracks, near its end."""

    async def story(world, clock):
        await world.enclosure.open()
        await world.mount.unpark()
        await clock.sleep((block.begin - clock.now()).total_seconds())
        await world.mount.slew(Pointing(block.ra_deg, block.dec_deg))
        side = (await world.mount.state()).pier
        await clock.sleep((block.end - clock.now()).total_seconds())
        return side, (await world.mount.state()).tracking

    return play(parts, story, block.begin - timedelta(minutes=2))


@LAW
@given(SENT_S, LATER_S, st.floats(0.0, 75.0), st.sampled_from((0.0, 60.0, 600.0, 1800.0)), st.sampled_from((0.0, 99.0)))
def test_a_mount_hangs_where_it_was_planned_and_tracks_to_the_end(  # noqa: PLR0913, PLR0917  a fixture, and a night
    parts: Parts, sent_s: float, later_s: float, dec_deg: float, past_s: float, focus_s: float
) -> None:
    parts, timeline = mounted(parts, past_s, focus_s)
    now = GRID.at(40) + timedelta(seconds=later_s)
    block = fit(asked(parts, sent_s, later_s, dec_deg), timeline, (now, Bearings(), None), 3000)
    assume(block is not None)
    assert block is not None
    side, tracks_on = taken(parts, replace(block, setup_s=(block.start - now).total_seconds()))
    assert (side is Pier.WEST) == (sent_s < 0)
    assert replace(block, setup_s=SLEWS_S + focus_s).half == (RISING if side is Pier.WEST else -RISING)
    assert tracks_on, f"until {block.end}, sent {sent_s:.0f} s after the meridian"


@LAW
@given(SENT_S, st.floats(0.0, 75.0), st.sampled_from((0.0, 45.0, 600.0)), st.sampled_from((5.0, 180.0)))
def test_so_it_does_where_a_block_has_its_own_time(
    parts: Parts, sent_s: float, dec_deg: float, past_s: float, flip_s: float
) -> None:
    parts, timeline = mounted(parts, past_s, 0.0)
    timeline = replace(timeline, costs={"apo": replace(timeline.costs["apo"], flip_s=flip_s)})
    start = GRID.at(40) + timedelta(seconds=AHEAD_S)
    event = asked(parts, sent_s, 0.0, dec_deg, fixed=Window(start, start + timedelta(minutes=30)))
    blocks = fit_fixed(event, timeline)
    assert blocks
    for number, block in enumerate(blocks):
        sent = replace(block, setup_s=flip_s + 5.0 if number else 0.0)
        side, tracks_on = taken(parts, sent)
        assert (side is Pier.WEST) == (sent.half == RISING) == (sent_s + (sent.begin - GRID.at(40)).total_seconds() < 0)
        assert tracks_on, f"until {block.end}, sent {sent_s:.0f} s after the meridian"
        if side is Pier.WEST:  # what its set-up may take longer is left before the mount must stop
            limit = GRID.at(40) + timedelta(seconds=past_s - sent_s)
            assert (limit - block.end).total_seconds() >= timeline.costs["apo"].spare_s - 0.1
    assert blocks[0].begin - GRID.at(40) <= timedelta(seconds=max(0.0, 60.0 - sent_s))


@pytest.mark.parametrize(("sent_s", "frames"), [(-100.0, 0), (5.0, 1200)])
def test_a_mount_that_tracks_no_farther_waits_for_the_meridian(parts: Parts, sent_s: float, frames: int) -> None:
    parts, timeline = mounted(parts, 0.0, 99.0)
    block = fit(asked(parts, sent_s, 0.0, 41.0), timeline, (GRID.at(40), Bearings(), None), 3000)
    assert (0 if block is None else block.count) == frames
