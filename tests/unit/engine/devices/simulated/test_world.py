"""The whole observatory: it fits the ports, outlives obsy, and repeats itself."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from obsy.engine.devices import ports
from obsy.engine.devices.ports import Exposure, Pointing, Roof
from obsy.engine.devices.simulated.world import World
from obsy.errors import DeviceError

LIGHT = Exposure("light", 60, "L", 100, 50, 1, "m34")
THERE = Pointing(39.1, 41.0)


def as_ports(
    world: World,
) -> tuple[ports.MountPort, ports.CameraPort, ports.EnclosurePort, ports.FilterWheelPort, ports.FocuserPort]:
    """Checked by mypy."""
    weather: ports.WeatherPort = world.weather["station"]
    panel: ports.CoverPanelPort | None = world.panel
    assert weather and panel
    return world.mount, world.camera, world.enclosure, world.wheel, world.focuser


async def observe(world, clock):
    await world.enclosure.open()
    await world.mount.unpark()
    await world.mount.slew(THERE)
    await world.panel.open()
    return await world.camera.expose(LIGHT)


def test_every_device_is_a_port(tell):
    async def story(world, clock):
        return as_ports(world)

    assert all(tell(story))


def test_the_same_night_gives_the_same_bytes(tell, tmp_path, parts):
    first = tell(observe)
    seen = first.read_bytes()
    parts.state.unlink()
    second = tell(observe)
    assert (second.name, second.read_bytes()) == (first.name, seen)


def test_another_seed_gives_other_bytes(tell, parts):
    seen = tell(observe).read_bytes()
    parts.state.unlink()
    assert tell(observe, seed=8).read_bytes() != seen


def test_a_roof_that_moved_when_obsy_died_arrives_by_itself(tell):
    async def dies(world, clock):
        moving = asyncio.ensure_future(world.enclosure.open())
        await clock.sleep(10)
        state = await world.enclosure.state()
        moving.cancel()
        return state, clock.now()

    async def looks(world, clock):
        now = await world.enclosure.state()
        await clock.sleep(60)
        return now, await world.enclosure.state()

    state, then = tell(dies)
    assert state is Roof.MOVING
    assert tell(looks, at=then) == (Roof.MOVING, Roof.OPEN)


def test_a_mount_tracks_on_while_obsy_is_dead(tell):
    async def looks(world, clock):
        return await world.mount.state()

    tell(observe)
    later = tell(looks, at=datetime(2026, 11, 21, 18, 30, tzinfo=UTC))
    assert later.tracking and not later.parked


def test_leftovers_of_a_killed_exposure_are_swept_away(tell, parts):
    async def nothing(world, clock):
        return None

    parts.scratch.mkdir()
    (parts.scratch / "old.part").touch()
    tell(nothing)
    assert not list(parts.scratch.iterdir())


def test_a_state_file_of_a_later_rehearsal_leaves_nothing_moving(tell):
    async def dies(world, clock):
        asyncio.ensure_future(world.enclosure.open()).cancel()
        moving = asyncio.ensure_future(world.enclosure.open())
        await clock.sleep(1)
        moving.cancel()
        return clock.now()

    async def looks(world, clock):
        return await world.enclosure.state()

    then = tell(dies)
    assert tell(looks, at=then - timedelta(hours=5)) is Roof.OPEN


def test_a_dead_device_answers_nothing(tell):
    async def story(world, clock):
        for call in (world.enclosure.state, world.mount.state, world.focuser.position):
            with pytest.raises(DeviceError):
                await call()

    tell(story, faults=[{"at": "18:00", "device": d, "fault": "disconnect"} for d in ("roof", "mount", "focuser")])


def test_equipment_that_was_edited_meanwhile_is_believed(tell, parts):
    async def story(world, clock):
        await world.wheel.select("Ha")

    async def looks(world, clock):
        return await world.mount.state(), world.camera.scene(LIGHT).shot.role

    tell(story)
    (train,), (mount,) = parts.trains, parts.mounts
    slots = train.filters.model_copy(update={"slots": train.filters.slots[:2]})
    park = mount.park.model_copy(update={"altitude": 50.0})
    edited = replace(
        parts,
        trains=(train.model_copy(update={"filters": slots}),),
        mounts=(mount.model_copy(update={"park": park}),),
    )
    state, role = tell(looks, among=edited)
    assert (state.altitude_deg, state.parked, role) == (50, True, "R")
