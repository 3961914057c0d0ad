import asyncio

import pytest

from obsy.engine.devices.alpaca.rotator import AlpacaRotator
from obsy.errors import DeviceError, DeviceTimeout

SPINS = "rotator/0"


@pytest.fixture
def rotator(device):
    return AlpacaRotator(device(SPINS))


def test_it_is_turned_by_its_own_scale(rotator, peer):
    asyncio.run(rotator.turn(123.5))
    assert peer.told(SPINS) == ["connected", "movemechanical"]
    assert asyncio.run(rotator.position()) == 123.5


def test_one_without_a_scale_of_its_own_is_turned_by_the_one_it_has(rotator, peer):
    del peer.devices[SPINS]["mechanicalposition"]
    asyncio.run(rotator.turn(360.0))
    assert peer.told(SPINS) == ["connected", "moveabsolute"]
    assert asyncio.run(rotator.position()) == 0.0


@pytest.mark.parametrize("says", [80.0, 100.0])
def test_one_that_never_arrives_is_stopped(rotator, peer, says):
    peer.says[SPINS, "mechanicalposition"] = says
    with pytest.raises(DeviceTimeout, match="90 deg of 'rotator/0' was not seen"):
        asyncio.run(rotator.turn(90.0))
    assert peer.told(SPINS)[-1] == "halt"


@pytest.mark.parametrize("says", [float("nan"), "north"])
def test_one_that_answers_no_angle_is_told(rotator, peer, says):
    peer.says[SPINS, "mechanicalposition"] = says
    with pytest.raises(DeviceError, match="which is no number"):
        asyncio.run(rotator.position())
