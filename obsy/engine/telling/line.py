"""The way from a night to the process that tells people: it never waits, raises, or fills the memory."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from queue import Full, Queue
from typing import Literal

from obsy.engine.events import Event
from obsy.engine.journal import Entry, heard_by, stamp, tell_stderr
from obsy.errors import NightRunning

BYE = "bye"
"""Said last by a process that ends on its own, with its `reason` if that was a fault."""
IN_HAND = "in-hand"
"""Said every few seconds by a guard of whose roofs each is closed, open or being opened; no journal has it."""
Realm = Literal["real", "simulated", "guard"]
"""Of a night, or of a guard, which may be silent for days and makes no heartbeat beat."""
MOST = 20_000
"""Entries that are kept for a process which does not read."""
LEAVES_WITHIN_S = 2.0
REHEARSAL_WITHIN_S = 120.0


class Line:
    """Feeds the process; a thread starts it, and alone waits for it."""

    def __init__(self, root: Path, site: str | None, realm: Realm, command: Sequence[str] = ()) -> None:
        """command: what hears the lines, if it is not our own process."""
        own = [sys.executable, "-P", "-m", __package__ or "", str(root.absolute()), site or "", realm]
        self._command = command or own
        self.process: subprocess.Popen[bytes] | None = None
        self._entries: Queue[Entry | None] = Queue(MOST)
        self._simulated, self._time = realm == "simulated", ""
        self._thread = threading.Thread(target=self._feed, daemon=True)
        self._thread.start()

    def hear(self, entry: Entry) -> None:
        """Pass an entry on, if there is room for it."""
        self._time = entry["time"]
        if self._thread.is_alive():
            with suppress(Full):
                self._entries.put_nowait(entry)

    def say(self, event: Event) -> None:
        """Pass on what no journal holds."""
        self.hear({"time": self._now(), "event": event.name, **event.facts()})

    def beat(self) -> None:
        """Pass on that a guard has all in hand."""
        self.hear({"time": self._now(), "event": IN_HAND})

    def end(self, reason: str = "") -> None:
        """Say goodbye. A rehearsal waits until all is told; a night leaves it to the process."""
        self.hear({"time": self._now(), "event": BYE, "reason": reason})
        with suppress(Full):
            self._entries.put_nowait(None)
        self._thread.join(REHEARSAL_WITHIN_S if self._simulated else LEAVES_WITHIN_S)

    def _now(self) -> str:
        return self._time if self._simulated and self._time else stamp(datetime.now(UTC))

    def _feed(self) -> None:
        try:
            into, aside = subprocess.PIPE, subprocess.DEVNULL
            self.process = process = subprocess.Popen(
                self._command, stdin=into, stdout=aside, stderr=aside, start_new_session=True
            )
            self._pass_on(process)
            if self._simulated:
                process.wait()
            process.returncode = 0  # it outlives us, and nobody waits for it
        except Exception as fault:
            tell_stderr(f"obsy: nobody is told of this night: {fault!r}")

    def _pass_on(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdin is not None  # noqa: S101 - it was asked for
        try:
            with process.stdin as pipe:
                while (entry := self._entries.get()) is not None:
                    pipe.write(json.dumps(entry).encode() + b"\n")
                    pipe.flush()
        except BrokenPipeError:
            if process.wait():  # with 0 where nobody is to be told
                raise


@contextmanager
def telling(root: Path, site: str | None, realm: Realm) -> Iterator[Line]:
    """Let people hear of everything that happens while the block runs, and of a fault that nobody sees end it."""
    line = Line(root, site, realm)
    with heard_by(line.hear):
        try:
            yield line
        except BaseException as fault:
            seen = isinstance(fault, KeyboardInterrupt | NightRunning) or sys.stderr.isatty()
            line.end("" if seen else str(fault).partition("\n")[0] or type(fault).__name__)
            raise
    line.end()
