"""Processing's one thread: steps in the order they came, what workers do meanwhile, steps that wait for quiet."""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")
Order = TypeVar("Order")
Step = Callable[[], None]

TICK_S = 0.25


class WorkQueue:
    """Runs steps one after another in a thread of its own, so that nothing in processing needs a lock."""

    def __init__(self, executor: Executor, tick: Step, fault: Callable[[Exception], None], patience_s: float) -> None:
        """`tick` is called after each step and a few times a second; `fault` is told what a step raised.

        After `patience_s` on the wall, what waits for quiet waits no longer for frames that were promised.
        """
        self._executor, self._tick, self._fault, self._patience_s = executor, tick, fault, patience_s
        self._inbox: queue.SimpleQueue[Step | None] = queue.SimpleQueue()
        self._quiet: deque[tuple[Step, float]] = deque()
        self._running = 0
        self._thread = threading.Thread(target=self._work, name="processing", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the step that runs; what workers do is let go."""
        self._inbox.put(None)
        self._thread.join()

    def do(self, step: Step) -> None:
        """Run this step in the thread, after those that came before it; from any thread."""
        self._inbox.put(step)

    def submit(self, work: Callable[[Order], T], order: Order, then: Callable[[T | Exception], None]) -> None:
        """Let a worker do it, then run `then` in the thread with what came of it. Call from a step only."""
        self._running += 1
        try:
            done = self._executor.submit(work, order)
        except Exception as error:  # a broken or closed pool refuses in its own ways
            self.do(partial(self._settle, then, error))
            return
        done.add_done_callback(lambda done: self.do(lambda: self._settle(then, _result(done))))

    def when_quiet(self, step: Step) -> None:
        """Run this step once nothing is under way and nobody waits for a frame. Call from a step only."""
        self._quiet.append((step, time.monotonic() + self._patience_s))

    def is_busy(self) -> bool:
        """Whether anything is under way in a worker, or about to begin."""
        return self._running > 0 or not self._inbox.empty()

    def quieten(self, expected: bool) -> None:
        """Run what waits for quiet, if it is: `expected` says that frames are still to come."""
        while self._quiet and not self.is_busy():
            step, patience_until = self._quiet[0]
            if expected and time.monotonic() < patience_until:
                return
            self._quiet.popleft()
            step()

    def _settle(self, then: Callable[[T | Exception], None], result: T | Exception) -> None:
        self._running -= 1
        then(result)

    def _work(self) -> None:
        while True:
            try:
                step = self._inbox.get(timeout=TICK_S)
            except queue.Empty:
                step = _nothing
            if step is None:
                return
            try:
                step()
                self._tick()
            except Exception as error:  # the thread must live: others wait for its answers
                self._fault(error)


def _nothing() -> None:
    pass


def _result(done: Future[Any]) -> Any:
    if done.cancelled():
        return RuntimeError("the work was cancelled")
    error = done.exception()
    if error is None:
        return done.result()
    return error if isinstance(error, Exception) else RuntimeError(repr(error))
