"""The cover, and what it does to the light."""

import pytest

from obsy.engine.devices.simulated.picture.scene import LightSource
from obsy.errors import DeviceError


def light_of(world):
    return world.camera._outlook.light()


def test_it_decides_what_shines_into_the_telescope(tell):
    async def story(world, clock):
        await world.enclosure.open()
        seen = []
        for move in (world.panel.open, world.panel.light, world.panel.dark):
            await move()
            seen.append(light_of(world))
        return seen

    assert tell(story) == [LightSource.SKY, LightSource.PANEL, LightSource.NONE]


def test_a_stuck_panel_stays_as_it_is(tell):
    async def story(world, clock):
        with pytest.raises(DeviceError):
            await world.panel.light()
        return light_of(world)

    assert tell(story, faults=[{"at": "18:30", "device": "panel", "fault": "stuck"}]) is LightSource.NONE
