import asyncio

import pytest

from obsy.engine.devices.alpaca.focuser import AlpacaFocuser
from obsy.errors import DeviceError, DeviceTimeout


@pytest.fixture
def focuser(device):
    return AlpacaFocuser(device("focuser/0"))


def test_a_move_ends_where_it_was_sent(focuser, peer, clock):
    asyncio.run(focuser.move(12345.4))
    assert asyncio.run(focuser.position()) == 12345.0
    assert clock.monotonic() >= peer.takes_s


def test_a_focuser_that_stops_elsewhere_has_not_arrived(focuser, peer):
    peer.says["focuser/0", "position"] = 12000
    with pytest.raises(DeviceTimeout, match="12345 steps of 'focuser/0' was not seen"):
        asyncio.run(focuser.move(12345))


def test_a_thermometer_is_read_and_one_that_is_missing_is_told_with_the_cure(focuser, peer):
    assert asyncio.run(focuser.temperature()) == 4.5
    del peer.devices["focuser/0"]["temperature"]
    with pytest.raises(DeviceError, match="does not say how warm it is: write 'drift: 0 steps/degC'"):
        asyncio.run(focuser.temperature())


def test_a_focuser_that_does_not_know_where_it_stands_is_not_moved(focuser, peer):
    peer.devices["focuser/0"]["absolute"] = False
    with pytest.raises(DeviceError, match="does not say where it stands"):
        asyncio.run(focuser.move(1))
    with pytest.raises(DeviceError, match="does not say where it stands"):
        asyncio.run(focuser.position())
    assert peer.told("focuser/0") == ["connected"]


@pytest.mark.long
def test_a_focuser_that_stops_one_step_short_has_arrived(focuser, peer):
    peer.says["focuser/0", "position"] = 12344
    asyncio.run(focuser.move(12345))
    with pytest.raises(DeviceTimeout, match="12346 steps"):
        asyncio.run(focuser.move(12346))
