"""The quick way: tests are collected once, and a fork for each fault has it in its functions and runs what reaches it.

What is decided while a module loads, or in a process that a test starts, cannot be exchanged so: `Rehearsal.unseen`
says which tests of a survivor `trial` has to repeat.
"""

import ast
import faulthandler
import gc
import importlib
import json
import os
import resource
import shutil
import signal
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType
from typing import Any, NoReturn

import pytest

from tests.mutants.functions import Function, functions
from tests.mutants.mutate import Mutant
from tests.mutants.outcome import CRASHED, KILLED, SURVIVED, TIMED_OUT, UNTOUCHED
from tests.mutants.targets import IN_THREADS_OF_A_LIBRARY, nearest
from tests.mutants.time_limit import POLL_S, SLOWER, Watch
from tests.mutants.tracer import Line, Tracer

CODES = {0: SURVIVED, 10: KILLED, -signal.SIGKILL: TIMED_OUT}
"""What a fork's exit code says; one that takes too long is killed."""


@dataclass(eq=False)
class Rehearsal:
    """A pytest plug-in that tries mutants instead of running the tests."""

    copy: Path
    sources: dict[str, bytes]
    answering: dict[str, list[str]]
    mutants: Sequence[Mutant]
    jobs: int
    grace_s: float
    until: float
    said: int
    """The file descriptor that is told, in lines of JSON, how each mutant fared."""
    likely: Sequence[Mapping[str, int]] = ()
    """The tests that are likely to find each mutant, since they found it, or a neighbour, before."""
    failed: str = ""
    """In a fork, the first test that failed."""
    lines: dict[str, set[Line]] = field(default_factory=dict)
    """The lines of the modules that each test runs."""
    seconds: dict[str, float] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    living: dict[tuple[str, str, int], list[FunctionType]] = field(default_factory=lambda: defaultdict(list))
    """The function objects by file, name and first line."""
    tracer: Tracer | None = None
    loading: set[Line] = field(default_factory=set)
    """The lines of the modules that run before any test does."""
    parents: set[str] = field(default_factory=set)
    """The tests that start processes of their own."""
    fixtures: dict[str, set[Line]] = field(default_factory=dict)
    """The lines that fixtures run: each test that asks for one rests on them, not only the first."""

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, object, object]:
        """Note what a fixture runs."""
        if self.tracer is None:
            return (yield)
        before = self.tracer.taken()
        try:
            return (yield)
        finally:
            ran = self.tracer.taken()
            self.fixtures.setdefault(fixturedef.argname, set()).update(ran)
            self.tracer.seen = before | ran

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember the first failure."""
        if report.failed and not self.failed:
            self.failed = report.nodeid
            print(report.longreprtext)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every mutant in a fork of its own."""
        if session.testsfailed:
            self.tell(fails="collecting the tests")
            return True
        for path in self.sources:
            importlib.import_module(path.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
        if self.tracer:
            self.tracer.__exit__()
            self.loading, self.tracer = self.tracer.taken(), None
        self.find_functions()
        gc.freeze()
        orders = self.orders(session.items)
        if not all(map(self.sound, (orders,) if self.jobs > 1 else ((each,) for each in orders))):
            return True
        self.tell(tests=len(session.items), seconds=sum(self.seconds.values()))
        self.play(session.items)
        return True

    def orders(self, items: list[pytest.Item]) -> Sequence[tuple[list[pytest.Item], bool]]:
        """Once to see what each test runs, and once in the other order, unobserved, to see how long it takes."""
        return ((items, True), (items[::-1], False))

    def look(self) -> None:
        """Before anything is loaded: note what the modules do then."""
        self.tracer = Tracer(self.copy, self.sources)
        self.tracer.__enter__()

    def tell(self, **what: Any) -> None:
        """Report to whoever started this."""
        os.write(self.said, f"{json.dumps(what)}\n".encode())

    def sound(self, orders: Sequence[tuple[list[pytest.Item], bool]]) -> bool:
        """Whether all tests pass without a fault, in some orders at once; learn what each runs, or how long it takes.

        orders: the tests in each, and whether it is seen what they run.
        """
        with tempfile.TemporaryDirectory() as folder:
            forks = [Fork(-1, Path(tempfile.mkdtemp(dir=folder))) for _ in orders]
            begun = [os.fork() or self.act(*order, fork) for order, fork in zip(orders, forks, strict=True)]
            ended = [CODES.get(fork.watch.wait(child), CRASHED) for child, fork in zip(begun, forks, strict=True)]
            return all(map(self.learn, (traced for _, traced in orders), forks, ended))

    def learn(self, traced: bool, fork: "Fork", became: str) -> bool:
        """Learn from a fork that ran the tests without a fault, and return whether they passed; if not, say so."""
        result = fork.folder / "result"
        if became != SURVIVED:
            said = result.read_text() if result.exists() else became
            self.tell(fails=f"{said}\n{(fork.folder / 'log').read_text()[-3000:]}")
            return False
        learned = json.loads(result.read_text())
        self.parents |= set(learned["parents"])
        if traced:
            self.lines = {name: {(path, line) for path, line in lines} for name, lines in learned["tests"].items()}
        else:
            self.seconds = learned["tests"]
        return True

    def act(self, items: list[pytest.Item], traced: bool, fork: "Fork", mutant: Mutant | None = None) -> NoReturn:
        """A fork's whole life: run tests up to the first that fails, with a fault or without."""
        code, folder, watch = 12, fork.folder, fork.watch
        try:
            os.setsid()
            watch.begin(60.0)
            os.environ["PYTEST_DEBUG_TEMPROOT"] = os.environ["TMPDIR"] = str(folder)
            tempfile.tempdir = None
            log = os.open(folder / "log", os.O_RDWR | os.O_CREAT)
            for stream in (0, 1, 2):
                os.dup2(log, stream)
            faulthandler.enable(log)
            if mutant:
                self.infect(mutant)
            if traced:
                self.tracer = Tracer(self.copy, self.sources)
            learned = self.run(items, watch)
            (folder / "result").write_text(self.failed or json.dumps({"tests": learned, "parents": [*self.parents]}))
            code = 10 if self.failed else 0
        except BaseException:  # noqa: BLE001  whatever happens, a fork must not go on as its parent
            traceback.print_exc()
        os._exit(code)

    def run(self, items: list[pytest.Item], watch: Watch) -> dict[str, Any]:
        """Run tests up to the first that fails; the lines that each ran if they are traced, or how long it took."""
        learned: dict[str, Any] = {}
        before = 0
        for item, following in zip(items, [*items[1:], None], strict=True):
            watch.begin(SLOWER * self.seconds.get(item.nodeid, 100.0) + self.grace_s)
            with self.tracer or nullcontext():
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            learned[item.nodeid] = self.tracer.taken() if self.tracer else watch.end()
            if (pages := pages_of_children()) > before:
                self.parents.add(item.nodeid)
            before = pages
            if self.failed:
                return {}
        return (
            {item.nodeid: sorted(self.rests_on(item, learned[item.nodeid])) for item in items}
            if self.tracer
            else learned
        )

    def rests_on(self, item: pytest.Item, ran: set[Line]) -> set[Line]:
        """The lines that a test and its fixtures run."""
        return ran.union(*(self.fixtures.get(name, ()) for name in getattr(item, "fixturenames", ())))

    def find_functions(self) -> None:
        """Find the function objects of the modules, decorated ones and methods too."""
        files = {str(self.copy / path) for path in self.sources}
        gc.unfreeze()  # what is frozen is not among the objects
        for each in gc.get_objects():
            if isinstance(each, FunctionType) and (code := each.__code__).co_filename in files:
                self.living[code.co_filename, code.co_qualname, code.co_firstlineno].append(each)

    def infect(self, mutant: Mutant) -> None:
        """Put a fault into the function that holds it, wherever it is referred to."""
        function = self.function(mutant)
        if function is None:
            raise LookupError(mutant)
        file = str(self.copy / mutant.path)
        sick = function.code(mutant.applied(self.sources[mutant.path]), file)
        for each in self.living[file, function.name, function.first]:
            each.__code__ = sick

    def function(self, mutant: Mutant) -> Function | None:
        """The function that a mutant breaks; None outside of all bodies."""
        tree = ast.parse(self.sources[mutant.path])
        holds = (f for f in functions(mutant.path, tree) if f.begin <= mutant.line and mutant.last <= f.end)
        return next(holds, None)

    def chosen(self, mutant: Mutant, items: Iterable[pytest.Item]) -> list[pytest.Item]:
        """The tests that run a mutant's lines, the likeliest to see it first."""
        function = self.function(mutant)
        if function is None:
            return []
        mine = [item for item in items if item.nodeid.startswith(tuple(self.answering[mutant.path]))]
        for begin, end in ((mutant.line, mutant.last), (function.begin, function.end)):
            wanted = {(mutant.path, line) for line in range(begin, end + 1)}
            if reached := [item for item in mine if wanted & self.lines[item.nodeid]]:
                return sorted(reached, key=self.promise, reverse=True)
        return sorted(mine, key=self.promise, reverse=True) if mutant.path in IN_THREADS_OF_A_LIBRARY else []

    def promise(self, item: pytest.Item) -> float:
        """How many faults a test may find in a second."""
        return (self.kills[item.nodeid] + 0.2) / (self.seconds[item.nodeid] + 0.02)

    def unseen(self, mutant: Mutant) -> list[str]:
        """The tests that a fault could not be shown here: all of its module's, or those that start processes."""
        function, path = self.function(mutant), mutant.path
        lines = range(function.begin, function.end + 1) if function else ()
        if not lines or any((path, line) in self.loading for line in lines):
            return nearest(self.copy, path)
        return sorted(name for name in self.parents if name.startswith(tuple(self.answering[path])))

    def play(self, items: list[pytest.Item]) -> None:
        """Fork for one mutant after the other, some at a time."""
        running: dict[int, Fork] = {}
        for number, mutant in enumerate(self.mutants):
            while len(running) >= self.jobs:
                self.collect(running)
            if time.time() > self.until:
                self.tell(mutant=number, became=UNTOUCHED, by="")
            elif chosen := self.chosen(mutant, items):
                hints = self.likely[number] if self.likely else {}
                chosen.sort(key=lambda item: hints.get(item.nodeid, 0), reverse=True)
                self.begin(number, chosen, running)
            else:
                self.tell(mutant=number, became=SURVIVED, by="", unseen=self.unseen(mutant))
        while running:
            self.collect(running)

    def begin(self, number: int, items: list[pytest.Item], running: dict[int, "Fork"]) -> None:
        """Fork for a mutant."""
        fork = Fork(number, Path(tempfile.mkdtemp()))
        if (child := os.fork()) == 0:
            self.act(items, False, fork, self.mutants[number])
        running[child] = fork

    def collect(self, running: dict[int, "Fork"]) -> None:
        """Report the forks that have ended; end those that do not."""
        time.sleep(POLL_S)
        for child, fork in list(running.items()):
            if (code := fork.watch.ended(child)) is None:
                continue
            became = CODES.get(code, CRASHED)
            killer = (fork.folder / "result").read_text() if became == KILLED else ""
            self.kills[killer] += bool(killer)
            unseen = self.unseen(self.mutants[fork.number]) if became == SURVIVED else []
            self.tell(mutant=fork.number, became=became, by=killer, unseen=unseen)
            shutil.rmtree(fork.folder, ignore_errors=True)
            del running[child]


def pages_of_children() -> int:
    """How many pages the processes that this one has started and seen end had to be given; none starts without."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt


@dataclass(frozen=True)
class Fork:
    """A process that tries one mutant."""

    number: int
    folder: Path
    watch: Watch = field(default_factory=Watch)
