import asyncio
import os
import threading
import tty

import pytest
import serial

from obsy.engine.devices.sources import line
from obsy.engine.devices.sources.line import SerialRain
from obsy.engine.devices.sources.sources import WeatherSources
from obsy.errors import DeviceError


@pytest.fixture
def sensor():
    """A controller on a pseudo-terminal; `answers` are its words, one for each question."""
    ours, theirs = os.openpty()
    tty.setraw(ours)
    tty.setraw(theirs)
    answers, asked = [], []

    def talk():
        while True:
            try:
                question = os.read(ours, 2)
            except OSError:
                return
            asked.append(question)
            if answers:
                os.write(ours, answers.pop(0))

    threading.Thread(target=talk, daemon=True).start()
    yield os.ttyname(theirs), answers, asked
    os.close(theirs)


@pytest.fixture
def port(clock, declare, sensor):
    return WeatherSources(clock, "UTC").port(declare(["rain"], {"serial": sensor[0]}), lambda: None)


def rain(port):
    return asyncio.run(port.read()).values["rain"]


def test_a_sensor_that_says_safe_is_dry_and_any_other_word_is_rain(port, sensor):
    sensor[1][:] = [b"safe#", b"rain#", b"unsafe#", b"safe#", b"\xff#"]
    assert [rain(port) for _ in range(5)] == [0.0, 500.0, 500.0, 0.0, 500.0]
    assert sensor[2] == [b"S#"] * 5


@pytest.mark.parametrize("answer", [b"", b"saf", b"x" * 40])
def test_a_sensor_that_ends_no_word_is_unknown(port, sensor, answer, monkeypatch):
    monkeypatch.setattr(line, "ANSWER_S", 0.2)
    sensor[1][:] = [answer]
    with pytest.raises(DeviceError, match="it answered"):
        rain(port)


def test_an_answer_that_came_too_late_does_not_answer_the_next_question(port, sensor):
    sensor[1][:] = [b"safe#safe#", b"rain#"]
    assert [rain(port), rain(port)] == [0.0, 500.0]


def test_a_port_that_is_gone_is_told_and_tried_again(clock, sensor, tmp_path):
    plugged = tmp_path / "port"
    port = SerialRain(clock, str(plugged), "rg11")
    with pytest.raises(DeviceError, match="could not open"):
        rain(port)
    plugged.symlink_to(sensor[0])
    sensor[1][:] = [b"safe#"]
    assert rain(port) == 0.0
    port.close()


class Loop:
    """The modem lines of a port, joined by a relay's contact."""

    def __init__(self, cts):
        self._cts, self.rts = cts, True

    @property
    def cts(self):
        return self._cts(self.rts)

    def close(self): ...


@pytest.mark.parametrize(("cts", "wet"), [(lambda rts: rts, 0.0), (lambda _: False, 500.0)])
def test_a_closed_contact_is_dry_and_a_torn_cable_is_rain(clock, monkeypatch, cts, wet):
    monkeypatch.setattr(serial, "serial_for_url", lambda *_, **__: Loop(cts))
    assert rain(SerialRain(clock, "any", "contact")) == wet


def test_a_contact_that_is_seen_without_its_loop_is_no_evidence(clock, monkeypatch):
    monkeypatch.setattr(serial, "serial_for_url", lambda *_, **__: Loop(lambda _: True))
    with pytest.raises(DeviceError, match="not in the loop"):
        rain(SerialRain(clock, "any", "contact"))


def test_a_contact_is_read_from_a_real_port_of_pyserial(clock):
    assert rain(SerialRain(clock, "loop://", "contact")) == 0.0
