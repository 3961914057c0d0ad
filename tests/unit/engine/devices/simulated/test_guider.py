"""A simulated guider takes away a mount's drift, moves it when it dithers, and fails as a scenario says."""

import math

import pytest

from obsy.engine.devices.ports import Guiding
from obsy.engine.devices.simulated.guider import FINDS_S, SimulatedGuider
from obsy.errors import DeviceError
from obsy.schemas.guider import Guider
from tests.unit.engine.devices.simulated.test_mount import hour, off_arcsec, ready

FAULT = {"device": "guider"}
DRIFTS_ARCSEC = 0.5 * 0.25 * 30
"""In half an hour, at least."""


async def guided(world, clock):
    """A guider, its mount on a target, and the target."""
    await ready(world)
    target = hour(-2, clock)
    await world.mount.slew(target)
    declared = Guider.model_validate({"settle": "lasting 10 s and within 60 s"})
    state = world.world.state
    return SimulatedGuider(state, state.parts.trains[0], world.mount, declared), target


def apart(one, other):
    return math.hypot(one[0] - other[0], one[1] - other[1])


def test_it_holds_the_telescope_where_it_is_and_lets_it_drift_again(tell):
    async def story(world, clock):
        guider, target = await guided(world, clock)
        began = clock.now()
        settled = await guider.start()
        spent_s = (clock.now() - began).total_seconds()
        places = [off_arcsec(world, clock, target)]
        await clock.sleep(1800)
        places.append(off_arcsec(world, clock, target))
        await guider.stop()
        places.append(off_arcsec(world, clock, target))
        await clock.sleep(1800)
        return settled, spent_s, await guider.state(), [*places, off_arcsec(world, clock, target)]

    settled, spent_s, state, (first, held, let_go, drifted) = tell(story)
    assert (settled, spent_s, state) == (True, FINDS_S + 10.0, Guiding.STOPPED)
    assert apart(first, held) == pytest.approx(0, abs=1e-6)
    assert apart(held, let_go) == pytest.approx(0, abs=1e-6)
    assert apart(let_go, drifted) > DRIFTS_ARCSEC


def test_a_dither_moves_it_by_no_more_than_was_asked(tell):
    async def story(world, clock):
        guider, target = await guided(world, clock)
        with pytest.raises(DeviceError, match="does not guide"):
            await guider.dither(30.0)
        await guider.start()
        before = off_arcsec(world, clock, target)
        return await guider.dither(30.0), apart(before, off_arcsec(world, clock, target)), await guider.state()

    settled, moved, state = tell(story)
    assert (settled, state) == (True, Guiding.GUIDING)
    assert 9.0 - 1e-6 <= moved <= 30.0


async def starts(world, clock):
    guider, _ = await guided(world, clock)
    began = clock.now()
    return await guider.start(), (clock.now() - began).total_seconds(), await guider.state()


@pytest.mark.parametrize(("fault", "settles"), [("timeout", (False, 60.0)), ("slow", (True, 30.0))])
def test_it_settles_late_or_never(tell, fault, settles):
    settled, settling_s = settles
    told = tell(starts, faults=[FAULT | {"fault": fault, "at": "18:00"}])
    assert told == (settled, FINDS_S + settling_s, Guiding.GUIDING)


@pytest.mark.parametrize(("fault", "says"), [("stuck", "finds no star"), ("disconnect", "the guider does not answer")])
def test_it_finds_no_star_or_does_not_answer(tell, fault, says):
    with pytest.raises(DeviceError, match=says):
        tell(starts, faults=[FAULT | {"fault": fault, "at": "18:00"}])


def test_a_star_is_lost_in_clouds(tell):
    async def story(world, clock):
        guider, _ = await guided(world, clock)
        await guider.start()
        before = await guider.state()
        await clock.sleep(600)
        return before, await guider.state()

    faults = [FAULT | {"fault": "stuck", "at": "19:06"}]
    assert tell(story, faults=faults) == (Guiding.GUIDING, Guiding.LOST)


def test_halting_it_by_a_mount_that_rests_is_nothing(tell):
    async def story(world, clock):
        guider, _ = await guided(world, clock)
        await guider.start()
        await world.mount.park()
        guider.halt()
        return (await world.mount.state()).parked

    assert tell(story) is True
