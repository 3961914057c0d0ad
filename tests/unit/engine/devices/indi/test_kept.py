"""An INDI server that has ended is started again, whatever keeps it from starting; one that hangs is ended."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Collection, Iterable
from contextlib import closing
from itertools import pairwise, repeat
from pathlib import Path
from typing import Any, cast

import pytest

from obsy.engine.devices.indi import kept as kept_server
from obsy.engine.devices.indi import pulse, server
from obsy.engine.devices.indi.children import Children
from obsy.engine.devices.simulated.clock import VirtualLoop
from obsy.errors import DeviceError
from obsy.schemas.address import ServerAddress
from tests.support.indi import IndiServer

PATIENCE_S = 5.0


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server writes beside its socket, which is called `none` here: nothing comes into the repository."""
    monkeypatch.chdir(tmp_path)


DOME, WEATHER = "Dome Simulator", "Weather Simulator"


class Program:
    """Runs until it is told to have ended."""

    code: int | None = None

    def poll(self) -> int | None:
        return self.code


class Programs:
    """Starts what is asked for, each for as long as it lives, unless there is a reason not to."""

    logs = Path("logs")

    def __init__(self, *troubles: Exception | None, lives_s: Iterable[float] = ()) -> None:
        self.troubles, self.lives_s = list(troubles), iter(lives_s)
        self.asked: list[Any] = []
        self.started: list[Program] = []
        self.begun_s: list[float] = []
        self.ended: list[Program] = []
        self.killed: list[tuple[Program, str | None]] = []
        self.kills: list[bool | Exception] = []
        """Whether there is anything to kill, time after time; at the end that there is."""

    def start(self, *asked: Any) -> Program:
        self.asked.append(asked)
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            raise trouble
        loop = asyncio.get_running_loop()
        self.started.append(program := Program())
        self.begun_s.append(loop.time())
        if (life_s := next(self.lives_s, None)) is not None:
            loop.call_later(life_s, setattr, program, "code", 1)
        return program

    def kill(self, program: Program, part: str | None = None) -> bool:
        self.killed.append((program, part))
        answer = self.kills.pop(0) if self.kills else True
        if isinstance(answer, Exception):
            raise answer
        if part is None:
            program.code = -9
        return answer

    def end(self, program: Program) -> None:
        assert program not in self.ended, "it has gone already"
        self.ended.append(program)


class Silences:
    """Stands for a Pulse: a look takes ten seconds, and says who hangs as it is written down; at the end nobody."""

    devices = frozenset({DOME, WEATHER})

    def __init__(self, *hanging: Collection[str]) -> None:
        self.says = list(hanging)
        self.begun = 0

    def begin(self) -> None:
        self.begun += 1

    async def hanging(self) -> Collection[str]:
        await asyncio.sleep(10.1)
        return set(self.says.pop(0)) if self.says else set()


def kept(programs: Programs, for_s: float, *, local: Path = Path("none"), pulse: Silences | None = None) -> None:
    """Keep a server for so long, in virtual time."""

    async def play() -> None:
        drivers = {DOME: "/opt/indi/indi_mine", WEATHER: "indi_rain"}
        keeper = kept_server.KeptServer(cast("Any", programs), cast("Any", programs.start), local, drivers)
        tasks = [asyncio.create_task(keeper.run())]
        if pulse is not None:
            tasks.append(asyncio.create_task(keeper.watch(cast("Any", pulse))))
        await asyncio.wait(tasks, timeout=for_s)
        for each in tasks:
            assert not each.done(), each
            each.cancel()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(play())


def test_a_server_that_ends_at_once_is_started_after_longer_and_longer_and_people_hear_of_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    programs = Programs(lives_s=repeat(0.0))
    kept(programs, for_s=90.0)
    pauses = [after - before for before, after in pairwise(programs.begun_s)]
    assert pauses == [0.25, 0.75, 1.25, 2.25, 5.25, 10.25, 30.25, 30.25]
    assert programs.ended == programs.started[:-1]
    told = capsys.readouterr().err
    assert told.count("\n") == told.count("the INDI server is started again: it has ended\n") == 8


def test_one_that_has_lived_for_a_while_is_started_soon_when_it_ends() -> None:
    programs = Programs(lives_s=[0.0, 0.0, 1.4, 0.0, 0.0])
    kept(programs, for_s=6.0)
    assert programs.begun_s == [0.0, 0.25, 1.0, 2.5, 3.25, 4.5]


def test_the_socket_of_one_that_has_ended_is_taken_away_before_another_is_started(tmp_path: Path) -> None:
    (local := tmp_path / "local").touch()
    there = list[bool]()

    class Looking(Programs):
        def start(self, *asked: Any) -> Program:
            there.append(local.exists())
            return super().start(*asked)

    kept(Looking(lives_s=[1.0]), for_s=3.0, local=local)
    assert there == [True, False]


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (BlockingIOError(11, "no memory"), "[Errno 11] no memory"),
        (DeviceError("not installed"), "not installed"),
        (OSError(), "OSError()"),
    ],
)
def test_a_restart_that_fails_is_tried_again_without_end(
    trouble: Exception, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    programs = Programs(None, *repeat(trouble, 20), lives_s=[1.0])
    kept(programs, for_s=1000.0)
    assert len(programs.started) == 2
    assert programs.ended == programs.started[:1]
    told = capsys.readouterr().err
    assert told.count(f"the INDI server is started again: it does not start: {why}\n") == 20
    assert told.count("\n") == 21


def test_a_server_that_answers_for_none_of_its_devices_is_killed_and_started_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    programs, pulse = Programs(), Silences({DOME, WEATHER})
    kept(programs, for_s=15.0, pulse=pulse)
    assert programs.killed == [(programs.started[0], None)]
    assert programs.ended == programs.started[:1]
    assert len(programs.started) == 2
    assert pulse.begun == 0
    assert "the INDI server answers for no device, and is ended\n" in capsys.readouterr().err


def test_a_driver_that_hangs_is_killed_alone_by_its_own_name_and_people_hear_of_it_if_it_was_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    programs = Programs()
    programs.kills = [False, OSError("no file"), True]
    kept(programs, for_s=55.0, pulse=Silences(set(), {DOME}, {DOME}, {DOME}))
    assert programs.killed == [(programs.started[0], "indi_mine")] * 3  # not there, could not be looked for, killed
    assert len(programs.started) == 1
    assert capsys.readouterr().err == "obsy: the INDI driver of 'Dome Simulator' does not answer, and is ended\n"


@pytest.mark.parametrize(
    ("life_s", "troubles", "looks"),
    [(10.05, 0, 2), (9.4, 2, 2), (5.0, 0, 1)],
    ids=["it has just ended", "none is there", "another is there"],
)
def test_whoever_was_silent_while_the_server_ended_gets_time_and_nothing_is_killed(
    life_s: float, troubles: int, looks: int
) -> None:
    programs = Programs(None, *repeat(OSError(), troubles), lives_s=[life_s])
    pulse = Silences(*repeat({DOME, WEATHER}, looks))
    kept(programs, for_s=25.0, pulse=pulse)
    assert programs.killed == []
    assert len(programs.started) == 2
    assert pulse.begun == looks


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
    """Look at once, and note who answered each time; begin anew at once, too."""
    monkeypatch.setattr(kept_server, "GLANCE_S", 0.0)
    monkeypatch.setattr(kept_server, "PAUSES_S", (0.0,))
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


@pytest.mark.parametrize("watched", [{DOME, WEATHER}, set()])
def test_the_drivers_that_are_declared_are_begun_each_once_and_kept_until_nobody_needs_them(
    watched: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs, asked, local = Programs(), list[Any](), tmp_path / "sockets" / "indi"
    drivers = {DOME: "/opt/indi/indi_mine", "Other": "/opt/indi/indi_mine", WEATHER: "indi_rain"}
    monkeypatch.setattr(server, "Pulse", lambda *whom: (asked.append(whom), Silences({DOME}))[1])

    async def play() -> ServerAddress:
        keeping = server.indi_server(cast("Any", programs), {"PATH": "/bin"}, local, watched, drivers)
        async with keeping as address:
            await asyncio.sleep(12.0)
        programs.started[-1].code = 1
        await asyncio.sleep(60.0)
        return address

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        host, port = runner.run(play())
    command = ["indiserver", "-p", str(port), "-u", str(local), "/opt/indi/indi_mine", "indi_rain"]
    assert programs.asked == [(command, {"PATH": f"/bin{os.pathsep}{local.parent}"})]
    assert (host, port) == ("localhost", server.free_port("logs"))
    assert asked == ([(ServerAddress("127.0.0.1", port), watched)] if watched else [])
    assert programs.killed == [(programs.started[0], "indi_mine")] * bool(watched)


@pytest.mark.long
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
