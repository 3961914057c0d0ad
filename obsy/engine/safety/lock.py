"""One night at a time: a lock that the kernel lets go of when its holder dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from obsy.engine.journal import tell_stderr
from obsy.errors import NightRunning

_HELD: set[Path] = set()


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the observatory for as long as the block runs; this process may hold it several times.

    Raises NightRunning if another process holds it.
    """
    if path.absolute() in _HELD:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)  # not inherited: a worker that survives holds nothing
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(handle, 32).decode().strip() or "unknown"
        os.close(handle)
        raise NightRunning(
            f"another 'obsy apply' (process {holder}) runs this observatory; "
            f"wait for it, or end it with 'kill {holder}', which closes the roof first"
        ) from None
    try:
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        _HELD.add(path.absolute())
        yield
    finally:
        _HELD.discard(path.absolute())
        os.close(handle)


@contextmanager
def held_if_possible(path: Path) -> Iterator[None]:
    """Hold it where the disk lets us: a roof is closed without a lock too. Raises NightRunning as `only_one` does."""
    lock = only_one(path)
    try:
        lock.__enter__()
    except NightRunning:
        raise
    except OSError as trouble:
        tell_stderr(f"obsy: no lock can be taken: {trouble}")
        yield
        return
    try:
        yield
    finally:
        lock.__exit__(None, None, None)


def is_held(path: Path) -> bool:
    """Return whether the process that took the lock last still lives; the lock itself is not touched."""
    try:
        os.kill(int(path.read_text("ascii")), 0)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return True
