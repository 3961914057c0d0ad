"""A panel over Alpaca caps, shines and uncaps, and a flat without light is none."""

import asyncio

import pytest

from obsy.engine.devices.alpaca.panel import AlpacaPanel
from obsy.errors import DeviceError

NAME = "covercalibrator/0"


@pytest.fixture
def panel(device):
    return AlpacaPanel(device(NAME), settle_s=2.0)


@pytest.fixture
def its(peer):
    return peer.devices[NAME]


def test_it_caps_and_shines_and_uncaps_when_dark(panel, peer, its):
    asyncio.run(panel.light())
    assert (its["coverstate"], its["calibratorstate"]) == (1, 3)
    assert peer.asked[-1][2]["Brightness"] == "255"
    asyncio.run(panel.dark())
    assert (its["coverstate"], its["calibratorstate"]) == (1, 1)
    asyncio.run(panel.open())
    assert (its["coverstate"], its["calibratorstate"]) == (3, 1)


def test_its_light_has_become_steady_before_a_flat_is_taken(panel, peer, clock):
    asyncio.run(panel.light())
    assert clock.monotonic() >= 2 * peer.takes_s + 2.0


def test_darks_are_taken_beneath_the_cap_and_lights_without_the_lamp(panel, its):
    asyncio.run(panel.dark())
    assert (its["coverstate"], its["calibratorstate"]) == (1, 1)
    asyncio.run(panel.light())
    asyncio.run(panel.open())
    assert (its["coverstate"], its["calibratorstate"]) == (3, 1)


def test_a_cap_alone_lights_no_flats(panel, its):
    its["calibratorstate"] = 0
    asyncio.run(panel.open())
    with pytest.raises(DeviceError, match="has no lamp, so it lights no flats"):
        asyncio.run(panel.light())
    its["coverstate"] = 0
    with pytest.raises(DeviceError, match="neither a panel nor a cap"):
        asyncio.run(panel.open())


def test_a_cap_that_reports_an_error_is_told(panel, peer):
    peer.says[NAME, "coverstate"] = 5
    with pytest.raises(DeviceError, match="'covercalibrator/0' says that opencover has failed"):
        asyncio.run(panel.open())
