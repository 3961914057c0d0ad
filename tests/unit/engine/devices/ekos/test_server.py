"""An INDI server that has ended is started again, whatever keeps it from starting."""

import asyncio
import socket
from itertools import repeat
from pathlib import Path
from typing import Any, cast

import pytest

from obsy.engine.devices.ekos import server
from obsy.errors import DeviceError

PATIENCE_S = 5.0


class Program:
    """Runs until it is told to have ended."""

    code: int | None = None

    def poll(self) -> int | None:
        return self.code


class Programs:
    """Starts what is asked for, unless there is a reason not to."""

    logs = Path("logs")

    def __init__(self, *troubles: Exception | None) -> None:
        self.troubles = list(troubles)
        self.started: list[Program] = []
        self.ended: list[Program] = []

    def start(self, command: list[str], environment: dict[str, str]) -> Program:
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            raise trouble
        self.started.append(Program())
        return self.started[-1]

    def end(self, program: Program) -> None:
        assert program not in self.ended, "it has gone already"
        self.ended.append(program)


def kept(programs: Programs, until: int) -> None:
    """Let each server end by itself, until so many have been started."""

    async def play() -> None:
        async with asyncio.timeout(PATIENCE_S), server.indi_server(cast("Any", programs), {}, Path("none")):
            while len(programs.started) < until:
                programs.started[-1].code = 1
                await asyncio.sleep(0)

    asyncio.run(play())


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_GLANCE_S", 0.0)
    monkeypatch.setattr(server, "PAUSES_S", (0.0,))


def test_a_server_that_ends_is_started_again_and_again_and_people_hear_of_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    programs = Programs()
    kept(programs, until=4)
    assert programs.ended == programs.started[:3]
    assert capsys.readouterr().err.count("the INDI server is started again: it has ended") >= 3


@pytest.mark.parametrize("trouble", [BlockingIOError(11, "no memory"), DeviceError("not installed"), OSError()])
def test_a_restart_that_fails_is_tried_again_without_end(
    trouble: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    programs = Programs(None, *repeat(trouble, 20))
    kept(programs, until=2)
    assert programs.ended == programs.started[:1]
    assert capsys.readouterr().err.count("it does not start") == 20


def test_who_follows_gets_the_port_of_who_went_before_unless_somebody_else_has_it(tmp_path: Path) -> None:
    first = server.free_port(str(tmp_path))
    assert server.free_port(str(tmp_path)) == first
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("", first))
        listening.listen()
        other = server.free_port(str(tmp_path))
        with socket.create_connection(("localhost", first)) as asked, listening.accept()[0] as answered:
            assert other != first
            answered.shutdown(socket.SHUT_RDWR)  # so that it is this end which the kernel keeps waiting
            assert asked.recv(1) == b""
    assert server.free_port(str(tmp_path)) == first
