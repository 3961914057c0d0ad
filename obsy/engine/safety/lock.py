"""One night, and one guard of a hardware, at a time: locks that the kernel lets go of when their holder dies."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from obsy.engine.journal import tell_stderr
from obsy.errors import GuardRunning, NightRunning

HOST = ("/run/lock", "/var/lock")
"""Where locks lie that every user of a host shares."""

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


def hardware_lock(devices: Iterable[str]) -> Path:
    """Return the lock of some devices by their names: one for the whole host, whichever folder declares them."""
    name = hashlib.sha256("\n".join(sorted(set(devices))).encode()).hexdigest()[:24]
    folder = next((each for each in HOST if os.access(each, os.W_OK | os.X_OK)), tempfile.gettempdir())
    return Path(folder) / f"obsy-{name}.lock"


@contextmanager
def only_guard(devices: Iterable[str], whose: Path) -> Iterator[None]:
    """Hold the hardware for as long as the block runs. A disk that takes no lock keeps nobody from keeping a roof.

    whose: the folder that drives it. Raise GuardRunning if another process holds it, from whichever folder.
    """
    try:
        handle = os.open(hardware_lock(devices), os.O_RDWR | os.O_CREAT, 0o666)
    except OSError:
        yield
        return
    try:
        with suppress(OSError):
            os.fchmod(handle, 0o666)  # another user's guard must find it held
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 4096).decode(errors="replace").strip() or "unknown"
            raise GuardRunning(f"another process keeps the roofs of this hardware: {holder}") from None
        os.ftruncate(handle, 0)
        os.write(handle, f"process {os.getpid()}, for {whose}\n".encode())
        yield
    finally:
        os.close(handle)
