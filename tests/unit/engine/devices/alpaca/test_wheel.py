import asyncio

import pytest

from obsy.engine.devices.alpaca.wheel import AlpacaFilterWheel
from obsy.errors import DeviceError, DeviceTimeout
from obsy.schemas.train import Filter

SLOTS = (Filter(role="L", label="Luminance"), Filter(role="Ha", label="H_Alpha"))


@pytest.fixture
def wheel(device):
    return AlpacaFilterWheel(device("filterwheel/0"), SLOTS)


def test_a_filter_is_found_by_the_name_that_the_driver_gives_it(wheel, peer):
    asyncio.run(wheel.select("L"))
    assert peer.devices["filterwheel/0"]["position"] == 2


@pytest.mark.parametrize("names", [[], ["", "", ""], None])
def test_a_driver_that_names_none_is_turned_by_the_declared_order(wheel, peer, names):
    peer.says["filterwheel/0", "names"] = names
    asyncio.run(wheel.select("Ha"))
    assert peer.devices["filterwheel/0"]["position"] == 1


def test_a_filter_that_the_wheel_lacks_is_told_with_those_it_has(wheel, peer):
    peer.devices["filterwheel/0"]["names"] = ["Red", "H-alpha"]
    with pytest.raises(DeviceError, match="'filterwheel/0' has no filter 'H_Alpha' for Ha, but Red, H-alpha: write"):
        asyncio.run(wheel.select("Ha"))
    assert "position" not in peer.told("filterwheel/0")


def test_a_name_that_two_filters_share_is_told(wheel, peer):
    peer.devices["filterwheel/0"]["names"] = ["H_Alpha", "H_Alpha"]
    with pytest.raises(DeviceError, match="more than one filter 'H_Alpha': give each a name of its own in the driver"):
        asyncio.run(wheel.select("Ha"))
    assert "position" not in peer.told("filterwheel/0")


def test_a_wheel_that_turns_for_ever_is_not_waited_for_for_ever(wheel, peer):
    peer.says["filterwheel/0", "position"] = -1
    with pytest.raises(DeviceTimeout, match="the filter L of 'filterwheel/0' was not seen within 30 s"):
        asyncio.run(wheel.select("L"))
