"""A worker for what may hang: begun when it is first needed, killed when something takes it too long."""

import multiprocessing
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from obsy.engine.processing.workers import begin_worker, do

P = ParamSpec("P")
T = TypeVar("T")
BEGINS_WITHIN_S = 120.0
ENDS_WITHIN_S = 1.0
LEAST_S = 0.01
"""Less than that is not waited for once more."""
IDLE_S = 60.0
"""So long a worker that has nothing to do is kept: it holds some 50 MB."""


class WorkerLostError(Exception):
    """The worker was killed because it took too long, or died of its work."""


@dataclass(frozen=True, slots=True)
class LimitedWork:
    """What the worker is to do, who waits for it, and for how long."""

    job: Callable[[], Any]
    answer: "Future[Any]"
    within_s: float


class LimitedWorker:
    """One process that does one thing after the other, each within its time; none while there is nothing to do.

    While others have the processor, a work's time stands still.
    """

    def __init__(self, idle_s: float = IDLE_S) -> None:
        """Nothing is begun."""
        self._idle_s = idle_s
        self._waiting: queue.SimpleQueue[LimitedWork | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._beginning, self._over = threading.Lock(), False
        self._process: BaseProcess | None = None
        self._line: Connection | None = None

    def within(self, seconds: float, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """The result of fn(*args), worked out in the process. It ends in WorkerLostError if that takes too long."""
        answer: Future[T] = Future()
        answer.set_running_or_notify_cancel()
        self._waiting.put(LimitedWork(partial(fn, *args, **kwargs), answer, seconds))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="limited-worker", daemon=True)
            self._thread.start()
        return answer

    def shutdown(self) -> None:
        """End for good; what is under way is killed, and what waits ends in WorkerLostError."""
        thread, self._thread = self._thread, None
        with self._beginning:
            self._over = True
        if thread is not None:
            self._waiting.put(None)
            self._kill()
            thread.join(ENDS_WITHIN_S)

    def _run(self) -> None:
        while True:
            try:
                work = self._waiting.get(timeout=self._idle_s if self._process else None)
            except queue.Empty:
                self._kill()
                continue
            if work is None:
                return self._kill()
            try:
                answer = self._worked_out(work)
            except Exception as fault:
                work.answer.set_exception(fault)
            else:
                work.answer.set_result(answer)

    def _worked_out(self, work: LimitedWork) -> Any:
        """Return what the work gives. Raise what it raises, WorkerLostError, or OSError if no process can be begun."""
        try:
            line = self._line or self._begun()
        except OSError:  # of the moment, and no fault of the work
            self._kill()
            raise
        try:
            line.send(work.job)
            if not self._comes(line, work.within_s):
                raise WorkerLostError(f"it took longer than {work.within_s:.0f} s")
            went_well, answer = line.recv()
        except (EOFError, OSError):
            self._kill()
            raise WorkerLostError("the process that did it died") from None
        except WorkerLostError:
            self._kill()
            raise
        if not went_well:
            raise answer
        return answer

    def _comes(self, line: Connection, within_s: float) -> bool:
        """Return whether an answer comes in time."""
        waited_s = queued_s(self._process)
        while not line.poll(within_s):
            since_s, waited_s = waited_s, queued_s(self._process)
            within_s = waited_s - since_s
            if within_s < LEAST_S:
                return False
        return True

    def _begun(self) -> Connection:
        """Begin a process, and return the line to it once it listens."""
        spawning = multiprocessing.get_context("spawn")
        with self._beginning:
            if self._over:
                raise WorkerLostError("there is no worker any more")
            line, there = spawning.Pipe()
            self._line = line
            process = spawning.Process(target=_serve, args=(there,), name="limited-worker", daemon=True)
            try:
                process.start()
            finally:
                there.close()
            self._process = process
        try:
            if not line.poll(BEGINS_WITHIN_S):
                raise OSError("no process could be begun for it")
            line.recv()
        except EOFError:
            raise OSError("the process that was begun for it died at once") from None
        return line

    def _kill(self) -> None:
        """Have no process; one that the system does not end, as on a disk that hangs, is left behind."""
        process, line, self._process, self._line = self._process, self._line, None, None
        if process is not None:
            with suppress(ValueError, OSError):
                process.kill()
                process.join(ENDS_WITHIN_S)
        if line is not None:
            line.close()


def queued_s(process: BaseProcess | None) -> float:
    """Return for how long a process was ready to run and others had the processor; 0 where the system does not tell.

    Source: Linux, Documentation/scheduler/sched-stats.rst, /proc/<pid>/schedstat.
    """
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{process.pid if process else 0}/schedstat").read_text().split()[1]) / 1e9
    return 0.0


def _serve(line: Connection) -> None:
    """Do what comes along the line, until its other end is gone."""
    begin_worker(None)
    line.send(None)
    while True:
        try:
            job = line.recv()
        except EOFError:
            return
        try:
            answer = True, do(job)
        except Exception as fault:
            answer = False, fault
        line.send(answer)
