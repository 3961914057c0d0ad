"""Ask a device with a deadline, and get one class of error whatever it does wrong."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol, TypeVar

from obsy.errors import DeviceError, DeviceTimeout

T = TypeVar("T")

ANSWER_S = 20.0
"""How long a question or a command that moves nothing may take."""
LETS_GO_S = 5.0
"""How long a call that is told to stop may take; then it is left behind."""


async def ask(
    what: str,
    call: Callable[[], Awaitable[T]],
    within_s: float = ANSWER_S,
    begun: Callable[[], None] | None = None,
) -> T:
    """Return what the call returns; `begun` is called once it has begun.

    Raise DeviceTimeout if it takes longer than `within_s`, and DeviceError for every other failure, SystemExit
    included: a driver that raises KeyError has not answered either. A call that does not let itself be cancelled is
    left behind.
    """
    task = asyncio.ensure_future(_called(call))
    task.add_done_callback(forget)
    try:
        await asyncio.sleep(0)
        if begun is not None:
            begun()
        if not task.done():
            await asyncio.wait({task}, timeout=within_s)
        in_time = task.done()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=LETS_GO_S)
    if not in_time:
        raise DeviceTimeout(f"{what} did not answer within {within_s:g} s")
    if task.cancelled():
        raise DeviceError(f"{what} broke off")
    fault = task.exception()
    if fault is not None and not (isinstance(fault, DeviceError) and _has_words(fault)):
        raise DeviceError(f"{what} failed: {told(fault.__cause__ if isinstance(fault, _Exit) else fault)}") from fault
    return task.result()


class _Says(Protocol):
    """A device that says how it stands; where nobody need wait for it, `state_now` returns the same."""

    async def state(self) -> Any: ...


def is_quick(port: object) -> bool:
    """Return whether a device says how it stands without being waited for."""
    return hasattr(port, "state_now")


async def state_of(what: str, port: _Says, understood: Callable[[Any], T]) -> T:
    """Return what a device says of itself, as `understood` reads it. Raise DeviceError whatever either does wrong."""

    async def answer() -> T:  # asked as a whole: an answer may be such that to look at it raises
        return understood(await port.state())

    if not is_quick(port):
        return await ask(what, answer)
    try:
        return understood(port.state_now())  # type: ignore[attr-defined]
    except DeviceError:
        raise
    except Exception as fault:
        raise DeviceError(f"{what} failed: {told(fault)}") from fault


async def attempt(work: Coroutine[Any, Any, None]) -> DeviceError | None:
    """Return how it failed; None if it did not."""
    try:
        await work
    except DeviceError as error:
        return error
    return None


def _has_words(fault: DeviceError) -> bool:
    """Return whether it can be told: whoever catches one says what it was."""
    try:
        str(fault)
    except Exception:
        return False
    return True


def told(said: object) -> str:
    """Return a fault or an answer in words; one that cannot even be printed has a class."""
    try:
        return repr(said)
    except Exception:
        return type(said).__name__


class _Exit(Exception):
    """Stands for SystemExit and KeyboardInterrupt of a driver, which asyncio would let end the event loop."""


async def _called(call: Callable[[], Awaitable[T]]) -> T:
    try:
        return await call()
    except (SystemExit, KeyboardInterrupt) as fault:
        raise _Exit from fault


def forget(task: "asyncio.Future[Any]") -> None:
    """Look at the end of a call that was left behind, so that nobody complains that it was never looked at."""
    if not task.cancelled():
        task.exception()
