"""`--processes N`: tests on N processes that share one collection: it is made once, and then they fork.

To collect every test takes some eight seconds of CPU, in each process that does it for itself. Whole files are handed
out, one after another, to whoever is free, so that what a file makes for its tests is made once. However a run ends,
each process tears down what its tests began, as pytest does in one: after `-x`, after ^C, and where its parent is gone.
"""

import multiprocessing
import os
import signal
from collections.abc import Generator
from contextlib import suppress
from itertools import groupby
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from types import SimpleNamespace
from typing import NamedTuple

import pytest

from tests.support.waiting import wait_until

FORK = multiprocessing.get_context("fork")
PLACE_BYTES = 4
"""A place in a list, as it is written into the pipe that hands files out; it is read whole, for 4 divides its pages."""

LOOKS_EVERY_S = 1.0
"""How often the parent looks who has ended, where a process that some test forked keeps a pipe open."""
KEPT = (signal.SIGINT, signal.SIGTERM)


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


class Files:
    """The places of the tests of each file, handed out to whoever is free."""

    def __init__(self, items: list[pytest.Item]) -> None:
        self._files = [[*places] for _, places in groupby(range(len(items)), lambda at: items[at].path)]
        self._queue, filled = os.pipe()
        os.write(filled, b"".join(place.to_bytes(PLACE_BYTES) for place in range(len(self._files))))
        os.close(filled)

    def take(self) -> list[int]:
        """The next file's; none where all are taken."""
        place = os.read(self._queue, PLACE_BYTES)
        return self._files[int.from_bytes(place)] if place else []


class Teller:
    """Tells the parent what came of each test, with all three reports of it at once."""

    def __init__(self, said: Connection) -> None:
        self._said, self._reports = said, list[pytest.TestReport]()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._reports.append(report)

    def pytest_runtest_logfinish(self) -> None:
        self._said.send(self._reports)
        self._reports = []


class Told:
    """Ends a process that a signal tells to, as ^C ends pytest; but what it tears down it tears down to the end."""

    def __init__(self, session: pytest.Session) -> None:
        self._session, self.tears_down = session, False
        for each in KEPT:
            if signal.getsignal(each) is not signal.SIG_IGN:  # as of what a shell began in the background
                signal.signal(each, self)
        os.register_at_fork(after_in_child=self._forked)

    def __call__(self, number: int, _: object) -> None:
        told_before = self._session.shouldstop
        self._session.shouldstop = f"told to end by {signal.Signals(number).name}"
        if not told_before and not self.tears_down:
            raise KeyboardInterrupt

    def _forked(self) -> None:
        """What a test forks ends as any process does."""
        for each, usual in zip(KEPT, (signal.default_int_handler, signal.SIG_DFL), strict=True):
            if signal.getsignal(each) is self:
                signal.signal(each, usual)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self) -> Generator[None, object, object]:
        self.tears_down = True
        try:
            return (yield)
        finally:
            self.tears_down = False


def add_option(parser: pytest.Parser) -> None:
    """Let a lane say on how many processes it is played."""
    parser.addoption("--processes", type=int, default=0, help="play whole files on so many processes that fork")


def play(session: pytest.Session) -> bool | None:
    """Play the tests on several processes; None if one is enough, or nothing is to be played."""
    config = session.config
    if config.option.processes < 1 or config.option.collectonly or session.testsfailed:
        return None
    if config.option.usepdb or config.option.trace:
        raise pytest.UsageError("a debugger needs the terminal, which --processes shares: leave one of them out")
    config._tmp_path_factory.getbasetemp()  # for all of them
    files = Files(session.items)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    players: list[Player] = []
    try:
        for _ in range(config.option.processes):
            players.append(begin(session, files, players))
        listen(session, players)
    finally:
        end(players)
    if session.shouldfail:
        raise session.Failed(session.shouldfail)
    return True


def begin(session: pytest.Session, files: Files, others: list[Player]) -> Player:
    """Fork a process that plays what it takes of the files."""
    heard, said = FORK.Pipe(duplex=False)
    at = Place()
    ears = [heard, *(player.heard for player in others)]
    process = FORK.Process(target=plays, args=(session, files, said, ears, at))
    process.start()
    said.close()
    return Player(process, heard, at)


def end(players: list[Player]) -> None:
    """Have each process tear down what its tests began, and end; one that cannot is killed."""
    for player in players:
        player.heard.close()  # what it would say now breaks off, and waits for no listener
        player.process.terminate()
    with suppress(TimeoutError):  # joined with a limit, it would be waited for what a test forked
        wait_until(lambda: not any(player.process.is_alive() for player in players))
    for player in players:
        player.process.kill()
        player.process.join()


def plays(session: pytest.Session, files: Files, said: Connection, ears: list[Connection], at: Place) -> None:
    """In a process of its own: play file after file, and end as any run of tests ends."""
    for ear in ears:  # the parent's alone: once it has died, nobody hears
        ear.close()
    told = Told(session)
    config, plugins = session.config, session.config.pluginmanager
    captured = plugins.get_plugin("capturemanager")
    if captured is not None:  # into files of its own
        captured.stop_global_capturing()
        captured.start_global_capturing()
        captured.suspend_global_capture()
    shown = plugins.unregister(name="terminalreporter")
    plugins.register(SimpleNamespace(_tw=shown._tw), "terminalreporter")  # a stack that hangs is shown all the same
    plugins.register(Teller(said), "teller")
    plugins.register(told, "told")
    try:
        while not is_over(session) and (places := files.take()):
            play_file(session, places, at)
        at.is_now(-1)
    except (KeyboardInterrupt, BrokenPipeError):
        pass
    finally:
        told.tears_down = True
        session._setupstate.teardown_exact(None)
        config._ensure_unconfigure()


def play_file(session: pytest.Session, places: list[int], at: Place) -> None:
    """Play the tests of a file; after the last, what was made for the whole session stays."""
    for here, after in zip(places, [*places[1:], None], strict=True):
        if is_over(session):
            return
        at.is_now(here)
        item = session.items[here]
        nextitem = SimpleNamespace(listchain=lambda: [session]) if after is None else session.items[after]
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=nextitem)


def is_over(session: pytest.Session) -> bool:
    """Whether no more is to be played: one failure was enough, it was told to end, or nobody hears what comes of it."""
    parent = multiprocessing.parent_process()
    return bool(session.shouldfail or session.shouldstop or parent is None or os.getppid() != parent.pid)


def listen(session: pytest.Session, players: list[Player]) -> None:
    """Tell what each process says until all have ended, and then what none has told: nothing is missing in silence."""
    told, listening = set[str](), {player.heard: player for player in players}
    while listening and not session.shouldfail and not session.shouldstop:
        for heard in wait([*listening], LOOKS_EVERY_S):
            try:
                told.add(tell(session, heard.recv()))
            except EOFError:
                del listening[heard]
        listening = {heard: player for heard, player in listening.items() if not has_ended(player)}
    if session.shouldfail or session.shouldstop:
        return
    why = "; ".join(filter(None, (fate(session, player) for player in players)))
    for item in session.items:
        if item.nodeid not in told:
            session.config.hook.pytest_runtest_logreport(report=unplayed(item, why))
    session.shouldfail = session.shouldfail or why


def tell(session: pytest.Session, reports: list[pytest.TestReport]) -> str:
    """Tell what came of a test; its name."""
    for report in reports:
        session.config.hook.pytest_runtest_logreport(report=report)
    name, location = reports[0].nodeid, reports[0].location
    session.config.hook.pytest_runtest_logfinish(nodeid=name, location=location)
    return name


def has_ended(player: Player) -> bool:
    """Whether a process has ended, and all that it said is heard; what a test forked may keep its pipe open."""
    return not player.process.is_alive() and not player.heard.poll()


def fate(session: pytest.Session, player: Player) -> str:
    """How a process ended before its time; empty if it did not."""
    player.process.join()
    place = player.at.seen()
    if not player.process.exitcode and place < 0:
        return ""
    during = session.items[place].nodeid if place >= 0 else "its end"
    return f"a process ended with {player.process.exitcode} during {during}"


def unplayed(item: pytest.Item, why: str) -> pytest.TestReport:
    """That nobody has said what came of a test."""
    message = f"nobody said what came of it: {why}"
    return pytest.TestReport(item.nodeid, item.location, {}, "failed", message, "call")
