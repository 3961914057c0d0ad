"""How long a trial may take of its own accord: what it waits for a processor that others have is not counted."""

import mmap
import os
import signal
import struct
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

SLOWER = 3.0
"""A test may take so many times as long as without a fault, and some seconds more."""
AT_MOST = 40
"""However long it is kept waiting, it ends after so many times that long by the wall clock."""
POLL_S = 0.003
"""How often a fork is looked at."""
SESSION = 3
"""The field of /proc/N/stat that names the session, counted from behind the program's name, which may hold anything."""
ENTRY = struct.Struct("dddd")
"""When a test began, how long it may take, how long its process had been kept waiting then, and how long it took."""


def kept_waiting_s(session: int) -> float:
    """How long the threads of a session that still run have waited for a processor; 0 where the kernel does not say."""
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError, ValueError):
            if int((process / "stat").read_text().rpartition(")")[2].split()[SESSION]) == session:
                total += threads_wait_ns(process)
    return total / 1e9


def threads_wait_ns(process: Path) -> int:
    """How long the threads of a process have waited for a processor, ns."""
    return sum(int(thread.read_text().split()[1]) for thread in process.glob("task/*/schedstat"))


def waited_s() -> float:
    """How long this process has been kept waiting."""
    with suppress(OSError, IndexError, ValueError):
        return threads_wait_ns(Path("/proc/self")) / 1e9
    return 0.0


@dataclass
class Watch:
    """Shared by a fork, which says when a test begins, and its parent, who ends it when one takes too long."""

    shared: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, ENTRY.size))
    look: float = 0.0
    """When the parent next asks, monotonic seconds."""
    seen: tuple[float, ...] = ()
    """What the parent saw when it asked last: it believes what it sees twice, for it may look during a change."""

    def begin(self, limit_s: float) -> None:
        """In the fork: a test, or the whole trial, begins, and may take so long."""
        ENTRY.pack_into(self.shared, 0, time.monotonic(), limit_s, waited_s(), 0.0)

    def end(self) -> float:
        """In the fork: how long the test has taken of its own accord; the parent may ask for it afterwards."""
        begun, limit_s, waited, _ = ENTRY.unpack_from(self.shared)
        took_s = time.monotonic() - begun - max(0.0, waited_s() - waited)
        ENTRY.pack_into(self.shared, 0, begun, limit_s, waited, took_s)
        return float(took_s)

    def took_s(self) -> float:
        """In the parent: what `end` said."""
        return float(ENTRY.unpack_from(self.shared)[3])

    def over(self, child: int) -> bool:
        """In the parent: whether the child's test has had its time; none has begun before the fork says so."""
        entry = begun, limit_s, waited, _ = ENTRY.unpack_from(self.shared)
        now = time.monotonic()
        if not begun or now - begun <= limit_s or now < self.look:
            return False
        self.look, seen, self.seen = now + 0.2, self.seen, entry
        took_s = now - begun - max(0.0, kept_waiting_s(child) - waited)
        return entry == seen and (took_s > limit_s or now - begun > AT_MOST * limit_s)

    def ended(self, child: int) -> int | None:
        """How the child has ended, as an exit code; None as long as it runs. One that has had its time is ended."""
        if self.over(child):
            os.kill(child, signal.SIGKILL)
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            with suppress(ProcessLookupError):  # what it started may outlive it
                os.killpg(child, signal.SIGKILL)
        return os.waitstatus_to_exitcode(status) if ended else None

    def wait(self, child: int) -> int:
        """The child's exit code, at last."""
        while (code := self.ended(child)) is None:
            time.sleep(POLL_S)
        return code
