import asyncio

import pytest

from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.indi.panel import IndiPanel
from obsy.errors import DeviceError

LAMP, CAP = "FLAT_LIGHT_CONTROL", "CAP_PARK"


@pytest.fixture
def panel(clock, line):
    return IndiPanel(IndiDevice(clock, line, "Light Panel Simulator", timeout_s=30), settle_s=4.0)


def has(line, *properties):
    for each in properties:
        line.say(each, "UNPARK" if each == CAP else "FLAT_LIGHT_OFF")


def test_for_flats_it_caps_then_shines_and_waits_until_the_light_is_steady(panel, line, clock):
    has(line, LAMP, CAP)
    asyncio.run(panel.light())
    assert line.pressed == [(CAP, "PARK"), (LAMP, "FLAT_LIGHT_ON")]
    assert clock.monotonic() == 4.0


def test_for_darks_the_lamp_is_out_before_the_cap_is_on(panel, line):
    has(line, LAMP, CAP)
    asyncio.run(panel.dark())
    assert line.pressed == [(LAMP, "FLAT_LIGHT_OFF"), (CAP, "PARK")]


def test_for_lights_nothing_shines_into_the_uncapped_telescope(panel, line):
    has(line, LAMP, CAP)
    asyncio.run(panel.open())
    assert line.pressed == [(LAMP, "FLAT_LIGHT_OFF"), (CAP, "UNPARK")]


def test_a_panel_without_a_cap_only_shines(panel, line):
    has(line, LAMP)
    asyncio.run(panel.light())
    assert line.pressed == [(LAMP, "FLAT_LIGHT_ON")]


def test_a_cap_without_a_lamp_lights_no_flats(panel, line):
    has(line, CAP)
    with pytest.raises(DeviceError, match="'Light Panel Simulator' has no lamp, so it lights no flats"):
        asyncio.run(panel.light())


def test_what_is_neither_is_told(panel):
    with pytest.raises(DeviceError, match="'Light Panel Simulator' is neither a panel nor a cap"):
        asyncio.run(panel.open())
