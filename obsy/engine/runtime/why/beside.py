"""Work that a copy of this process does on another core, while this one goes on; where no copy can be had, nobody."""

import json
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Self

Told = Sequence[Any]
"""What JSON knows: a float comes back to the last bit."""


def spare_cores() -> int:
    """Return on how many cores a copy may work beside this process; 0 where none can be had, or all have work already.

    Only Linux's processes are copied safely whatever libraries they have loaded, and only while they have one thread.
    """
    if not sys.platform.startswith("linux") or threading.active_count() > 1:
        return 0
    cores = len(os.sched_getaffinity(0))
    busy = max(1.0, os.getloadavg()[0])  # in the mean of the last minute; this process is one of them
    return max(0, int(cores - busy))


class WorkBeside:
    """One piece of work, done by a copy of this process."""

    def __init__(self, process: int, told: int) -> None:
        """Take over a copy that works already; see `begun`. told: where its answer is read."""
        self._process, self._told = process, told

    @classmethod
    def begun(cls, work: Callable[[], Told]) -> Self | None:
        """Begin some work, which changes nothing but its copy; None if no process can be started."""
        told, said = os.pipe()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter(
                    "ignore", DeprecationWarning
                )  # of threads, which libraries may keep: none is used
                process = os.fork()
        except OSError:
            os.close(told)
            os.close(said)
            return None
        if not process:
            _work_and_end(work, said)
        os.close(said)
        return cls(process, told)

    def answer(self) -> Told | None:
        """Wait for what comes of it; None if the copy failed or was killed."""
        with os.fdopen(self._told, "rb") as told:
            words = told.read()
        os.waitpid(self._process, 0)
        try:
            found: Told = json.loads(words)
        except ValueError:
            return None
        return found

    def drop(self) -> None:
        """End it: nobody wants to know any more."""
        with suppress(ProcessLookupError):
            os.kill(self._process, signal.SIGKILL)
        os.close(self._told)
        os.waitpid(self._process, 0)


def _work_and_end(work: Callable[[], Told], said: int) -> None:
    """Work in the copy, which ends here: whatever happens, nothing of what its parent has begun goes on twice."""
    try:
        words = json.dumps(work()).encode()
        while words:
            words = words[os.write(said, words) :]
    finally:
        os._exit(0)
