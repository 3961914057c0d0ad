"""One fault, one run of the tests that answer for it, in a copy of the tree."""

import compileall
import importlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from py_compile import PycInvalidationMode

from tests.mutants.mutate import Mutant

HEAVY = (
    "numpy",
    "scipy.optimize",
    "astropy.io.fits",
    "astropy.units",
    "astropy.time",
    "pydantic",
    "hypothesis",
    "pytest",
)
"""Loaded once; each trial forks from here and loads obsy itself anew."""
SURVIVED, KILLED, TIMED_OUT, NO_TESTS, NOT_TRIED = "survived", "killed", "timed out", "no tests", "not tried"
ENDINGS = {0: SURVIVED, 5: NO_TESTS}
ARGUMENTS = [
    "-x",
    "-q",
    "--hypothesis-profile=mutants",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
]
BASELINE_S = 300.0
LOG = "trial.log"
HERE: list[Path] = []
"""This worker process's own copy of the tree."""


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
    """Load what every trial needs and no fault touches."""
    for name in HEAVY:
        importlib.import_module(name)


def move_in(root: Path, folder: str) -> None:
    """Give this worker process a copy of the tree and loaded libraries."""
    HERE.append(Path(tempfile.mkdtemp(dir=folder)))
    lay_out(root, HERE[0])
    load()


def baseline(tests: list[str]) -> tuple[str, float]:
    """What the tests say, and how long they take, without a fault; the second run counts, it has compiled files."""
    trial(HERE[0], tests, BASELINE_S)
    became, seconds = trial(HERE[0], tests, BASELINE_S)
    return (became if became == SURVIVED else f"{became}\n{(HERE[0] / LOG).read_text()}"), seconds


def attempt(mutant: Mutant, tests: list[str], limit_s: float, until: float) -> tuple[Mutant, str, float]:
    """The fault, what became of it, and the seconds that took; nothing begins after `until`."""
    if time.time() > until:
        return mutant, NOT_TRIED, 0.0
    return mutant, *trial(HERE[0], tests, limit_s, mutant)


def trial(copy: Path, tests: Sequence[str], limit_s: float, mutant: Mutant | None = None) -> tuple[str, float]:
    """Run the tests on the copy with the fault in it; what became of it, and the seconds it took."""
    source = (copy / mutant.path).read_bytes() if mutant else b""
    if mutant:
        (copy / mutant.path).write_bytes(mutant.applied(source))
    begun = time.monotonic()
    try:
        if (child := os.fork()) == 0:
            _run(copy, tests, writes=mutant is None)
        code = _wait(child, begun + limit_s)
    finally:
        if mutant:
            (copy / mutant.path).write_bytes(source)
    return (TIMED_OUT if code is None else ENDINGS.get(code, KILLED)), time.monotonic() - begun


def _run(copy: Path, tests: Sequence[str], writes: bool) -> None:
    """The child: pytest, without a word, and out."""
    try:
        os.setsid()
        os.chdir(copy)
        sys.path[:] = [str(copy), *(place for place in sys.path if place not in {"", str(Path.cwd())})]
        for name in [n for n in sys.modules if n.partition(".")[0] in {"tests", "obsy"}]:
            del sys.modules[name]
        said = os.open(copy / LOG, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        for stream in (0, 1, 2):
            os.dup2(said, stream)
        sys.dont_write_bytecode = not writes
        pytest = importlib.import_module("pytest")
        code = int(pytest.main([*ARGUMENTS, *tests]))
        place = Path(str(importlib.import_module("obsy").__file__))
        code = code if place.is_relative_to(copy) else 99
    except BaseException:  # noqa: BLE001  whatever happens, the child must not go on as its parent
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _wait(child: int, until: float) -> int | None:
    """The child's exit code; None if it, and what it started, had to be ended."""
    while time.monotonic() < until:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None
