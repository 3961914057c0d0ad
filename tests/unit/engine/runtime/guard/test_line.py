"""The connection to a guard: one that is silent is ended, and none because the night itself stood still."""

import asyncio
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from obsy.engine.runtime.guard import line
from obsy.engine.runtime.guard.line import GuardLine
from obsy.engine.runtime.guard.wire import LONGEST, PROTOCOL, Wire, written


class OfProcess(Wire):
    """A connection to somebody who says that they are another process than they are."""

    process = property(lambda self: self.pid)  # type: ignore[assignment]


@contextmanager
def beating(end: socket.socket, is_silent: threading.Event) -> Iterator[None]:
    """Let a guard that keeps one roof speak at the other end, from another thread, until it is silent."""

    def speak() -> None:
        with suppress(BrokenPipeError):  # the night has gone
            end.sendall(written({"protocol": PROTOCOL, "roofs": ["dome"]}))
            while not is_silent.wait(0.02):
                end.sendall(written({"open": []}))

    speaking = threading.Thread(target=speak)
    speaking.start()
    try:
        yield
    finally:
        is_silent.set()
        speaking.join()


def play(story: Callable[[subprocess.Popen[bytes], threading.Event], None]) -> int | None:
    """How the process of a guard that speaks ends while a night in touch with it lives through the story."""

    async def in_touch(guard: subprocess.Popen[bytes], end: socket.socket, is_silent: threading.Event) -> None:
        async def dial() -> Wire:
            wire = OfProcess(*await asyncio.open_connection(sock=end, limit=LONGEST))
            wire.pid = guard.pid
            return wire

        night = GuardLine(dial)
        talking = asyncio.ensure_future(night.run())
        async with asyncio.timeout(30.0):
            await night.up.wait()
            story(guard, is_silent)
            await asyncio.sleep(0.2)
            while is_silent.is_set() and guard.poll() is None:
                await asyncio.sleep(0.02)
        talking.cancel()
        await asyncio.gather(talking, return_exceptions=True)

    own, other = socket.socketpair()
    is_silent = threading.Event()
    with subprocess.Popen(["sleep", "60"]) as guard, own, other:
        try:
            with beating(other, is_silent):
                asyncio.run(in_touch(guard, own, is_silent))
            return guard.poll()
        finally:
            guard.kill()


def test_a_guard_is_ended_when_it_is_silent_and_not_when_the_night_has_stood_still(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(line, "HANGS_S", 0.3)
    assert play(lambda guard, is_silent: time.sleep(0.6)) is None
    assert play(lambda guard, is_silent: is_silent.set()) == -9
