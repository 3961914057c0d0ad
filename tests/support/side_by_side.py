"""`--processes N`: tests on N processes that share one collection: it is made once, and then they fork.

To collect every test takes some eight seconds of CPU, in each process that does it for itself. Whole files are handed
out, one after another, to whoever is free, so that what a file makes for its tests is made once.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from itertools import groupby
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from types import SimpleNamespace
from typing import NamedTuple

import pytest

FORK = multiprocessing.get_context("fork")
PLACE_BYTES = 4
"""A place in a list, as it is written into the pipe that hands files out; it is read whole, for 4 divides its pages."""

Begins = Callable[[int], None]


class Player(NamedTuple):
    """One of the processes: where it says what came of each test, and the place of the one that it plays."""

    process: ForkProcess
    heard: Connection
    at: "Place"


class Place:
    """A number that a process writes and its parent reads, even after the process has died."""

    def __init__(self) -> None:
        self._memory = FORK.RawValue("i", -1)

    def is_now(self, place: int) -> None:
        self._memory.value = place

    def seen(self) -> int:
        return self._memory.value


class Teller:
    """Tells the parent what came of each test, with all three reports of it at once."""

    def __init__(self, said: Connection) -> None:
        self._said, self._reports = said, list[pytest.TestReport]()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._reports.append(report)

    def pytest_runtest_logfinish(self) -> None:
        self._said.send(self._reports)
        self._reports = []


def add_option(parser: pytest.Parser) -> None:
    """Let a lane say on how many processes it is played."""
    parser.addoption("--processes", type=int, default=0, help="play whole files on so many processes that fork")


def play(session: pytest.Session) -> bool | None:
    """Play the tests on several processes; None if one is enough, or nothing is to be played."""
    config = session.config
    if config.option.processes < 1 or config.option.collectonly or session.testsfailed:
        return None
    config._tmp_path_factory.getbasetemp()  # for all of them
    files = [[*items] for _, items in groupby(range(len(session.items)), lambda at: session.items[at].path)]
    queue, filled = os.pipe()
    os.write(filled, b"".join(place.to_bytes(PLACE_BYTES) for place in range(len(files))))
    os.close(filled)
    players = [begin(session, files, queue) for _ in range(config.option.processes)]
    os.close(queue)
    try:
        listen(session, players)
    finally:
        for player in players:
            player.process.terminate()
            player.process.join()
    if session.shouldfail:
        raise session.Failed(session.shouldfail)
    return True


def begin(session: pytest.Session, files: list[list[int]], queue: int) -> Player:
    """Fork a process that plays what it takes from the queue."""
    heard, said = FORK.Pipe(duplex=False)
    at = Place()
    process = FORK.Process(target=plays, args=(session, files, queue, said, at))
    process.start()
    said.close()
    return Player(process, heard, at)


def plays(session: pytest.Session, files: list[list[int]], queue: int, said: Connection, at: Place) -> None:
    """In a process of its own: play file after file, and end as any run of tests ends."""
    config, plugins = session.config, session.config.pluginmanager
    captured = plugins.get_plugin("capturemanager")
    if captured is not None:  # into files of its own
        captured.stop_global_capturing()
        captured.start_global_capturing()
        captured.suspend_global_capture()
    shown = plugins.unregister(name="terminalreporter")
    plugins.register(SimpleNamespace(_tw=shown._tw), "terminalreporter")  # a stack that hangs is shown all the same
    plugins.register(Teller(said), "teller")
    following = taken(files, queue)
    here = next(following, None)
    while here is not None:
        at.is_now(here)
        after = next(following, None)
        item, nextitem = session.items[here], None if after is None else session.items[after]
        config.hook.pytest_runtest_protocol(item=item, nextitem=nextitem)
        if session.shouldfail or session.shouldstop:
            session._setupstate.teardown_exact(None)
            break
        here = after
    at.is_now(-1)
    config._ensure_unconfigure()


def taken(files: list[list[int]], queue: int) -> Iterator[int]:
    """The places of the tests of one file after another; a file is taken when its first test is the next."""
    while place := os.read(queue, PLACE_BYTES):
        yield from files[int.from_bytes(place)]


def listen(session: pytest.Session, players: list[Player]) -> None:
    """Tell what each process says until all have ended, and then what none has told: nothing is missing in silence."""
    hook, told, listening = session.config.hook, set[str](), {player.heard: player for player in players}
    while listening and not session.shouldfail and not session.shouldstop:
        for heard in wait([*listening]):
            try:
                reports = heard.recv()
            except EOFError:
                del listening[heard]
                continue
            for report in reports:
                hook.pytest_runtest_logreport(report=report)
            told.add(reports[0].nodeid)
            hook.pytest_runtest_logfinish(nodeid=reports[0].nodeid, location=reports[0].location)
    if listening:
        return
    why = "; ".join(filter(None, (fate(session, player) for player in players)))
    for item in session.items:
        if item.nodeid not in told:
            hook.pytest_runtest_logreport(report=unplayed(item, why))
    session.shouldfail = session.shouldfail or why


def fate(session: pytest.Session, player: Player) -> str:
    """How a process ended before its time; empty if it did not."""
    player.process.join()
    if not player.process.exitcode:
        return ""
    place = player.at.seen()
    during = session.items[place].nodeid if place >= 0 else "its end"
    return f"a process ended with {player.process.exitcode} during {during}"


def unplayed(item: pytest.Item, why: str) -> pytest.TestReport:
    """That nobody has said what came of a test."""
    message = f"nobody said what came of it: {why}"
    return pytest.TestReport(item.nodeid, item.location, {}, "failed", message, "call")
