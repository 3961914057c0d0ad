"""A blocking call in a thread of its own, with a deadline, so that nothing that hangs keeps anything else."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from obsy.errors import DeviceError, DeviceTimeout

T = TypeVar("T")

ANSWER_S = 8.0
"""How long a source may take: less than what the weather monitor waits for it."""


class Apart:
    """One blocking call at a time. A thread that hangs ends with the process, and nobody waits for it."""

    def __init__(self, what: str) -> None:
        self._what, self._last = what, Future[object]()
        self._last.set_result(None)

    async def run(self, call: Callable[[], T], within_s: float = ANSWER_S) -> T:
        """Return what the call returns. Raise DeviceError whatever it raises, and while an earlier call still hangs."""
        if not self._last.done():
            raise DeviceError(f"{self._what} still hangs in an earlier question")
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()  # from here on nobody can cancel it but its thread
        self._last = future  # type: ignore[assignment]
        threading.Thread(target=_settle, args=(future, call), name=self._what, daemon=True).start()
        with device_errors(self._what):
            async with asyncio.timeout(within_s):
                return await asyncio.wrap_future(future)


@contextmanager
def device_errors(what: str) -> Iterator[None]:
    """Turn every exception into DeviceError that names what was asked."""
    try:
        yield
    except TimeoutError:
        raise DeviceTimeout(f"{what} did not answer in time") from None
    except Exception as fault:
        words = str(fault) if isinstance(fault, DeviceError) else f"{type(fault).__name__}: {fault}"
        raise DeviceError(f"{what}: {words}") from fault


def login(path: str) -> tuple[str, str]:
    """Return user and password. Raise DeviceError if others than the owner may read the file, or it holds no pair."""
    file = Path(path).expanduser()
    if file.stat().st_mode & 0o077:
        raise DeviceError(f"others may read '{path}': 'chmod 600 {path}'")
    user, colon, password = file.read_text(encoding="utf-8").strip().partition(":")
    if not colon:
        raise DeviceError(f"'{path}' does not hold 'user:password'")
    return user, password


def _settle(future: "Future[T]", call: Callable[[], T]) -> None:
    try:
        future.set_result(call())
    except BaseException as fault:  # SystemExit of a library included
        future.set_exception(fault if isinstance(fault, Exception) else DeviceError(repr(fault)))
