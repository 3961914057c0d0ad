"""A clock, a server that says what it is told to, and inputs as they are declared."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from obsy.engine.devices.clock import WallClock
from obsy.schemas.weather import Weather

Serve = Callable[[socket.socket], None]


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def declare() -> Callable[..., Weather]:
    def declared(measures: list[str], device: dict[str, Any], **more: Any) -> Weather:
        said = {"kind": "weather", "name": "input", "measures": measures, "every": "1 s", "max_age": "60 s"}
        return Weather.model_validate({**said, "device": device, **more})

    return declared


@pytest.fixture
def served() -> Callable[[Serve], Any]:
    """A server on this machine that does the same to whoever connects; yields its port."""

    @contextmanager
    def serving(serve: Serve) -> Iterator[int]:
        with socket.create_server(("127.0.0.1", 0)) as server:

            def accept() -> None:
                while True:
                    try:
                        line, _ = server.accept()
                    except OSError:
                        return
                    threading.Thread(target=answer, args=(line,), daemon=True).start()

            def answer(line: socket.socket) -> None:
                with line:
                    try:
                        serve(line)
                    except OSError:
                        return

            threading.Thread(target=accept, daemon=True).start()
            yield server.getsockname()[1]
            server.shutdown(socket.SHUT_RDWR)

    return serving
