import asyncio
import threading
import time
from contextlib import suppress
from http.client import HTTPException

import pytest

from obsy.engine.devices.alpaca import line as lines
from obsy.engine.devices.alpaca.device import AlpacaDevice
from obsy.engine.devices.alpaca.line import AlpacaLine, AlpacaPage, AlpacaSilence
from obsy.errors import DeviceError
from tests.support.alpaca import Answering


def asked(line, path="/api/v1/telescope/0/connected", within_s=5.0):
    return asyncio.run(line.get(path, {}, within_s))


def test_a_question_is_answered(peer):
    page = asked(AlpacaLine(peer.address))
    assert b'"Value": false' in page.content and page.kind == "application/json"


@pytest.mark.parametrize(
    ("said", "plain"), [(b"no\x1b[31m\n way\x07", "no[31m way"), (b" <html>no</html>", ""), (b"\xff", "\ufffd")]
)
def test_what_a_server_says_is_told_on_one_line_and_moves_no_terminal(said, plain):
    assert lines._plain(said) == plain


def test_where_nothing_listens_is_told_with_the_cure(peer):
    line = AlpacaLine(peer.address)
    peer.die()
    with pytest.raises(AlpacaSilence, match=r"no Alpaca server answers 'telescope/0/connected' at http.*: begin it"):
        asked(line)


@pytest.mark.parametrize("address", ["http://no such host", "http://256.1.1.1:1"])
def test_an_address_that_is_none_is_silence(address):
    with pytest.raises(AlpacaSilence, match="no Alpaca server answers"):
        asked(AlpacaLine(address), within_s=30.0)


def test_a_server_that_hangs_is_given_up_on_in_time_and_keeps_no_other_question(peer):
    line = AlpacaLine(peer.address)
    peer.silent.add("slewing")

    async def play():
        hanging = asyncio.ensure_future(line.get("/api/v1/telescope/0/slewing", {}, 0.2))
        await asyncio.sleep(0)
        page = await line.get("/api/v1/telescope/0/connected", {})
        assert not hanging.done()
        with pytest.raises(AlpacaSilence, match="did not answer 'telescope/0/slewing' within 0.2 s"):
            await hanging
        return page

    assert b"ErrorNumber" in asyncio.run(play()).content


def test_questions_to_a_server_that_hangs_do_not_pile_up(peer, monkeypatch):
    monkeypatch.setattr(lines, "HANGING", 2)
    line = AlpacaLine(peer.address)
    peer.silent.add("slewing")
    for _ in range(2):
        with pytest.raises(AlpacaSilence, match="within"):
            asked(line, "/api/v1/telescope/0/slewing", 0.05)
    with pytest.raises(AlpacaSilence, match="hangs: 2 questions wait"):
        asked(line)


def test_a_question_that_is_given_up_ends_its_thread(peer):
    line = AlpacaLine(peer.address)
    peer.silent.add("slewing")
    with pytest.raises(AlpacaSilence):
        asked(line, "/api/v1/telescope/0/slewing", 0.05)
    for thread in [each for each in threading.enumerate() if each.name.startswith("alpaca /api")]:
        thread.join(30.0)
        assert not thread.is_alive()
    peer.silent.clear()
    assert asked(line).content


def test_a_refusal_of_http_is_told_in_the_servers_words(peer):
    with pytest.raises(DeviceError, match="refused 'camera/7/gain': 400 Bad Request: there is no camera/7") as told:
        asked(AlpacaLine(peer.address), "/api/v1/camera/7/gain")
    assert not isinstance(told.value, AlpacaSilence)


def test_a_server_that_sends_byte_by_byte_is_broken_off(peer, monkeypatch):
    def drip(self, status, content, kind):
        self.send_response(200)
        self.end_headers()
        with suppress(ConnectionError):  # who asked has hung up
            for _ in range(200):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.02)

    monkeypatch.setattr(Answering, "_send", drip)
    with pytest.raises(AlpacaSilence, match="within 0.1 s"):
        asked(AlpacaLine(peer.address), within_s=0.1)


def test_a_command_is_answered_too(peer):
    page = asyncio.run(AlpacaLine(peer.address).put("/api/v1/telescope/0/connected", {"Connected": "True"}))
    assert b'"ErrorNumber": 0' in page.content and peer.devices["telescope/0"]["connected"]


def test_what_was_answered_waits_for_nobody(peer, monkeypatch):
    monkeypatch.setattr(lines, "HANGING", 2)
    line = AlpacaLine(peer.address)
    for _ in range(5):
        asked(line)
        for thread in [each for each in threading.enumerate() if each.name.startswith("alpaca /api")]:
            thread.join(30.0)
    peer.silent.add("slewing")
    for said in ("within", "within", "hangs: 2 questions wait"):
        with pytest.raises(AlpacaSilence, match=said):
            asked(line, "/api/v1/telescope/0/slewing", 0.05)


def refuses(monkeypatch, fault, kind="HTTPConnection"):
    """Each connection that is made, which fails so."""
    made = []

    def make(host, port, timeout):
        made.append((host, port, timeout))
        raise fault

    monkeypatch.setattr(lines, kind, make)
    return made


@pytest.mark.parametrize(
    ("address", "kind", "place"),
    [
        ("http://hut", "HTTPConnection", ("hut", 11111)),
        ("https://hut", "HTTPSConnection", ("hut", 443)),
        ("https://hut:8443/alpaca/", "HTTPSConnection", ("hut", 8443)),
    ],
)
def test_an_address_without_a_port_means_the_usual_one(monkeypatch, address, kind, place):
    made = refuses(monkeypatch, ConnectionRefusedError(111, "Connection refused"), kind)
    with pytest.raises(
        AlpacaSilence, match=r"'telescope/0/connected' at http.* \(Connection refused\): begin it there"
    ):
        asked(AlpacaLine(address), within_s=4.0)
    assert made == [(*place, 5.0)], "a second later than the one who asks has given up"


@pytest.mark.parametrize(
    ("fault", "cause"), [(HTTPException(), "HTTPException"), (HTTPException("cut short"), "cut short")]
)
def test_why_it_does_not_answer_is_told_in_some_word(monkeypatch, fault, cause):
    refuses(monkeypatch, fault)
    with pytest.raises(AlpacaSilence, match=rf"'/management/v1/list' at http://hut \({cause}\)"):
        asked(AlpacaLine("http://hut"), "/management/v1/list?x=1")


def test_of_a_long_refusal_the_beginning_is_told(peer):
    peer.raw["connected"] = 500, b"x" * 5000
    with pytest.raises(DeviceError) as told:
        asked(AlpacaLine(peer.address))
    assert str(told.value).count("x") == 200


def test_threads_that_cannot_begin_are_silence_and_wait_for_nobody_later(peer, monkeypatch):
    monkeypatch.setattr(lines, "HANGING", 2)
    line = AlpacaLine(peer.address)

    def full(self):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", full)
        for _ in range(3):
            with pytest.raises(AlpacaSilence, match=r"was not asked 'telescope/0/connected' \(can't start new thread"):
                asked(line)
    peer.silent.add("slewing")
    for said in ("within", "within", "hangs: 2 questions wait"):
        with pytest.raises(AlpacaSilence, match=said):
            asked(line, "/api/v1/telescope/0/slewing", 0.05)


def test_no_line_asks_what_another_asked_and_each_forbids_to_keep_it(peer, monkeypatch):
    said, answer = [], Answering._answer

    def note(self, path, words):
        said.append((int(words["ClientTransactionID"]), self.headers["Cache-Control"]))
        answer(self, path, words)

    monkeypatch.setattr(Answering, "_answer", note)
    for draw in (lambda below: 0, lambda below: below - 1):
        monkeypatch.setattr(lines.secrets, "randbelow", draw)
        line = AlpacaLine(peer.address)
        asked(line)
        asked(line)
    kept = "no-cache, no-store"
    assert said == [(1, kept), (2, kept), (2**30, kept), (2**30 + 1, kept)]
    monkeypatch.undo()
    assert asked(AlpacaLine(peer.address)).number != asked(AlpacaLine(peer.address)).number


def test_an_answer_that_was_kept_for_another_line_is_refused(monkeypatch):
    kept = {}

    def through(self, request, within_s):
        place = request.path.partition("?")[0]
        content = b'{"Value": true, "ErrorNumber": 0, "ClientTransactionID": %d}' % request.number
        return AlpacaPage(kept.setdefault(place, content), "", request.number)

    monkeypatch.setattr(AlpacaLine, "_fetched", through)
    guards = [AlpacaDevice(None, AlpacaLine("http://hut"), "dome/0", 5.0) for _ in range(2)]
    assert asyncio.run(guards[0].flag("connected"))
    with pytest.raises(DeviceError, match="such as a proxy that keeps answers"):
        asyncio.run(guards[1].flag("connected"))
