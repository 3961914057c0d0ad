"""A glance at an INDI server tells what its devices have defined, and what answers there if it is none."""

import socket
import threading
from collections.abc import Callable

import pytest

from obsy.engine.devices.indi import glance as module
from obsy.engine.devices.indi.glance import glance
from obsy.errors import DeviceError

SAID = b"""<defTextVector device="A &amp; B" name="DRIVER_INFO" state="Idle"><defText name="DRIVER_INTERFACE">
4
</defText></defTextVector>
<setNumberVector device="Mount" name="COORD" state="Ok"><oneNumber name="RA">1</oneNumber></setNumberVector>
<defNumberVector device="A &amp; B" name="CCD_INFO"><defNumber name="CCD_MAX_X">64</defNumber></defNumberVector>
"""


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], int]:
    """`serve(words)`: the port of a server that says them to whoever comes, and hangs up."""
    monkeypatch.setattr(module, "QUIET_S", 0.05)

    def begin(words: bytes) -> int:
        server = socket.create_server(("127.0.0.1", 0))

        def say() -> None:
            line, _ = server.accept()
            with server, line:
                line.recv(100)
                line.sendall(words)

        threading.Thread(target=say, daemon=True).start()
        return int(server.getsockname()[1])

    return begin


def test_it_returns_what_is_defined_and_not_what_is_set(serve: Callable[[bytes], int]) -> None:
    assert glance("127.0.0.1", serve(SAID)) == {
        "A & B": {"DRIVER_INFO": {"DRIVER_INTERFACE": "4"}, "CCD_INFO": {"CCD_MAX_X": "64"}}
    }


def test_what_does_not_speak_indi_is_told(serve: Callable[[bytes], int]) -> None:
    with pytest.raises(DeviceError, match="does not speak INDI"):
        glance("127.0.0.1", serve(b"HTTP/1.1 400 Bad <Request>\r\n<p></q>"))


def test_a_server_that_is_not_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(DeviceError, match=f"no INDI server answers at 127.0.0.1:{port}"):
        glance("127.0.0.1", port)


@pytest.mark.parametrize("host", ["a..b", "x" * 70, "ü" * 60])
def test_what_is_no_name_of_a_host_is_told(host: str) -> None:
    with pytest.raises(DeviceError, match="no INDI server answers at .*that is no name of a host"):
        glance(host)
