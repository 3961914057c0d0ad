"""What a guard says every few seconds: which roofs are meant to be open; and whether the nights have heard it."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

from obsy.engine.runtime.guard.remote import HEARD_S
from obsy.engine.runtime.guard.wire import Said, Wire

SETTLES_S = 2.0
"""So long a command that a night has sent before it heard may be on its way to the mount."""


class OpenRoofs:
    """Numbers what is told, and keeps who has answered which."""

    def __init__(self) -> None:
        """Nothing has been told."""
        self._number, self._answered = 0, dict[Wire, int]()
        self._news = asyncio.Event()

    def tell(self, wires: Iterable[Wire], is_open: Sequence[str], at_s: float) -> None:
        """Tell which roofs are meant to be open, and when that was so, seconds of the clock that nobody sets."""
        self._number += 1
        for wire in wires:
            wire.send({"open": is_open, "at_s": at_s, "beat": self._number})

    def hear(self, wire: Wire, said: Said) -> None:
        """Take what a night answers."""
        if isinstance(number := said.get("heard"), int):
            self._answered[wire] = number
            self._news.set()

    def forget(self, wire: Wire) -> None:
        """Take that a night has gone."""
        self._answered.pop(wire, None)
        self._news.set()

    async def heard(self, by: Callable[[], Sequence[Wire]]) -> None:
        """Return when these nights have heard what was told last, or what they heard before counts no more."""
        loop = asyncio.get_running_loop()
        begun_s, number = loop.time(), self._number
        if not by():
            return
        while any(self._answered.get(wire, 0) < number for wire in by()) and loop.time() < begun_s + HEARD_S:
            self._news.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout_at(begun_s + HEARD_S):
                    await self._news.wait()
        await asyncio.sleep(max(0.0, begun_s + SETTLES_S - loop.time()))
