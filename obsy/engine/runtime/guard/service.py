"""systemd, where it has begun this process: it is told how it goes, and begins us anew when it hears nothing."""

import os
import socket
from collections.abc import MutableMapping
from contextlib import suppress


class Service:
    """The service that this process is; where it is none, nothing is told to anybody.

    Source: sd_notify(3), sd_watchdog_enabled(3), the documents of systemd 252.
    """

    def __init__(self, environment: MutableMapping[str, str] = os.environ) -> None:
        """Take systemd's words out of the environment: no program that we start speaks for us."""
        where, whose = environment.pop("NOTIFY_SOCKET", ""), environment.pop("WATCHDOG_PID", "")
        environment.pop("WATCHDOG_USEC", None)
        if not where.startswith(("@", "/")) or whose not in ("", str(os.getpid())):
            where = ""
        self._where = f"\0{where[1:]}" if where.startswith("@") else where
        self._is_ready = False

    def beat(self, how: str) -> None:
        """Tell that it has begun, and, unless there are no words for how it stands, that it is at work."""
        if not self._is_ready:
            self.say("READY=1")
        self._is_ready = True
        if how:
            self.say("WATCHDOG=1", f"STATUS={how}")

    def say(self, *words: str) -> None:
        """Tell it, if that needs no waiting: `READY=1`, `WATCHDOG=1`, `STOPPING=1` or `STATUS=…`."""
        said = "\n".join(" ".join(each.splitlines()) for each in words).encode(errors="backslashreplace")
        if self._where:
            with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
                line.sendto(said, socket.MSG_DONTWAIT, self._where)
