"""Processes of obsy that begin where everything is loaded already.

To load it takes a process a second and a half, and each of its workers as long: over a third of a small night. Here
one process of a run of tests loads it, and all others are its forks: each has a number, a session and a folder of its
own, hears signals and can be killed. What is to start as a person starts it is asked for as `python -m obsy`.

A small night takes 4.9 s of CPU so, not 7.9. The price: it takes hold of parts of `multiprocessing`, `threading` and
`atexit` that nobody promises (what begins with `_` in `_forking`, `_become` and `_end`). Where a new Python renames
one, every night fails at once. Where it gives one another meaning, look here if workers are spawned again (a night is
dearer), if one is not waited for (the lane's CPU time misses its share), or if a run does not end.
"""

import atexit
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
import weakref
from multiprocessing import forkserver, resource_tracker, util
from multiprocessing.context import ForkServerContext, ForkServerProcess, SpawnProcess
from pathlib import Path
from typing import NoReturn

LOADED = (
    "obsy.__main__",
    "obsy.cli.apply",
    "obsy.engine.runtime.apply",
    "obsy.engine.runtime.simulated",
    "obsy.engine.reduce.reduction",
    "obsy.engine.reduce.masters",
    "obsy.engine.reduce.live",
)
"""What a night and its workers would load one by one."""


class LoadedRun:
    """A program of Python that runs, as `subprocess.Popen` has one; what it says is kept in files."""

    def __init__(self, program: str, arguments: tuple[str, ...], folder: Path) -> None:
        kept = Path(tempfile.mkdtemp(prefix="obsy-run-"))
        weakref.finalize(self, shutil.rmtree, kept, ignore_errors=True)
        self._said = [kept / "said", kept / "complained"]
        for each in self._said:
            each.touch()
        forking = _forking()
        names = [str(each) for each in self._said]
        self._process = forking.Process(target=_become, args=(program, arguments, folder, names, dict(os.environ)))
        self._process.start()
        self.pid: int = self._process.pid or 0

    @property
    def returncode(self) -> int | None:
        """How it ended; below 0 by a signal."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """How it ended, if it has."""
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it on the spot."""
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Wait for its end; what it said, and what it complained of."""
        self._process.join(timeout)
        if self.poll() is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0.0)
        said, complained = (each.read_text(encoding="utf-8") for each in self._said)
        return said, complained


def _forking() -> ForkServerContext:
    """What forks, begun where it is not yet, as `python -W error` with all loaded."""
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload(list(LOADED))
    told, sys.warnoptions = sys.warnoptions, ["error"]
    try:
        if forkserver._forkserver._forkserver_pid is None:
            # Waited for in the end, so that its time counts as the lane's.
            util.Finalize(None, forkserver._forkserver._stop, exitpriority=0)
        forkserver.ensure_running()
    finally:
        sys.warnoptions = told
    return forking


def _become(
    program: str, arguments: tuple[str, ...], folder: Path, names: list[str], surroundings: dict[str, str]
) -> None:
    """Be `python -W error -c PROGRAM ARGUMENT…`, begun in this folder; what it spawns is forked, too."""
    os.setsid()
    os.chdir(folder)
    os.environ.update(surroundings)
    for standard, name in zip((1, 2), names, strict=True):
        os.dup2(os.open(name, os.O_WRONLY | os.O_APPEND), standard)
    sys.stdout, sys.stderr = (open(each, "w", encoding="utf-8", closefd=False) for each in (1, 2))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    # The process that forks is there, and not this one's child, as which it would be looked for; who tidies up after
    # one that was killed is its own.
    forkserver._forkserver.ensure_running = lambda: None
    resource_tracker._resource_tracker._fd = None
    SpawnProcess._Popen = staticmethod(ForkServerProcess._Popen)
    sys.argv = ["-c", *arguments]
    _end(_done(program))


def _done(program: str) -> int:
    """The exit code of a program that has run to its end."""
    try:
        exec(compile(program, "<string>", "exec"), {"__name__": "__main__"})
    except SystemExit as ended:
        return int(ended.code or 0)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _end(code: int) -> NoReturn:
    """End as an interpreter does: threads first, which have workers to let go of; a process of multiprocessing would
    wait for these before.
    """
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
