"""A command that was given up is not sent afterwards, however late its connection comes about."""

import asyncio
import struct
import threading
import weakref
from http.client import HTTPConnection
from socket import SHUT_RDWR, SO_LINGER, SOL_SOCKET, create_connection, create_server

import pytest

from obsy.engine.devices.alpaca import errand as errands
from obsy.engine.devices.alpaca.errand import AlpacaErrand
from obsy.engine.devices.alpaca.line import AlpacaLine, AlpacaSilence

OPEN, CLOSE = "/api/v1/dome/0/openshutter", "/api/v1/dome/0/closeshutter"


class Line:
    """A socket that notes what is done to it."""

    def __init__(self):
        self.done = []

    def setsockopt(self, *said):
        self.done.append(said[:2])

    def shutdown(self, how):
        self.done.append(how)
        raise OSError("closed already")


@pytest.fixture
def held(monkeypatch):
    """Lets the connection of an opening come about when it is set."""
    free, connects = threading.Event(), HTTPConnection.connect

    def connect(self):
        if OPEN in threading.current_thread().name:
            assert free.wait(30.0)
        connects(self)

    monkeypatch.setattr(HTTPConnection, "connect", connect)
    return free


def join():
    for thread in [each for each in threading.enumerate() if each.name.startswith("alpaca /api")]:
        thread.join(30.0)
        assert not thread.is_alive()


@pytest.fixture
def line(peer):
    peer.devices["dome/0"]["connected"] = True
    return AlpacaLine(peer.address)


def test_what_was_given_up_before_it_was_sent_is_never_sent(peer, line, held):
    async def play():
        opening = asyncio.ensure_future(line.put(OPEN, {}))
        await asyncio.sleep(0.01)
        opening.cancel()
        await asyncio.gather(opening, return_exceptions=True)
        await line.put(CLOSE, {})

    asyncio.run(play())
    held.set()
    join()
    assert peer.told("dome/0") == ["closeshutter"]


def test_what_took_too_long_is_not_sent_either(peer, line, held):
    with pytest.raises(AlpacaSilence, match="within 0.05 s"):
        asyncio.run(line.put(OPEN, {}, 0.05))
    held.set()
    join()
    assert peer.told("dome/0") == []


def test_a_command_waits_for_the_one_before_it(peer, line, held, monkeypatch):
    monkeypatch.setattr(errands, "TURN_S", 30.0)

    async def play():
        opening = asyncio.ensure_future(line.put(OPEN, {}, 30.0))
        await asyncio.sleep(0.01)
        closing = asyncio.ensure_future(line.put(CLOSE, {}, 30.0))
        await line.put("/api/v1/telescope/0/unpark", {})  # another device waits for none
        assert peer.told("dome/0") == []
        held.set()
        await asyncio.gather(opening, closing)

    peer.devices["telescope/0"]["connected"] = True
    asyncio.run(play())
    assert peer.told("dome/0") == ["openshutter", "closeshutter"]


def test_what_keeps_a_later_command_too_long_is_not_sent_after_it(peer, line, held, monkeypatch):
    monkeypatch.setattr(errands, "TURN_S", 0.05)

    async def play():
        opening = asyncio.ensure_future(line.put(OPEN, {}, 30.0))
        await asyncio.sleep(0.01)
        await line.put(CLOSE, {})
        held.set()
        with pytest.raises(AlpacaSilence, match="took too long to be sent 'dome/0/openshutter'"):
            await opening

    asyncio.run(play())
    assert peer.told("dome/0") == ["closeshutter"]


def test_what_was_sent_is_broken_off_and_taken_back_from_the_network():
    sent = Line()
    errand = AlpacaErrand("dome/0", ())
    assert errand.may_go(sent) and not errand.is_over
    errand.keep_back()
    assert sent.done == [] and not errand.is_over, "it was sent"
    errand.give_up()
    assert sent.done == [(SOL_SOCKET, SO_LINGER), SHUT_RDWR]
    errand.close()
    assert errand.is_over


def test_what_has_ended_is_not_broken_off():
    ended = Line()
    errand = AlpacaErrand("dome/0", ())
    assert errand.may_go(ended)
    errand.close()
    errand.give_up()
    assert ended.done == []


def test_what_is_under_way_is_kept_no_longer(line):
    for _ in range(3):
        asyncio.run(line.put(CLOSE, {}))
    join()
    assert len(line._errands) == 1


def test_a_command_whose_answer_does_not_come_ends_its_thread_at_once(peer, line):
    peer.silent.add("openshutter")
    with pytest.raises(AlpacaSilence, match="did not answer"):
        asyncio.run(line.put(OPEN, {}, 0.1))
    join()


def test_a_connection_that_is_broken_off_is_reset_and_sends_nothing_again():
    with create_server(("127.0.0.1", 0)) as server, create_connection(server.getsockname()) as ours:
        theirs, _ = server.accept()
        with theirs:
            errand = AlpacaErrand("dome/0", ())
            assert errand.may_go(ours)
            errand.give_up()
            assert struct.unpack("ii", ours.getsockopt(SOL_SOCKET, SO_LINGER, 8)) == (1, 0), "at once, not in a while"
            assert ours.recv(1) == b"", "whoever reads is woken"


def test_one_turn_is_waited_for_all_before_it_together(monkeypatch):
    waited, now = [], [100.0]

    def within(self, seconds):
        waited.append(seconds)
        now[0] += 0.75
        return False

    monkeypatch.setattr(errands, "monotonic", lambda: now[0])
    monkeypatch.setattr(AlpacaErrand, "over_within", within)
    before = [AlpacaErrand("dome/0", ()) for _ in range(3)]
    later = AlpacaErrand("dome/0", before)
    assert later.may_go(Line())
    assert waited == [1.0, 0.25, -0.5]
    assert all(each.is_over and not each.may_go(Line()) for each in before)


def test_of_what_has_been_over_none_is_waited_for():
    assert not AlpacaErrand("dome/0", ()).over_within(-1.0)
    first = AlpacaErrand("dome/0", ())
    first.close()
    second = AlpacaErrand("dome/0", [first])
    assert first.over_within(0.0) and second.may_go(Line())
    held = weakref.ref(first)
    second.close()
    del first
    assert held() is None, "a night of commands is no chain"
