"""The questions that a keeper puts every second, none of which delays another."""

import asyncio
from collections.abc import Callable, Coroutine
from math import inf
from typing import Any

from obsy.engine.devices.ports import Clock
from obsy.engine.safety.asking import told

TOLD_AGAIN_S = 600.0
"""A fault of ours that comes every second is told only so often."""
BEGINS_WITHIN_S, LOOKS_WITHIN_S = 90.0, 15.0
"""How long the first look at roof and weather may take, which waits for devices, and how long any further round."""
Question = Callable[[], Coroutine[Any, Any, None]]


class Rounds:
    """Puts questions, each by itself; one that has not been answered yet is not put again."""

    def __init__(self, clock: Clock, fails: Callable[[str, bool], None], *, quick: bool) -> None:
        """fails: hears of each fault of ours, and whether it is news. quick: no question need be waited for."""
        self._clock, self._fails, self._quick = clock, fails, quick
        self._due_s = -inf
        self._faulty_s: dict[str, float] = {}
        self._asked: dict[str, asyncio.Future[None]] = {}

    def due_within(self, seconds: float) -> None:
        """Begin a round, which is to end within this time."""
        self._due_s = self._clock.monotonic() + seconds

    @property
    def are_current(self) -> bool:
        """Whether they are truly made, one after the other, and not merely lived through."""
        return self._clock.monotonic() <= self._due_s

    async def ask(self, what: str, question: Question) -> None:
        """Put a question beside all others."""
        if self._quick:
            await self.guarded(what, question())
        elif what not in self._asked or self._asked[what].done():
            self._asked[what] = asyncio.ensure_future(self.guarded(what, question()))

    async def guarded(self, what: str, work: Coroutine[Any, Any, None]) -> None:
        """Do it, whatever fault of ours is met."""
        try:
            await work
        except Exception as fault:
            self._failed(what, fault)

    def do(self, what: str, work: Callable[[], object]) -> None:
        """Do what waits for nothing, whatever fault of ours is met."""
        try:
            work()
        except Exception as fault:
            self._failed(what, fault)

    def _failed(self, what: str, fault: Exception) -> None:
        now_s = self._clock.monotonic()
        if is_news := now_s - self._faulty_s.get(what, -inf) >= TOLD_AGAIN_S:
            self._faulty_s[what] = now_s
        self._fails(f"{what}: {told(fault)}", is_news)

    def end(self) -> None:
        """Wait for no answer any more."""
        for each in self._asked.values():
            each.cancel()
