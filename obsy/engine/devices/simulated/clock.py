"""Virtual time: an event loop whose clock moves on when nothing else is left to do."""

import asyncio
import selectors
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import TypeVar

T = TypeVar("T")

UNLOOKED = 8
"""So many times work goes on that is ready before the system is asked for more of it."""
WALL_LIMIT_S = 600.0
"""A worker that takes longer than this has hung; the night does not wait for it any longer."""


class _Jump(selectors.DefaultSelector):
    """A selector that never waits: where a wall clock would sleep, it moves the virtual time on."""

    elapsed_s = 0.0
    _passed_over = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready now; without a deadline, wait for it in real time."""
        if timeout == 0 and self._passed_over < UNLOOKED:
            self._passed_over += 1
            return []
        self._passed_over = 0
        ready = super().select(0 if timeout is not None else None)
        if timeout is not None and timeout > 0 and not ready:
            self.elapsed_s += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop on virtual time: ten hours of waiting cost nothing."""

    def __init__(self) -> None:
        self._jump = _Jump()
        super().__init__(self._jump)

    def time(self) -> float:
        """Return the seconds of virtual time since the start."""
        return self._jump.elapsed_s

    def freeze(self, seconds: float) -> None:
        """Let time pass while nothing runs, as for a process that is stopped."""
        self._jump.elapsed_s += seconds


class VirtualClock:
    """A Clock for rehearsals; only inside a VirtualLoop."""

    def __init__(self, start: datetime, loop: VirtualLoop) -> None:
        self._start, self._loop = start, loop
        self._now, self._now_s = start, -1.0

    def now(self) -> datetime:
        """Return the virtual time, to the millisecond that the journal keeps."""
        if (now_s := self._loop.time()) != self._now_s:  # it is asked a dozen times for each that it moves on
            self._now, self._now_s = self._start + timedelta(milliseconds=round(now_s * 1000)), now_s
        return self._now

    def set_by(self, seconds: float) -> None:
        """Set it, as somebody sets a computer's clock."""
        self._start += timedelta(seconds=seconds)
        self._now_s = -1.0

    def monotonic(self) -> float:
        """Seconds of virtual time since the start."""
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        """Let virtual time pass."""
        await asyncio.sleep(max(0.0, seconds))

    async def settle(self, work: "Future[T]", due: datetime) -> T:
        """Return the result of work at `due`; virtual time stands still until it is done, so speed changes nothing."""
        await self.sleep((due - self.now()).total_seconds())
        return work.result(timeout=WALL_LIMIT_S)
