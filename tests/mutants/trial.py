"""The plain way: a fault is written into a copy of the tree, and a fork that has not loaded obsy yet runs its tests."""

import compileall
import importlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from py_compile import PycInvalidationMode

import pytest
from hypothesis import Phase, settings

from tests.mutants.mutate import Mutant
from tests.mutants.outcome import CRASHED, KILLED, SURVIVED, TIMED_OUT
from tests.mutants.rehearsal import Rehearsal
from tests.mutants.targets import HEAVY
from tests.mutants.time_limit import Watch

NO_TESTS = 5
ENDINGS = {0: SURVIVED, NO_TESTS: SURVIVED, 1: KILLED, -signal.SIGKILL: TIMED_OUT}
"""What pytest's exit code says; any other, such as tests that cannot be collected, counts as crashed."""
ARGUMENTS = [
    "-x",
    "-q",
    "--capture=sys",
    "--tb=native",
    *("-m", "not slow and not real"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
    *("-p", "no:cacheprovider"),
]
LOG = "trial.log"


def lay_out(root: Path, copy: Path) -> None:
    """Copy what git knows or would know; compiled files count by their source's hash, so that no fault is missed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (root / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, copy / name)
    compileall.compile_dir(copy / "obsy", quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH)


def load() -> None:
    """Load what every trial needs and no fault touches; to read the Earth's rotation alone takes a second."""
    for name in HEAVY:
        importlib.import_module(name)
    if (iers := sys.modules.get("astropy.utils.iers")) is None:
        return
    importlib.import_module("tests.support.offline")
    with warnings.catch_warnings(action="ignore"):
        iers.IERS_Auto.open()
        iers.IERS_B.open()


def rehearse(copy: Path, tests: Sequence[str], plugin: Rehearsal) -> int:
    """Begin to collect the tests once and try the plug-in's mutants on them; the process that does."""
    if (child := os.fork()) == 0:
        os.setsid()
        run(copy, tests, plugin)
    return child


@dataclass(frozen=True)
class Trial:
    """What became of a fault, the test that found it, and the seconds that the tests took of their own accord."""

    became: str
    by: str
    seconds: float


@dataclass(frozen=True, eq=False)
class Order:
    """A pytest plug-in: tests that have found many faults go first, and the first that fails is noted."""

    kills: Mapping[str, int]
    failed: Path

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Sort the tests."""
        items.sort(key=lambda item: self.kills.get(item.nodeid, 0), reverse=True)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure."""
        if report.failed and not self.failed.exists():
            self.failed.write_text(report.nodeid)


class Unshrunk:
    """A pytest plug-in: an example that fails is enough, and nobody reads how small it can be made."""

    def pytest_sessionstart(self) -> None:
        """Before the tests are loaded, and after their profile is."""
        phases = [each for each in Phase if each not in (Phase.shrink, Phase.explain)]
        settings.register_profile("unshrunk", settings(), phases=phases)
        settings.load_profile("unshrunk")


def trial(
    copy: Path, tests: Sequence[str], limit_s: float, kills: Mapping[str, int], mutant: Mutant | None = None
) -> Trial:
    """Run the tests on the copy with the fault in it, up to the first that fails."""
    source = (copy / mutant.path).read_bytes() if mutant else b""
    watch = Watch()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        if mutant:
            (copy / mutant.path).write_bytes(mutant.applied(source))
        try:
            if (child := os.fork()) == 0:
                os.environ["PYTEST_DEBUG_TEMPROOT"] = os.environ["TMPDIR"] = folder
                tempfile.tempdir = None
                os.setsid()
                watch.begin(limit_s)
                run(copy, tests, Order(kills, Path(folder, "failed")), watch.end)
            code = watch.wait(child)
            failed = Path(folder, "failed").read_text() if Path(folder, "failed").exists() else ""
        finally:
            if mutant:
                (copy / mutant.path).write_bytes(source)
    return Trial(ENDINGS.get(code, CRASHED), failed, watch.took_s())


def run(copy: Path, tests: Sequence[str], plugin: object, ending: Callable[[], object] = bool) -> None:
    """A fork's whole life: pytest on the copy, without a word."""
    code = 13
    try:
        os.chdir(copy)
        sys.path[:] = [str(copy), *(place for place in sys.path if place not in {"", str(Path.cwd())})]
        for name in [n for n in sys.modules if n.partition(".")[0] in {"tests", "obsy"}]:
            del sys.modules[name]
        if isinstance(plugin, Rehearsal):
            plugin.look()
        said = os.open(copy / LOG, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        for stream in (0, 1, 2):
            os.dup2(said, stream)
        sys.dont_write_bytecode = True
        code = int(pytest.main([*ARGUMENTS, *tests], plugins=[plugin, Unshrunk()]))
        place = Path(str(importlib.import_module("obsy").__file__))
        code = code if place.is_relative_to(copy) else 99
    except BaseException:  # noqa: BLE001  whatever happens, the child must not go on as its parent
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    ending()
    os._exit(code)
