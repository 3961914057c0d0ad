"""Readings through a real broker, mosquitto: published, kept, cut off and back again, and behind a login."""

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from paho.mqtt import publish

from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.sources import mqtt
from obsy.engine.devices.sources.mqtt import MqttSource
from obsy.engine.devices.sources.sources import WeatherSources
from obsy.errors import DeviceError
from obsy.schemas.weather import Weather
from tests.support.ci import is_ci
from tests.support.waiting import wait_until

pytestmark = pytest.mark.real

MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
LOGIN = {"username": "me", "password": "secret"}


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def broker(folder: Path, port: int) -> Iterator[None]:
    """A broker that lets only `me` in, started and stopped."""
    if MOSQUITTO is None:
        (pytest.fail if is_ci() else pytest.skip)("mosquitto is not installed; scripts/real-parts.sh installs it")
    passwords = folder / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", "-c", passwords, *LOGIN.values()], check=True)
    said = f"listener {port} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\nuser root\n"
    (folder / "mosquitto.conf").write_text(said)
    running = subprocess.Popen([MOSQUITTO, "-c", folder / "mosquitto.conf"])
    try:
        wait_until(lambda: listens(port), within_s=10)
        yield
    finally:
        running.terminate()
        running.wait()


def say(port: int, topic: str, payload: str, *, retain: bool = False) -> None:
    publish.single(topic, payload, hostname="127.0.0.1", port=port, auth=LOGIN, retain=retain)


def declared(folder: Path, port: int, **device: object) -> Weather:
    login = folder / "login"
    login.write_text("me:secret\n")
    login.chmod(0o600)
    said = {"kind": "weather", "name": "garden", "measures": ["wind"], "every": "1 s", "max_age": "60 s"}
    source = {"mqtt": f"127.0.0.1:{port}", "login": str(login), "read": {"wind": "garden/wind in m/s"}, **device}
    return Weather.model_validate({**said, "device": source})


async def reads(source: MqttSource, wind: float) -> None:
    """Until it says so."""
    async with asyncio.timeout(40):
        while True:
            try:
                if (await source.read()).values == {"wind": pytest.approx(wind)}:
                    return
            except DeviceError:
                await asyncio.sleep(0.1)


def test_what_is_published_is_read_until_the_broker_is_gone_and_again_when_it_is_back(tmp_path, port, monkeypatch):
    monkeypatch.setattr(mqtt, "FIRST_WORD_S", 0.5)

    async def play() -> None:
        sources = WeatherSources(WallClock(), "UTC")
        source = sources.port(declared(tmp_path, port), None)
        with broker(tmp_path, port):
            say(port, "garden/wind", "1", retain=True)
            with pytest.raises(DeviceError, match="whose age is known"):
                await source.read()
            say(port, "garden/wind", "2", retain=True)
            await reads(source, 7.2)
            before = (await source.read()).taken_at
        await asyncio.sleep(1)
        assert (await source.read()).taken_at == before, "what was said last grows old"
        with broker(tmp_path, port):
            until = time.monotonic() + 30
            while (await source.read()).values != {"wind": pytest.approx(10.8)}:
                assert time.monotonic() < until
                say(port, "garden/wind", "3")
                await asyncio.sleep(0.2)
            assert (await source.read()).taken_at > before
        sources.close()

    asyncio.run(play())


def test_who_has_no_login_reads_nothing(tmp_path, port, monkeypatch):
    monkeypatch.setattr(mqtt, "FIRST_WORD_S", 1.0)

    async def play() -> None:
        sources = WeatherSources(WallClock(), "UTC")
        with broker(tmp_path, port):
            source = sources.port(declared(tmp_path, port, login=None), None)
            say(port, "garden/wind", "1", retain=True)
            with pytest.raises(DeviceError, match="whose age is known"):
                await source.read()
            sources.close()

    asyncio.run(play())
