"""Worker processes that outlive a crash: what was being worked on is done once more, alone, by fresh hands."""

import ctypes
import multiprocessing
import os
import pickle
import queue
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
Job = Callable[[], Any]
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""glibc's names in malloc.h; mallopt(3) tells of them."""
MAPPED_BYTES = 32 << 20
"""What is smaller is had from memory that the process keeps; the most that every glibc takes."""
KEPT_BYTES = 128 << 20
"""How much free memory a process keeps rather than gives back."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Work whose worker died, and who waits for it."""

    job: Job
    answer: "Future[Any]"


class Workers(Executor):
    """A pool of spawned processes. When one dies, a new pool takes its place; work that was under way is tried again,
    one piece at a time in a process of its own, so that only what kills its worker again fails (BrokenProcessPool).
    """

    def __init__(self, count: int, begin: Callable[[], None] | None = None) -> None:
        """`begin` runs in each process when it starts."""
        self._count, self._begin = count, begin
        self._lock = threading.Lock()
        self._pool = self._new_pool(count)
        self._retries: queue.SimpleQueue[Retry | None] = queue.SimpleQueue()
        self._retrier = threading.Thread(target=self._retry, name="workers-retry", daemon=True)
        self._retrier.start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """The result of fn(*args), worked out in a process."""
        answer: Future[T] = Future()
        answer.set_running_or_notify_cancel()
        job = partial(do, partial(fn, *args, **kwargs))
        self._start(job).add_done_callback(partial(self._deliver, Retry(job, answer)))
        return answer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes; with `wait`, after what is under way."""
        self._pool.shutdown(wait=wait, cancel_futures=cancel_futures)
        self._retries.put(None)
        if wait:
            self._retrier.join()

    def _start(self, job: Job) -> "Future[Any]":
        with self._lock:
            try:
                return self._pool.submit(job)
            except BrokenProcessPool:
                self._pool = self._new_pool(self._count)
                return self._pool.submit(job)

    def _new_pool(self, count: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), begin_worker, (self._begin,))

    def _deliver(self, asked: Retry, done: "Future[Any]") -> None:
        if done.cancelled():
            asked.answer.set_exception(RuntimeError("the workers were stopped"))
        elif isinstance(done.exception(), BrokenProcessPool):
            self._retries.put(asked)
        else:
            _pass_on(done, asked.answer)

    def _retry(self) -> None:
        while (asked := self._retries.get()) is not None:
            with self._new_pool(1) as alone:
                try:
                    done = alone.submit(asked.job)
                except RuntimeError:  # the program ends: its next run does the work, which has not failed
                    return
                done.exception()  # waits for it
                _pass_on(done, asked.answer)


def do(job: Job) -> Any:
    """The result of the job; an error that cannot be sent to the parent, and would break the pool, is put in words."""
    try:
        return job()
    except Exception as error:
        try:
            pickle.loads(pickle.dumps(error))
        except Exception:
            raise RuntimeError(f"{type(error).__name__}: {error}") from None
        raise


def begin_worker(more: Callable[[], None] | None) -> None:
    """A worker ignores what a terminal tells its parent, who answers for it, and ends when that ends, however."""
    for told in (signal.SIGINT, signal.SIGHUP):
        signal.signal(told, signal.SIG_IGN)
    _keep_memory()
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    if more is not None:
        more()


def _keep_memory() -> None:
    """A light makes and drops the same images of some megabytes again and again: keep their memory for the next one.

    glibc would give each back and fetch it anew, page by page: 5,700 page faults and 15 ms of the kernel's time for a
    light of a million pixels, and 3 ms so, at the same peak (206 MB). Other C libraries have no mallopt.
    """
    with suppress(AttributeError, OSError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES)
        mallopt(M_TRIM_THRESHOLD, KEPT_BYTES)


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _pass_on(done: "Future[Any]", answer: "Future[Any]") -> None:
    error = done.exception()
    if error is None:
        answer.set_result(done.result())
    else:
        answer.set_exception(error)
