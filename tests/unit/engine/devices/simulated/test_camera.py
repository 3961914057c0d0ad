"""The camera: what lands, what does not, and what the header says."""

import asyncio
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import numpy as np
import pytest
from astropy.io import fits

from obsy.engine.devices.ports import Exposure, Pointing
from obsy.engine.devices.simulated.camera import SimulatedCamera
from obsy.engine.devices.simulated.picture.render import render
from obsy.engine.identity import Identity
from obsy.errors import DeviceError, DeviceTimeout

ASKED = Identity(site="nerpio", train="small", plan="m34", goal="L-60s", block="1", commit="0123abc-dirty")
LIGHT = Exposure("light", 60, "L", 100, 50, 1, "m34", ASKED)
THERE = Pointing(39.1, 41.0)
DARK = replace(LIGHT, kind="dark", object="dark")


async def aim(world):
    await world.enclosure.open()
    await world.mount.unpark()
    await world.mount.slew(THERE)
    await world.panel.open()


async def light(world, clock):
    await world.camera.cool(-10)
    await aim(world)
    await world.wheel.select("V")
    began = clock.now()
    return await world.camera.expose(LIGHT), began, (clock.now() - began).total_seconds()


def test_a_file_lands_after_exposure_and_download(tell, parts):
    path, _, seconds = tell(light)
    assert path.parent == parts.incoming
    assert seconds == pytest.approx(62, abs=0.01)
    assert not list(parts.scratch.iterdir())


def test_the_header_says_what_indi_would(tell):
    path, began, _ = tell(light)
    with fits.open(path) as hdus:
        hdus.verify("exception")
        head = hdus[0].header
        assert hdus[0].data.shape == (192, 256) and hdus[0].data.dtype == np.uint16
    wanted = {
        "IMAGETYP": "Light Frame",
        "FRAME": "Light",
        "FILTER": "V 50mm",
        "OBJECT": "m34",
        "EXPTIME": 60,
        "GAIN": 100,
        "OFFSET": 50,
        "XBINNING": 1,
    }
    assert {key: head[key] for key in wanted} == wanted
    assert head["DATE-OBS"] == began.isoformat(timespec="milliseconds").removesuffix("+00:00")
    assert (head["RA"], head["DEC"], head["OBJCTRA"], head["OBJCTDEC"]) == (39.1, 41.0, "02 36 24.00", "41 00 00.00")
    assert head["PIERSIDE"] == "WEST" and head["ROWORDER"] == "TOP-DOWN" and head["INSTRUME"] == "A 256"
    assert head["CCD-TEMP"] == pytest.approx(-10, abs=0.06)
    assert 1 <= head["AIRMASS"] < 2
    assert Identity.read(head) == ASKED, "and what it was asked for"


def test_a_cancelled_exposure_leaves_nothing(tell, parts):
    async def story(world, clock):
        await aim(world)
        exposing = asyncio.ensure_future(world.camera.expose(LIGHT))
        await clock.sleep(30)
        exposing.cancel()
        await asyncio.gather(exposing, return_exceptions=True)
        await clock.sleep(100)
        return await world.camera.expose(replace(LIGHT, object="next"))

    path = tell(story)
    assert list(parts.incoming.iterdir()) == [path]
    assert not list(parts.scratch.iterdir())


def test_focus_frames_go_where_nobody_watches(tell, parts):
    async def story(world, clock):
        await aim(world)
        return await world.camera.expose(replace(LIGHT, kind="focus", seconds=4))

    assert tell(story).parent == parts.incoming.parent / "focus"
    assert not list(parts.incoming.iterdir())


def test_a_camera_that_times_out_says_so_and_leaves_nothing(tell, parts):
    async def story(world, clock):
        began = clock.now()
        with pytest.raises(DeviceTimeout):
            await world.camera.expose(DARK)
        return (clock.now() - began).total_seconds()

    assert tell(story, faults=[{"at": "19:00", "device": "camera", "fault": "timeout"}]) == pytest.approx(90, abs=0.01)
    assert not list(parts.incoming.iterdir())


def test_it_takes_one_exposure_at_a_time(tell):
    async def story(world, clock):
        first = asyncio.ensure_future(world.camera.expose(DARK))
        await clock.sleep(1)
        with pytest.raises(DeviceError, match="exposing"):
            await world.camera.expose(DARK)
        return await first

    assert tell(story).exists()


def test_cooling_takes_its_time(tell):
    async def story(world, clock):
        began = clock.now()
        await world.camera.cool(-10)
        return (clock.now() - began).total_seconds()

    assert tell(story) == pytest.approx(200, abs=0.1)


def test_it_cannot_cool_for_ever(tell):
    async def story(world, clock):
        with pytest.raises(DeviceError):
            await world.camera.cool(-45)

    tell(story)


def test_a_light_under_a_closed_roof_is_dark(tell):
    async def story(world, clock):
        await world.panel.open()
        await world.camera.cool(-10)
        return await world.camera.expose(LIGHT)

    assert np.median(fits.getdata(tell(story))) == pytest.approx(500 + 60 * 0.02 / 0.8, abs=2)


def test_cloud_takes_the_stars(tell, parts):
    def brightest(**said):
        parts.state.unlink(missing_ok=True)
        counts = fits.getdata(tell(light, **said)[0]).astype(float)
        return np.sort((counts - np.median(counts)).ravel())[-40:].mean()

    assert brightest(start={"cloud": "90 %"}) < 0.4 * brightest()


@pytest.mark.long
def test_a_scene_renders_in_another_process(tell, parts):
    async def story(world, clock):
        await aim(world)
        return world.camera

    camera: SimulatedCamera = tell(story)
    scene = replace(camera.scene(DARK), sky=None)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        there = pool.submit(render, scene).result(60)
    assert np.array_equal(there, render(scene))
