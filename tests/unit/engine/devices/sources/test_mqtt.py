import asyncio
import struct
from datetime import UTC, datetime, timedelta

import pytest

from obsy.engine.devices.sources import mqtt
from obsy.engine.devices.sources.sources import WeatherSources
from obsy.errors import DeviceError

CONNECT, PUBLISH, SUBSCRIBE, RETAINED = 1, 3, 8, 0x31
TOPICS = {"wind": "garden/wind in km/h", "humidity": "garden/humidity in %"}


def packet(topic, payload, kind=0x30):
    """A message as MQTT 3.1.1 writes it (section 3.3)."""
    body = struct.pack("!H", len(topic)) + topic.encode() + payload
    size, length = len(body), b""
    while True:
        size, digit = divmod(size, 128)
        length += bytes([digit | (0x80 if size else 0)])
        if not size:
            return bytes([kind]) + length + body


def broker(*messages, refuses=0):
    """Speaks what a broker says to one who connects and subscribes: it accepts, and sends these messages."""

    def serve(line):
        while head := line.recv(1):
            size, shift = 0, 0
            while True:
                (digit,) = line.recv(1)
                size, shift = size | (digit & 127) << shift, shift + 7
                if digit < 128:
                    break
            body = b""
            while len(body) < size:
                body += line.recv(size - len(body))
            if head[0] >> 4 == CONNECT:
                line.sendall(bytes([0x20, 2, 0, refuses]))
            elif head[0] >> 4 == SUBSCRIBE:
                asked = body.count(b"garden/")
                line.sendall(bytes([0x90, 2 + asked]) + body[:2] + bytes(asked) + b"".join(messages))

    return serve


@pytest.fixture
def read(clock, declare, served, monkeypatch):
    monkeypatch.setattr(mqtt, "FIRST_WORD_S", 1.0)

    def reading(*messages, measures=("wind",), refuses=0, **device):
        sources = WeatherSources(clock, "Europe/Madrid")

        async def play(port):
            return await sources.port(declare(list(measures), {"mqtt": f"127.0.0.1:{port}", **device}), None).read()

        with served(broker(*messages, refuses=refuses)) as port:
            try:
                return asyncio.run(play(port))
            finally:
                sources.close()

    return reading


def test_each_quantity_has_a_topic_and_they_are_as_old_as_the_oldest_message(read, now):
    said = read(packet("garden/wind", b"12.5"), packet("garden/humidity", b"53"), read=TOPICS, measures=list(TOPICS))
    assert said.values == {"wind": 12.5, "humidity": 53.0}
    assert now <= said.taken_at <= datetime.now(UTC)


@pytest.mark.parametrize("payload", [b"unavailable", b"unknown", b"nan", b"", b"\xff\xfe\xff", b"1" * 70_000])
def test_a_sensor_that_is_unavailable_is_unknown_and_hides_nothing_else(read, payload):
    said = read(packet("garden/wind", payload), packet("garden/humidity", b"53"), read=TOPICS, measures=list(TOPICS))
    assert said.values == {"humidity": 53.0}


def test_what_the_broker_had_kept_is_of_no_known_age(read):
    kept = packet("garden/wind", b"12.5", RETAINED)
    with pytest.raises(DeviceError, match="whose age is known"):
        read(kept, read={"wind": "garden/wind in km/h"})
    said = read(kept, packet("garden/humidity", b"53"), read=TOPICS, measures=list(TOPICS))
    assert said.values == {"humidity": 53.0}


def test_what_the_broker_had_kept_counts_from_the_time_in_it(read, now):
    then = now.replace(microsecond=0) - timedelta(hours=1)
    payload = f'{{"Time": "{then.isoformat()}", "wind": {{"speed": 3}}}}'.encode()
    device = {"topic": "garden/SENSOR", "read": {"wind": "wind.speed in m/s"}}
    said = read(packet("garden/SENSOR", payload, RETAINED), **device, time="Time")
    assert (said.values, said.taken_at) == ({"wind": pytest.approx(10.8)}, then)
    with pytest.raises(DeviceError, match="whose age is known"):
        read(packet("garden/SENSOR", payload, RETAINED), **device)
    assert read(packet("garden/SENSOR", payload), **device).taken_at >= now


def test_what_is_kept_for_one_who_was_cut_off_is_dated_by_what_came_before(read, now):
    said = read(
        packet("garden/wind", b"1"),
        packet("garden/wind", b"50", RETAINED),
        packet("garden/humidity", b"53"),
        read=TOPICS,
        measures=list(TOPICS),
    )
    assert said.values == {"wind": 50.0, "humidity": 53.0}
    assert said.taken_at >= now


def test_json_that_is_cut_short_is_told(read):
    with pytest.raises(DeviceError, match="not JSON"):
        read(packet("garden/SENSOR", b'{"wind": 1'), topic="garden/SENSOR", read={"wind": "wind in m/s"})


@pytest.mark.parametrize("refuses", [0, 5])
def test_a_broker_that_sends_nothing_or_refuses_is_unknown(read, refuses, monkeypatch):
    monkeypatch.setattr(mqtt, "FIRST_WORD_S", 0.2)
    with pytest.raises(DeviceError, match="sent nothing"):
        read(refuses=refuses, read={"wind": "garden/wind in km/h"})


@pytest.mark.parametrize("broker", ["127.0.0.1:1", "nowhere.invalid"])
def test_a_broker_that_is_not_there_is_unknown(clock, declare, monkeypatch, broker):
    monkeypatch.setattr(mqtt, "FIRST_WORD_S", 0.2)
    sources = WeatherSources(clock, "UTC")
    device = {"mqtt": broker, "read": {"wind": "garden/wind in km/h"}}
    with pytest.raises(DeviceError, match="the MQTT broker"):
        asyncio.run(sources.port(declare(["wind"], device), None).read())
    sources.close()


def test_a_login_that_others_may_read_is_not_used(clock, declare, tmp_path):
    (tmp_path / "login").write_text("me:secret")
    (tmp_path / "login").chmod(0o644)
    device = {"mqtt": "127.0.0.1", "login": str(tmp_path / "login"), "read": {"wind": "garden/wind in km/h"}}
    with pytest.raises(DeviceError, match="chmod 600"):
        asyncio.run(WeatherSources(clock, "UTC").port(declare(["wind"], device), None).read())
