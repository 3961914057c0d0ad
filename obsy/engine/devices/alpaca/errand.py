"""A command on its way to an Alpaca device: what was given up is not sent any more, and none overtakes another."""

import struct
from collections.abc import Sequence
from contextlib import suppress
from socket import SHUT_RDWR, SO_LINGER, SOL_SOCKET, socket
from threading import Event, Lock
from time import monotonic

TURN_S = 1.0
"""So long a command waits for those before it; one of them that has not been sent by then is not sent any more."""
AT_ONCE = struct.pack("ii", 1, 0)
"""A connection that ends so takes back what the network has not delivered; else the system would send it again."""


class AlpacaErrand:
    """A command, seen by the thread that sends it and by whoever waits for its answer."""

    def __init__(self, device: str, earlier: Sequence["AlpacaErrand"]) -> None:
        """earlier: those to the same device that are under way."""
        self.device, self._earlier = device, earlier
        self._lock, self._over = Lock(), Event()
        self._given_up = False
        self._line: socket | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing of it can be sent any more."""
        return self._over.is_set()

    def over_within(self, seconds: float) -> bool:
        """Whether that is so after at most that long."""
        return self._over.wait(seconds)

    def may_go(self, line: socket) -> bool:
        """Whether it may be sent, asked when its turn has come; from then on it counts as sent."""
        until_s = monotonic() + TURN_S
        for each in self._earlier:
            if not each.over_within(until_s - monotonic()):
                each.keep_back()
        with self._lock:
            if not self._given_up:
                self._line = line
            return not self._given_up

    def keep_back(self) -> None:
        """Let it not be sent, unless it was."""
        with self._lock:
            if self._line is None:
                self._given_up = True
                self._over.set()

    def give_up(self) -> None:
        """Let it not be sent, and break it off if it was: nobody waits for it any more."""
        self.keep_back()
        if self._line is not None and not self.is_over:
            with suppress(OSError):  # closed already
                self._line.setsockopt(SOL_SOCKET, SO_LINGER, AT_ONCE)
                self._line.shutdown(SHUT_RDWR)

    def close(self) -> None:
        """Note that its connection has ended."""
        self._earlier = ()
        self._over.set()
