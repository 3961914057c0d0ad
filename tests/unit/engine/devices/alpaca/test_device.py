import asyncio
from datetime import timedelta

import pytest

from obsy.engine.devices.alpaca.answer import AlpacaRefusal
from obsy.engine.devices.alpaca.line import ANSWERS_WITHIN_S, AlpacaSilence
from obsy.errors import DeviceError, DeviceTimeout


def test_a_device_that_is_not_connected_is_connected_once(peer, device):
    mount = device("telescope/0")
    asyncio.run(mount.ready())
    asyncio.run(mount.ready())
    assert peer.told("telescope/0") == ["connected"]


def test_one_that_stays_unconnected_is_told(peer, device):
    peer.says["telescope/0", "connected"] = False
    peer.devices["telescope/0"]["connected"] = True
    with pytest.raises(AlpacaRefusal, match="'telescope/0' refused 'connected'.*see to its power and its cable"):
        asyncio.run(device("telescope/0").ready())


def test_a_refusal_is_told_by_its_number_its_meaning_and_the_drivers_words(peer, device):
    peer.refuses["focuser/0", "position"] = 0x5A0, "motor stalled"
    with pytest.raises(
        AlpacaRefusal, match=r"refused 'position' with error 0x5A0, a fault of its driver: motor stalled"
    ):
        asyncio.run(device("focuser/0").number("position"))


def test_what_it_cannot_do_is_none(peer, device):
    asyncio.run(device("camera/0").ready())
    assert asyncio.run(device("camera/0").has("heatsinktemperature")) is None
    assert asyncio.run(device("camera/0").has("cansetccdtemperature")) is True


def test_what_it_refuses_for_another_reason_is_told(peer, device):
    peer.refuses["focuser/0", "temperature"] = 0x500, "no probe"
    with pytest.raises(AlpacaRefusal, match="no probe"):
        asyncio.run(device("focuser/0").has("temperature"))
    with pytest.raises(AlpacaRefusal, match="refused 'parkplace' with error 0x400"):
        asyncio.run(told_and_connected(device("focuser/0")))


async def told_and_connected(focuser):
    await focuser.ready()
    await focuser.tell("parkplace", Position=1)


def test_a_number_is_one_whether_it_is_whole_or_not(peer, device):
    peer.devices["focuser/0"].update(connected=True, position=10000)
    said = asyncio.run(device("focuser/0").number("position"))
    assert said == 10000.0 and isinstance(said, float)


@pytest.mark.parametrize("content", [b"<html>", b"[1]", b'{"ErrorNumber": "many"}', b"{" * 40, b""])
def test_what_does_not_speak_alpaca_is_told(peer, device, content):
    peer.raw["connected"] = 200, content
    with pytest.raises(DeviceError, match="what answers 'connected' for 'camera/0' does not speak Alpaca: see which"):
        asyncio.run(device("camera/0").ready())


@pytest.mark.parametrize("value", [None, 1, "true", [True]])
def test_nothing_is_taken_for_yes_or_no_that_is_neither(peer, device, value):
    peer.devices["telescope/0"]["connected"] = True
    peer.says["telescope/0", "atpark"] = value
    with pytest.raises(DeviceError, match="neither true nor false"):
        asyncio.run(device("telescope/0").flag("atpark"))


@pytest.mark.parametrize("value", [None, True, "3", float("nan"), float("inf"), 10**400, 1.1e12, -1.1e12])
def test_nothing_is_taken_for_a_number_that_is_none(peer, device, value):
    peer.devices["focuser/0"]["connected"] = True
    peer.says["focuser/0", "position"] = value
    with pytest.raises(DeviceError, match="which is no number"):
        asyncio.run(device("focuser/0").number("position"))


@pytest.mark.parametrize("value", [1.5, 0.9, float("nan")])
def test_nothing_is_cut_to_a_whole_number(peer, device, value):
    peer.devices["dome/0"]["connected"] = True
    peer.says["dome/0", "shutterstatus"] = value
    with pytest.raises(DeviceError, match="answers 'shutterstatus' by .*, which is no"):
        asyncio.run(device("dome/0").whole("shutterstatus"))


def test_a_number_that_is_not_said_is_none_and_a_silence_is_no_answer(peer, device, monkeypatch):
    peer.devices["focuser/0"].update(connected=True, position=1e12)
    assert asyncio.run(device("focuser/0").number_if_said("position")) == 1e12
    peer.says["focuser/0", "position"] = "far"
    assert asyncio.run(device("focuser/0").number_if_said("position")) is None
    peer.die()
    with pytest.raises(AlpacaSilence):
        asyncio.run(device("focuser/0").number_if_said("position"))


def silence_for(clock, looks):
    """Something that is not answered so many times, and then seen."""
    left = [looks]

    async def seen():
        if left[0]:
            left[0] -= 1
            clock.time += timedelta(seconds=ANSWERS_WITHIN_S)
            raise AlpacaSilence("no answer")
        return True

    return seen


@pytest.fixture(autouse=True)
def later(clock):
    """No clock begins with its device."""
    clock.time += timedelta(hours=1)


def test_a_short_silence_is_waited_out(clock, device):
    asyncio.run(device("camera/0", 60.0).until(silence_for(clock, 1), "it"))


def test_a_long_silence_means_that_the_device_has_gone(clock, device):
    with pytest.raises(DeviceError, match="'camera/0' has gone: it was not seen: no answer") as told:
        asyncio.run(device("camera/0", 60.0).until(silence_for(clock, 9), "it"))
    assert not isinstance(told.value, DeviceTimeout) and clock.monotonic() - 3600.0 < 16.0


def test_what_is_not_seen_in_time_is_told(clock, device):
    async def never():
        return False

    with pytest.raises(DeviceTimeout, match="it was not seen within 7 s"):
        asyncio.run(device("camera/0").until(never, "it", 7.0))
    assert clock.monotonic() == 3607.0


def test_it_looks_twice_a_second(clock, device):
    looks = []

    async def seen():
        looks.append(clock.monotonic() - 3600.0)
        return len(looks) > 2

    asyncio.run(device("camera/0").until(seen, "it"))
    assert looks == [0.0, 0.5, 1.0]
