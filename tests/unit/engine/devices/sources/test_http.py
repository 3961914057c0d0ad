import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from obsy.engine.devices.sources import http
from obsy.engine.devices.sources.sources import WeatherSources
from obsy.errors import DeviceError

BODY = b'{"wind": {"speed": 10}}'


def page(body=BODY, status="200 OK", **headers):
    """What a server answers, head and body."""
    lines = {"Content_Length": str(len(body)), "Connection": "close", **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items() if value is not None)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


@pytest.fixture
def read(clock, declare, served):
    """Read a page of a server that answers so; `asked` remembers the requests."""
    asked = []

    def reading(answer, path="/status.json", **device):
        def serve(line):
            asked.append(line.recv(65536).decode())
            line.sendall(answer) if isinstance(answer, bytes) else answer(line)

        with served(serve) as port:
            said = {"http": f"http://127.0.0.1:{port}{path}", "read": {"wind": "wind.speed in m/s"}, **device}
            return asyncio.run(WeatherSources(clock, "UTC").port(declare(["wind"], said), lambda: None).read())

    reading.asked = asked
    return reading


def test_a_page_is_read_and_dated_by_its_arrival(read, now):
    reading = read(page(), "/a?b=c")
    assert reading.values == {"wind": 36.0}
    assert abs(reading.taken_at - now) < timedelta(seconds=10)
    assert read.asked[0].startswith("GET /a?b=c HTTP/1.1\r\n")


def test_a_page_is_as_old_as_it_says_itself(read, now):
    then = now.replace(microsecond=0) - timedelta(minutes=9)
    body = f'{{"wind": {{"speed": 10}}, "at": "{then.isoformat()}"}}'.encode()
    assert read(page(body), time="at").taken_at == then
    assert read(page(Last_Modified=format_datetime(then, usegmt=True))).taken_at == then


def test_what_a_cache_has_kept_is_as_old_as_it_says(read, now):
    assert timedelta(seconds=599) < datetime.now(UTC) - read(page(Age="600")).taken_at < timedelta(seconds=630)


@pytest.mark.parametrize("headers", [{"Age": "-5"}, {"Age": "x"}, {"Last_Modified": "today"}])
def test_headers_that_make_no_sense_make_nothing_younger(read, now, headers):
    assert abs(read(page(**headers)).taken_at - now) < timedelta(seconds=10)


def test_a_date_ahead_does_not_make_a_page_young(read, now):
    ahead = format_datetime(now + timedelta(days=1), usegmt=True)
    assert abs(read(page(Last_Modified=ahead)).taken_at - now) < timedelta(seconds=10)


def test_lines_of_keys_whose_length_is_known_need_no_last_line_end(read):
    said = {"format": "keys", "read": {"wind": "wind in m/s"}}
    assert read(page(b"wind=10"), **said).values == {"wind": 36.0}
    with pytest.raises(DeviceError, match="half written"):
        read(page(b"wind=1", Content_Length=None), **said)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (page(status="404 Not Found"), "404"),
        (page(status="301 Moved", Location="http://elsewhere/"), "301"),
        (page(Content_Length="999"), "23 bytes of 999"),
        (page(b" " * 70_000), "longer"),
        (page(b"<html>"), "not JSON"),
        (b"", "closed connection"),
        (b"nonsense\r\n\r\n", "BadStatusLine"),
        (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200, "more than 100 headers"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n17\r\n{", "Incomplete"),
    ],
)
def test_a_page_that_does_not_come_whole_and_well_is_told(read, answer, told):
    with pytest.raises(DeviceError, match=told):
        read(answer)


@pytest.mark.parametrize("head", [b"", page(Content_Length="65000"), page(Content_Length=None)])
def test_a_server_that_sends_a_byte_now_and_then_does_not_hold_anybody(read, monkeypatch, head):
    monkeypatch.setattr(http, "ANSWER_S", 0.3)

    def drip(line):
        line.sendall(head)
        for _ in range(500):
            line.sendall(b"x")
            time.sleep(0.02)

    began = time.monotonic()
    with pytest.raises(DeviceError):
        read(drip)
    assert time.monotonic() - began < 5


def test_nobody_listens(clock, declare):
    said = {"http": "http://127.0.0.1:1/", "read": {"wind": "wind in m/s"}}
    with pytest.raises(DeviceError, match="refused"):
        asyncio.run(WeatherSources(clock, "UTC").port(declare(["wind"], said), lambda: None).read())


@pytest.mark.parametrize("address", ["http://[::1", "http://a:b/", "http://" + "a" * 70 + ".invalid/", "http://a b/"])
def test_an_address_that_leads_nowhere_is_told_when_it_is_read(clock, declare, address):
    said = {"http": address, "read": {"wind": "wind in m/s"}}
    with pytest.raises(DeviceError):
        asyncio.run(WeatherSources(clock, "UTC").port(declare(["wind"], said), lambda: None).read())


def test_a_login_is_sent(read, tmp_path):
    (tmp_path / "login").write_text("me:secret\n")
    (tmp_path / "login").chmod(0o600)
    read(page(), login=str(tmp_path / "login"))
    assert "Authorization: Basic bWU6c2VjcmV0\r\n" in read.asked[0]
