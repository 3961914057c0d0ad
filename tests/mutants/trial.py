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
from collections.abc import Callable, Sequence
from pathlib import Path
from py_compile import PycInvalidationMode

from tests.mutants.mutate import Mutant
from tests.mutants.outcome import CRASHED, KILLED, SURVIVED, TIMED_OUT
from tests.mutants.patience import Watch
from tests.mutants.rehearsal import Rehearsal
from tests.mutants.targets import HEAVY

NO_TESTS = 5
ENDINGS = {0: SURVIVED, NO_TESTS: SURVIVED, 1: KILLED, -signal.SIGKILL: TIMED_OUT}
"""What pytest's exit code says; any other, such as tests that cannot be collected, counts as crashed."""
ARGUMENTS = [
    "-x",
    "-q",
    "--capture=sys",
    "--tb=native",
    "--hypothesis-profile=mutants",
    *("-m", "not slow and not real"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
    *("-p", "no:cacheprovider"),
    *("-p", "no:xdist"),
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
    with iers.conf.set_temp("auto_download", False), warnings.catch_warnings(action="ignore"):
        iers.IERS_Auto.open()
        iers.IERS_B.open()


def rehearse(copy: Path, tests: Sequence[str], plugin: Rehearsal) -> int:
    """Begin to collect the tests once and try the plug-in's mutants on them; the process that does."""
    if (child := os.fork()) == 0:
        os.setsid()
        run(copy, tests, plugin)
    return child


def trial(copy: Path, tests: Sequence[str], limit_s: float, mutant: Mutant | None = None) -> tuple[str, float]:
    """Run the tests on the copy with the fault in it; what became of it, and the seconds it took of its own accord."""
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
                run(copy, tests, ending=watch.end)
            code = watch.wait(child)
        finally:
            if mutant:
                (copy / mutant.path).write_bytes(source)
    return ENDINGS.get(code, CRASHED), watch.took_s()


def run(copy: Path, tests: Sequence[str], plugin: object = None, ending: Callable[[], object] = bool) -> None:
    """A fork's whole life: pytest on the copy, without a word."""
    code = 13
    try:
        os.chdir(copy)
        sys.path[:] = [str(copy), *(place for place in sys.path if place not in {"", str(Path.cwd())})]
        for name in [n for n in sys.modules if n.partition(".")[0] in {"tests", "obsy"}]:
            del sys.modules[name]
        said = os.open(copy / LOG, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        for stream in (0, 1, 2):
            os.dup2(said, stream)
        sys.dont_write_bytecode = True
        pytest = importlib.import_module("pytest")
        code = int(pytest.main([*ARGUMENTS, *tests], plugins=[plugin] if plugin else []))
        place = Path(str(importlib.import_module("obsy").__file__))
        code = code if place.is_relative_to(copy) else 99
    except BaseException:  # noqa: BLE001  whatever happens, the child must not go on as its parent
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    ending()
    os._exit(code)
