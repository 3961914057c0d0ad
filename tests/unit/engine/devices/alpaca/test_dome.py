"""A roof over Alpaca: whatever its server does wrong, it is unknown, and never closed."""

import asyncio

import pytest

from obsy.engine.devices.alpaca import line
from obsy.engine.devices.alpaca.device import CONNECTS_WITHIN_S, AlpacaDevice
from obsy.engine.devices.alpaca.dome import AlpacaDome
from obsy.engine.devices.ports import Roof
from obsy.errors import DeviceError, DeviceTimeout

NAME = "dome/0"


@pytest.fixture
def dome(device):
    return AlpacaDome(device(NAME))


@pytest.fixture
def shutter(peer):
    peer.devices[NAME]["connected"] = True
    return peer.devices[NAME]


def stands(dome):
    return asyncio.run(dome.state())


def test_it_opens_and_closes_and_says_where_it_is(dome, peer, shutter):
    assert stands(dome) is Roof.CLOSED
    asyncio.run(dome.open())
    assert stands(dome) is Roof.OPEN
    asyncio.run(dome.close())
    assert stands(dome) is Roof.CLOSED
    assert peer.told(NAME) == ["openshutter", "closeshutter"]


def test_it_is_told_to_close_also_where_it_says_that_it_is_closed(dome, peer, shutter):
    asyncio.run(dome.close())
    assert peer.told(NAME) == ["closeshutter"]


@pytest.mark.parametrize(
    ("said", "roof"),
    [(0, Roof.OPEN), (1, Roof.CLOSED), (2, Roof.MOVING), (3, Roof.MOVING), (4, Roof.UNKNOWN), (9, Roof.UNKNOWN),
     (True, Roof.UNKNOWN), ("1", Roof.UNKNOWN), (None, Roof.UNKNOWN)],
)  # fmt: skip
def test_only_a_shutter_that_says_so_is_open_or_closed(dome, peer, shutter, said, roof):
    peer.says[NAME, "shutterstatus"] = said
    assert stands(dome) is roof


@pytest.mark.parametrize(
    "page",
    [(500, b"broken"), (200, b'{"Value": 1, "ErrorNum'), (200, b"[1]"), (200, b"{}"), (200, b'{"Value": 1e999}'),
     (200, b'{"Value": 1, "ErrorNumber": 1280, "ErrorMessage": "no"}'), (404, b"")],
)  # fmt: skip
def test_what_is_no_answer_makes_it_unknown(dome, peer, shutter, page):
    peer.raw["shutterstatus"] = page
    assert stands(dome) is Roof.UNKNOWN


def test_an_answer_to_another_question_makes_it_unknown(dome, peer, shutter):
    peer.answers = lambda number: number - 1 or 99
    assert stands(dome) is Roof.UNKNOWN
    peer.answers = lambda number: 0  # a server that counts none
    assert stands(dome) is Roof.CLOSED


def test_a_server_that_hangs_or_is_gone_makes_it_unknown(dome, peer, shutter, monkeypatch):
    monkeypatch.setattr(line, "ANSWERS_WITHIN_S", 0.2)
    monkeypatch.setattr(line.AlpacaLine.get, "__defaults__", (0.2, "application/json"))
    peer.silent.add("shutterstatus")
    assert stands(dome) is Roof.UNKNOWN
    peer.silent.clear()
    assert stands(dome) is Roof.CLOSED
    peer.die()
    assert stands(dome) is Roof.UNKNOWN


def test_a_driver_that_was_not_connected_proves_nothing_at_that_look(dome, peer):
    assert stands(dome) is Roof.UNKNOWN
    assert stands(dome) is Roof.CLOSED
    peer.devices[NAME]["connected"] = False
    assert stands(dome) is Roof.UNKNOWN


def test_a_shutter_with_an_error_or_that_never_arrives_is_told(dome, peer, shutter):
    peer.says[NAME, "shutterstatus"] = 4
    with pytest.raises(DeviceError, match="'dome/0' reports an error of its shutter"):
        asyncio.run(dome.close())
    peer.says[NAME, "shutterstatus"] = 0
    with pytest.raises(DeviceTimeout, match="'dome/0' closed was not seen within 30 s"):
        asyncio.run(dome.close())


def test_a_refusal_is_told_unless_it_is_done_already(dome, peer, shutter):
    peer.refuses[NAME, "closeshutter"] = (0x40B, "already closed")
    asyncio.run(dome.close())
    shutter["shutterstatus"] = 0
    with pytest.raises(DeviceError, match="already closed"):
        asyncio.run(dome.close())


def test_a_driver_that_answers_only_when_it_is_done_is_seen_meanwhile(dome, peer, shutter, monkeypatch):
    async def silent(self, member, *_, **__):
        peer.devices[NAME]["shutterstatus"] = 1
        raise line.AlpacaSilence("no answer")

    shutter["shutterstatus"] = 0
    monkeypatch.setattr(type(dome._device), "tell", silent)
    asyncio.run(dome.close())


def test_it_is_stopped_at_once(dome, peer, shutter):
    asyncio.run(dome.stop())
    assert peer.told(NAME) == ["abortslew"]


def test_a_driver_that_is_not_connected_is_before_it_is_told(dome, peer):
    asyncio.run(dome.close())
    assert peer.told(NAME) == ["connected", "closeshutter"]


@pytest.mark.parametrize("said", [None, 0, 1, "true"])
def test_it_is_told_to_close_whatever_its_driver_says_of_its_connection(dome, peer, shutter, said):
    shutter["shutterstatus"] = 0
    peer.says[NAME, "connected"] = said
    with pytest.raises(DeviceError, match="answers 'connected' by .*, which is neither true nor false"):
        asyncio.run(dome.close())
    assert peer.told(NAME) == ["closeshutter"]
    with pytest.raises(DeviceError, match="neither true nor false"):
        asyncio.run(dome.open())
    assert peer.told(NAME) == ["closeshutter"], "what is not sure is not opened"


def test_it_is_told_to_close_before_a_driver_that_hangs_on_connecting_is_waited_for(dome, peer, monkeypatch):
    told, tell = [], AlpacaDevice.tell

    async def hangs(self, member, within_s=line.ANSWERS_WITHIN_S, /, **said):
        told.append((member, within_s))
        if told[-1] == ("connected", line.ANSWERS_WITHIN_S):
            raise line.AlpacaSilence("no answer")
        await tell(self, member, within_s, **said)

    peer.devices[NAME]["shutterstatus"] = 0
    monkeypatch.setattr(AlpacaDevice, "tell", hangs)
    asyncio.run(dome.close())
    begin, wait = line.ANSWERS_WITHIN_S, CONNECTS_WITHIN_S
    assert told == [("connected", begin), ("closeshutter", begin), ("connected", wait), ("closeshutter", begin)]
    assert stands(dome) is Roof.CLOSED


def test_of_two_faults_of_a_closing_the_first_is_told(dome, peer, shutter):
    peer.says[NAME, "connected"] = None
    peer.refuses[NAME, "closeshutter"] = (0x500, "jammed")
    with pytest.raises(DeviceError, match="neither true nor false"):
        asyncio.run(dome.close())
