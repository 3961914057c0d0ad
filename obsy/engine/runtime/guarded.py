"""Finds the guard of a site, or starts it, and gives it the roofs back."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from obsy.engine.declare.equipment import known_equipment
from obsy.engine.devices.clock import WallClock
from obsy.engine.journal import tell_stderr
from obsy.engine.runtime.guard import socket_of
from obsy.engine.runtime.remote import GuardLine
from obsy.engine.runtime.signals import first_signal_only, only_answer
from obsy.engine.runtime.wire import reachable
from obsy.errors import UserError

STARTS_WITHIN_S, ANSWERS_WITHIN_S, GLANCE_S = 30.0, 5.0, 0.1
GIVES_UP_S = 600.0
"""So long the end of a start or of a night waits for a roof; then the guard goes on alone."""


def log_of(root: Path, site: str) -> Path:
    """Return where a guard that a night has started writes what it says."""
    return root / ".obsy" / f"guard-{site}.log"


def start_guard(root: Path, site: str) -> "subprocess.Popen[bytes]":
    """Begin a guard that outlives this process; it ends at once if another keeps the roofs."""
    log = log_of(root, site)
    command = [sys.executable, "-m", "obsy", "guard", str(root), "--site", site, "--while-needed"]
    with suppress(OSError):
        log.parent.mkdir(parents=True, exist_ok=True)
    try:
        words = log.open("ab")
    except OSError:
        words = Path(os.devnull).open("wb")
    with words:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=words, stderr=words, start_new_session=True)


def is_guarded(root: Path, site: str) -> bool:
    """Return whether a guard answers at the socket of a site."""
    with suppress(OSError), socket.socket(socket.AF_UNIX) as line, reachable(socket_of(root, site)) as name:
        line.connect(name)
        return True
    return False


Relieve = Callable[[str], Awaitable[None]]


@contextmanager
def guarded(root: Path, site: str) -> Iterator[Relieve | None]:
    """Have the roofs of a site kept by a guard while the block runs, and given back to it however the block ends.

    Yields what the night calls when it renews the lease of a roof itself: until then a roof that the guard finds open
    may stay so as long as this process lives. None if no guard runs, and none can be started.
    """
    if is_guarded(root, site):
        _let_go_of_the_past(root, site)
    if not is_guarded(root, site):
        begun, deadline = start_guard(root, site), time.monotonic() + STARTS_WITHIN_S
        while not is_guarded(root, site) and begun.poll() is None and time.monotonic() < deadline:
            time.sleep(GLANCE_S)
    if not is_guarded(root, site):
        tell_stderr("obsy: no guard can be started; this process keeps the roof itself, as long as it lives")
        yield None
        return
    taken_over = threading.Event()

    async def relieve(_roof: str) -> None:
        taken_over.set()

    with first_signal_only():
        threading.Thread(target=lambda: asyncio.run(_renew(root, site, taken_over)), daemon=True).start()
        try:
            yield relieve
        finally:
            only_answer()
            taken_over.set()
            asyncio.run(_given_back(root, site))


def _let_go_of_the_past(root: Path, site: str) -> None:
    """End a guard that keeps with other equipment than the files name now; it goes when its roofs are closed.

    Raise UserError if it does not go.
    """
    process, kept = asyncio.run(_greeting(root, site))
    if kept in ("", *(each.digest for each in known_equipment(root, site, "real"))):
        return
    tell_stderr("obsy: the guard knows an older site than the files name now; it closes, and another begins")
    if process is not None:
        os.kill(process, signal.SIGTERM)
    deadline = time.monotonic() + GIVES_UP_S
    while asyncio.run(_greeting(root, site)) == (process, kept):
        if time.monotonic() >= deadline:
            raise UserError("the guard knows an older site than the files name now, and its roof does not close")
        time.sleep(1.0)


async def _greeting(root: Path, site: str) -> tuple[int | None, str]:
    """Return the process of the guard, and the digest of its equipment; empty if none answers."""
    line = GuardLine(socket_of(root, site), lambda: None)
    running = asyncio.ensure_future(line.run())
    with suppress(TimeoutError):
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            while not line.equipment:
                await asyncio.sleep(GLANCE_S)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return line.process, line.equipment


async def _renew(root: Path, site: str, taken_over: threading.Event) -> None:
    """Renew the lease of every roof until the night does."""
    line = GuardLine(socket_of(root, site), lambda: None)
    running = asyncio.ensure_future(line.run())
    while not taken_over.is_set():
        for name in line.names or ():
            line.send(name, "renew")
        await asyncio.sleep(1.0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def _given_back(root: Path, site: str) -> None:
    """Return when every roof is seen closed, or the guard has been at it for so long that nobody waits on."""

    async def nothing() -> None:
        """Nobody but the guard moves anything any more."""

    line = GuardLine(socket_of(root, site), partial(start_guard, root, site))
    running = asyncio.ensure_future(line.run())
    try:
        async with asyncio.timeout(GIVES_UP_S):
            while line.names is None:
                await asyncio.sleep(GLANCE_S)
            roofs = [line.keeper(name, WallClock(), nothing) for name in line.names]
            await asyncio.gather(*(roof.give_back() for roof in roofs))
    except TimeoutError:
        tell_stderr(f"obsy: the roof is not seen closed yet; its guard goes on: see {log_of(root, site)}")
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
