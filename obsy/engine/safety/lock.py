"""One night, and one keeper of each device, at a time: locks that the kernel lets go of when their holder dies."""

import errno
import fcntl
import hashlib
import os
import socket
import struct
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import count
from pathlib import Path

from obsy.engine.journal import tell_stderr
from obsy.errors import GuardRunning, NightRunning

ASKERS = 4096
"""So many may ask a holder that does not answer."""

NIGHT, INGEST, REBUILD, REDUCE = "obsy apply", "obsy ingest", "obsy rebuild", "obsy reduce"
"""Who may hold the observatory."""
WRITTEN = 64
"""No lock file says more."""
LOOK_S, WAITS = 0.01, 60_000
"""How often a night looks whether it may begin, and how many times: an ingest that was stopped never lets it."""

_HELD: set[Path] = set()


@contextmanager
def only_one(path: Path, verb: str = NIGHT) -> Iterator[None]:
    """Hold the observatory for as long as the block runs; this process may hold it several times.

    verb: who holds it, as others are told. A night waits for an ingest, which lets it go after every few files.
    Raises NightRunning if another process holds it.
    """
    if path.absolute() in _HELD:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)  # not inherited: a worker that survives holds nothing
    try:
        _take(handle, verb)
        _HELD.add(path.absolute())
        yield
    finally:
        _HELD.discard(path.absolute())
        os.close(handle)


def _take(handle: int, verb: str) -> None:
    for look in count():
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            process, holder = _who(os.pread(handle, WRITTEN, 0))
            waits = WAITS if (verb, holder) == (NIGHT, INGEST) else 1  # who has just taken it may not have said so yet
            if look >= waits:
                raise NightRunning(_refusal(process, holder, verb)) from None
            if look == 1:
                tell_stderr(f"obsy: the night begins as soon as 'obsy ingest' (process {process}) lets it")
            time.sleep(LOOK_S)
        else:
            break
    said = f"{os.getpid()} {verb}\n".encode()
    os.ftruncate(handle, os.pwrite(handle, said, 0))  # in this order: it says at every moment who holds it


def _who(said: bytes) -> tuple[str, str]:
    """Return process and verb; earlier versions wrote nights down without their verb."""
    process, _, verb = said.decode(errors="replace").partition("\n")[0].partition(" ")
    return process or "unknown", verb or NIGHT


def _refusal(process: str, holder: str, verb: str) -> str:
    if holder != NIGHT:
        ends = f"wait for it, or end it with 'kill {process}' and give it again later: nothing is lost"
        return f"'{holder}' (process {process}) is at work on the frames of this observatory; {ends}"
    if verb != NIGHT:
        return f"a night runs here ('{NIGHT}', process {process}): give the same command again when it is over"
    ends = f"wait for it, or end it with 'kill {process}', which closes the roof first"
    return f"another '{NIGHT}' (process {process}) runs this observatory; {ends}"


@contextmanager
def held_if_possible(path: Path) -> Iterator[None]:
    """Hold it where the disk lets us: a roof is closed without a lock too. Raises NightRunning as `only_one` does."""
    with ExitStack() as held:
        try:
            held.enter_context(only_one(path))
        except OSError as trouble:
            tell_stderr(f"obsy: no lock can be taken: {trouble}")
        yield


def is_held(path: Path) -> bool:
    """Return whether the night that took the lock last still lives; the lock itself is not touched."""
    try:
        process, verb = _who(path.read_bytes())
        if verb != NIGHT:
            return False
        os.kill(int(process), 0)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return True


def claim(thing: str) -> socket.socket:
    """Return a listening socket that holds a thing for this process, in its network namespace, whoever else is at work.

    It stands in no folder: no disk that is full or gone keeps it from being had, none that is cleaned frees it, and the
    kernel lets go of it when its holder dies. Raise GuardRunning if another process holds it, or nobody can tell.
    """
    held = None
    try:
        held = socket.socket(socket.AF_UNIX)
        held.bind(address(thing))
        held.listen(ASKERS)
    except OSError as trouble:
        if held is not None:
            held.close()
        if trouble.errno == errno.EADDRINUSE:
            raise GuardRunning(f"{thing} is kept by another process: {_holder(thing)}") from None
        raise GuardRunning(
            f"it cannot be told whether another process keeps {thing}: {trouble}; it is left alone until that is mended"
        ) from None
    return held


@contextmanager
def only_keeper(things: Iterable[str]) -> Iterator[None]:
    """Hold each of some things for as long as the block runs. Raise GuardRunning as `claim` does, holding none."""
    with ExitStack() as held:
        for thing in sorted(set(things)):
            held.enter_context(closing(claim(thing)))
        yield


def address(thing: str) -> str:
    """Return the name, in Linux's abstract namespace, at which the holder of a thing is asked."""
    return f"\0obsy-{hashlib.sha256(thing.encode()).hexdigest()[:32]}"


def peer(line: socket.socket) -> tuple[int, int]:
    """Return process and user at the other end of a socket. Source: unix(7), SO_PEERCRED."""
    pid, uid, _ = struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return pid, uid


def _holder(thing: str) -> str:
    """Return who holds it, and how to end them."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.setblocking(False)
            line.connect(address(thing))
            pid, uid = peer(line)
    except OSError:
        return "which one is not known"
    if pid <= 0:
        return f"one of user {uid} that cannot be seen from here"
    return f"process {pid} of user {uid}; 'kill {pid}' ends it, which closes its roofs first"
