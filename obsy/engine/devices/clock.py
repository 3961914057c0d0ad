"""Time as it passes on the wall."""

import asyncio
import time
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import TypeVar

T = TypeVar("T")


class WallClock:
    """A Clock for real nights."""

    def now(self) -> datetime:
        """The computer's time; keep it right with NTP."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that nobody sets; a computer that sleeps counts them too."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(max(0.0, seconds))

    async def settle(self, work: "Future[T]", due: datetime) -> T:
        """The work's result as soon as it is done; the night goes on meanwhile."""
        return await asyncio.wrap_future(work)
