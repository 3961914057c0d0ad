"""A night and a guard that share one event loop: what is said arrives as over a socket, and costs less."""

import asyncio
from collections import deque
from collections.abc import Mapping
from typing import Any

from obsy.engine.journal import tell_stderr
from obsy.engine.runtime.guard.wire import Said, Wire, understood, written
from obsy.errors import DeviceError

SHORT, FEW = 100, 8
"""Characters of a word, and words of a list or entries of a message, of which none can be too long for a line."""
PLAIN = frozenset({bool, float, type(None)})
LARGE = 1 << 63


def joined() -> tuple[Wire, Wire]:
    """Return both ends of a connection within the running event loop."""
    hung_up = asyncio.Event()
    here, there = _End(hung_up), _End(hung_up)
    here.other, there.other = there, here
    return here, there


def passed(said: Mapping[str, Any]) -> Said:
    """Return what the other end of a socket would understand. Raise DeviceError for what is too long to be said.

    Most of what is said every second is a few short words and numbers, of which JSON changes nothing.
    """
    if len(said) <= FEW and all(
        _is_short(name) and (_is_same(fact) or _are_short(fact)) for name, fact in said.items()
    ):
        return {name: [*fact] if type(fact) is list else fact for name, fact in said.items()}
    return understood(written(said))


def _is_short(word: Any) -> bool:
    """Return whether it is a word that JSON can hold as it is, in a length of which some fit into a line."""
    return type(word) is str and len(word) <= SHORT and word.isascii()


def _is_same(fact: Any) -> bool:
    """Return whether it is the same after JSON."""
    kind = type(fact)
    return kind in PLAIN or (kind is int and -LARGE < fact < LARGE) or (kind is str and _is_short(fact))


def _are_short(words: Any) -> bool:
    return type(words) is list and len(words) <= FEW and all(map(_is_short, words))


class _End(Wire):
    """One end: what is said lies ready for the other at once, without a socket and without time."""

    other: "_End"

    def __init__(self, hung_up: asyncio.Event) -> None:
        self.holder, self.heard_s, self.hears = "", float("-inf"), False
        self._hung_up, self._said = hung_up, deque[Said]()
        self._reads: asyncio.Future[None] | None = None

    @property
    def process(self) -> int | None:
        """None: it is this one."""
        return None

    def send(self, said: Mapping[str, Any]) -> None:
        """Say it; to one who has hung up nothing is said."""
        if self._hung_up.is_set():
            return
        try:
            self.other.hear(passed(said))
        except DeviceError as too_long:
            tell_stderr(f"obsy: not said: {too_long}")

    def hear(self, said: Said) -> None:
        """Keep what the other end says until it is read."""
        self._said.append(said)
        self.wake()

    def wake(self) -> None:
        """Let whoever reads look again."""
        if self._reads is not None and not self._reads.done():
            self._reads.set_result(None)

    async def read(self) -> Said | None:
        """Return the next message; None once either end has hung up, and all that was said before is read."""
        while not self._said:
            if self._hung_up.is_set():
                return None
            self._reads = asyncio.get_running_loop().create_future()
            await self._reads
        return self._said.popleft()

    def close(self) -> None:
        """Hang up."""
        self._hung_up.set()
        self.wake()
        self.other.wake()
