"""An INDI server that has ended is started again, whatever keeps it from starting; one that hangs is ended."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from itertools import repeat
from pathlib import Path
from typing import Any, cast

import pytest

from obsy.engine.devices.indi import kept as kept_server
from obsy.engine.devices.indi import pulse, server
from obsy.engine.devices.indi.children import Children
from obsy.errors import DeviceError
from tests.support.indi import IndiServer

PATIENCE_S = 5.0


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server writes beside its socket, which is called `none` here: nothing comes into the repository."""
    monkeypatch.chdir(tmp_path)


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
        self.killed: list[tuple[Program, str | None]] = []

    def start(self, command: list[str], environment: dict[str, str]) -> Program:
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            raise trouble
        self.started.append(Program())
        return self.started[-1]

    def kill(self, program: Program, part: str | None = None) -> bool:
        self.killed.append((program, part))
        if part is None:
            program.code = -9
        return True

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
    monkeypatch.setattr(kept_server, "GLANCE_S", 0.0)
    monkeypatch.setattr(kept_server, "PAUSES_S", (0.0,))


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


DOME, WEATHER = "Dome Simulator", "Weather Simulator"


async def looked_at(programs: Programs, until: Callable[[], bool]) -> None:
    """Let the server be asked until something is so."""
    async with (
        asyncio.timeout(PATIENCE_S),
        server.indi_server(cast("Any", programs), {}, Path("none"), {DOME, WEATHER}),
    ):
        while not until():
            await asyncio.sleep(0.01)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """Look at once, and note who answered each time."""
    heard: list[set[str]] = []

    truly = pulse.answering

    async def answering(*asked: Any) -> set[str]:
        heard.append(await truly(*asked))
        return heard[-1]

    monkeypatch.setattr(pulse, "answering", answering)
    monkeypatch.setattr(pulse, "LOOK_S", 0.0)
    return heard


def test_a_driver_that_hangs_is_killed_alone_and_one_that_answers_is_not(
    looks: list[set[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    programs = Programs()

    async def play() -> None:
        async with IndiServer() as asked:
            monkeypatch.setattr(server, "free_port", lambda _: asked.port)
            await looked_at(programs, lambda: looks.count({DOME, WEATHER}) >= 2 * pulse.DRIVER_LOOKS)
            assert programs.killed == []
            asked.silent = {DOME}
            monkeypatch.setattr(pulse, "ANSWERS_S", 0.05)
            looks.clear()
            await looked_at(programs, lambda: bool(programs.killed))

    asyncio.run(play())
    assert programs.killed[0] == (programs.started[-1], "indi_simulator_dome")
    assert len(looks) >= pulse.DRIVER_LOOKS
    assert "the INDI driver of 'Dome Simulator' does not answer, and is ended" in capsys.readouterr().err


def test_the_drivers_that_are_declared_are_begun_each_once_and_killed_by_their_own_names(
    looks: list[set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    programs, commands = Programs(), list[list[str]]()
    start = programs.start
    monkeypatch.setattr(programs, "start", lambda command, around: commands.append(command) or start(command, around))
    drivers = {DOME: "/opt/indi/indi_mine", "Other": "/opt/indi/indi_mine", WEATHER: "indi_rain"}

    async def play() -> None:
        async with IndiServer() as asked:
            monkeypatch.setattr(server, "free_port", lambda _: asked.port)
            monkeypatch.setattr(pulse, "ANSWERS_S", 0.05)
            asked.silent = {DOME}
            keeping = server.indi_server(cast("Any", programs), {}, Path("none"), {DOME, WEATHER}, drivers)
            async with asyncio.timeout(PATIENCE_S), keeping:
                while not programs.killed:
                    await asyncio.sleep(0.01)

    asyncio.run(play())
    assert commands[0][5:] == ["/opt/indi/indi_mine", "indi_rain"]
    assert programs.killed[0][1] == "indi_mine"


def test_a_server_that_is_stopped_is_killed_and_another_begun_at_the_same_port(
    tmp_path: Path, looks: list[set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse, "ANSWERS_S", 0.2)
    monkeypatch.setattr(pulse, "BEGINS_LOOKS", 10**9)  # however slowly this machine begins a program
    stand_in = tmp_path / "indiserver"
    stand_in.write_text(f'#!/bin/sh\nexec {sys.executable} -m tests.support.indi "$@"\n')
    stand_in.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}

    async def play() -> None:
        with closing(Children(tmp_path)) as children:
            async with server.indi_server(children, environment, tmp_path / "local", {DOME, WEATHER}):
                await heard()
                running = (tmp_path / "children.json").read_text()
                for first, _ in json.loads(running):
                    os.kill(first, signal.SIGSTOP)
                async with asyncio.timeout(PATIENCE_S):  # an answer from before may still come in
                    while (tmp_path / "children.json").read_text() == running:
                        await asyncio.sleep(0.01)
                looks.clear()
                await heard()

    async def heard() -> None:
        async with asyncio.timeout(PATIENCE_S):
            while {DOME, WEATHER} not in looks:
                await asyncio.sleep(0.01)

    asyncio.run(play())


def test_who_cannot_ask_takes_nobody_for_hanging(looks: list[set[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    programs, asked = Programs(), list[None]()

    async def full(*_: object) -> set[str]:
        asked.append(None)
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(pulse, "answering", full)
    asyncio.run(looked_at(programs, lambda: len(asked) > 2 * pulse.DRIVER_LOOKS))
    assert programs.killed == []
