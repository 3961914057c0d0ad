"""What ends a night from outside: ^C, `kill`, and a terminal that is closed."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from obsy.engine.journal import tell_stderr

TOLD_BY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STILL_CLOSING = "obsy: closing goes on; it ends by itself when the roof is seen closed, and what it started has ended"


class _Ear:
    """Hears the signals of this process: the first does something, every further one is only answered.

    An event loop's own handlers would end with it, and the next signal would end the process.
    """

    def __init__(self) -> None:
        self.heard = False
        self.ends: Callable[[], object] | None = None
        """What the first does; without it, KeyboardInterrupt is raised."""
        self._before: dict[signal.Signals, Any] = {}

    def open(self) -> bool:
        """Return whether it hears from now on; not if it does already, or not in the main thread."""
        if self._before or threading.current_thread() is not threading.main_thread():
            return False
        self.heard, found = False, {each: signal.getsignal(each) for each in TOLD_BY}
        for each, handler in found.items():
            if handler is not signal.SIG_IGN:  # `nohup`
                self._before[each] = handler if handler is not None else signal.SIG_DFL
                signal.signal(each, self._hear)
        return bool(self._before)

    def shut(self) -> None:
        """Let the signals do again what they did before."""
        while self._before:
            signal.signal(*self._before.popitem())

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        if self.heard:
            tell_stderr(STILL_CLOSING)
            return
        self.heard = True
        if self.ends is None:
            raise KeyboardInterrupt
        self.ends()


_EAR = _Ear()


@contextmanager
def first_signal_only() -> Iterator[None]:
    """Let the first signal raise KeyboardInterrupt; every further one is only answered."""
    opened = _EAR.open()
    try:
        yield
    finally:
        if opened:
            _EAR.shut()


def only_answer() -> None:
    """Answer every signal from now on, the first too: a roof is being closed."""
    _EAR.heard = True


def end_at_the_first() -> None:
    """Let the first signal cancel the task that calls this; every further one is only answered.

    An impatient person must not interrupt the closing of a roof.
    """
    task, loop, opened = asyncio.current_task(), asyncio.get_running_loop(), _EAR.open()
    if task is None:
        return
    stop = task.cancel

    def is_over(_: object) -> None:
        _EAR.ends = None
        if opened:
            _EAR.shut()

    _EAR.ends = lambda: loop.call_soon_threadsafe(stop)
    task.add_done_callback(is_over)
