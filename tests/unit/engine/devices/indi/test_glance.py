"""A glance at an INDI server tells what its devices have defined, and what answers there if it is none."""

import socket
from types import SimpleNamespace
from typing import Any

import pytest

from obsy.engine.devices.indi import glance as module
from obsy.engine.devices.indi.glance import glance
from obsy.errors import DeviceError

SAID = b"""<defTextVector device="A &amp; B" name="DRIVER_INFO" state="Idle"><defText name="DRIVER_INTERFACE">
4
</defText><defText name="EMPTY"/></defTextVector>
<setNumberVector device="Mount" name="COORD" state="Ok"><oneNumber name="RA">1</oneNumber></setNumberVector>
<message device="Mount" message="hello"/><defined device="Mount" name="none"/>
<defNumberVector device="A &amp; B" name="CCD_INFO"><defNumber name="CCD_MAX_X">64</defNumber></defNumberVector>
"""
FOUND = {"A & B": {"DRIVER_INFO": {"DRIVER_INTERFACE": "4", "EMPTY": ""}, "CCD_INFO": {"CCD_MAX_X": "64"}}}


def definition(name: str) -> bytes:
    return f'<defTextVector device="Dome" name="{name}"/>'.encode()


class Line:
    """A connection whose other end says things at their times, seconds, and hangs up at the end if it does at all."""

    def __init__(self, *says: tuple[float, bytes]) -> None:
        self.says = list(says)
        self.now_s, self.waits_s = 100.0, 1e9
        self.told, self.closed = b"", False

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        self.closed = True

    def sendall(self, words: bytes) -> None:
        self.told += words

    def settimeout(self, seconds: float) -> None:
        self.waits_s = seconds

    def recv(self, most: int) -> bytes:
        assert most > 4096
        assert self.told == b'<getProperties version="1.7"/>\n'
        comes_s = 100.0 + self.says[0][0] if self.says else 1e12
        if comes_s > self.now_s + self.waits_s:
            self.now_s += self.waits_s
            raise TimeoutError
        self.now_s = max(self.now_s, comes_s)
        return self.says.pop(0)[1]


def heard(line: Line, monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, Any], float]:
    """What is found on such a line, and after how many seconds."""
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: line.now_s))
    monkeypatch.setattr(socket, "create_connection", lambda *asked: asked == (("scope", 7624), 5.0) and line)
    found = glance("scope")
    assert line.closed
    return found, line.now_s - 100.0


def test_it_returns_what_is_defined_and_not_what_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert heard(Line((0.0, SAID), (0.1, b"")), monkeypatch) == (FOUND, pytest.approx(0.1))


def test_words_that_come_in_pieces_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = [(0.001 * number, SAID[number : number + 1]) for number in range(len(SAID))]
    assert heard(Line(*pieces, (20.0, b"")), monkeypatch)[0] == FOUND


def test_a_server_that_has_defined_nothing_for_a_second_has_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line((0.5, definition("A")), (1.4, definition("B")), (2.3, b'<setTextVector device="Dome" name="A"/>'))
    found, after_s = heard(line, monkeypatch)
    assert list(found["Dome"]) == ["A", "B"]
    assert 2.4 <= after_s < 2.8
    found, after_s = heard(Line(), monkeypatch)
    assert found == {}
    assert 1.0 <= after_s < 1.3


def test_nobody_is_listened_to_for_longer_than_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    without_end = ((0.5 * number, definition(str(number))) for number in range(99))
    found, after_s = heard(Line(*without_end), monkeypatch)
    assert len(found["Dome"]) == 21
    assert after_s == 10.0


def test_what_does_not_speak_indi_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DeviceError, match=r"^what answers at scope:7624 does not speak INDI$"):
        heard(Line((0.0, b"HTTP/1.1 400 Bad <Request>\r\n<p></q>")), monkeypatch)


def test_one_that_breaks_off_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line()
    monkeypatch.setattr(line, "recv", lambda _: (_ for _ in ()).throw(ConnectionResetError(104, "reset by peer")))
    with pytest.raises(DeviceError, match=r"no INDI server answers at scope:7624 \(reset by peer\)"):
        heard(line, monkeypatch)


def test_a_server_that_is_not_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(DeviceError, match=f"no INDI server answers at 127.0.0.1:{port}"):
        glance("127.0.0.1", port)


@pytest.mark.parametrize("host", ["a..b", "x" * 70, "ü" * 60])
def test_what_is_no_name_of_a_host_is_told(host: str) -> None:
    with pytest.raises(DeviceError, match="no INDI server answers at .*that is no name of a host"):
        glance(host)
