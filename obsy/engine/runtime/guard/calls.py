"""Calling people to what no keeper sees: a roof that nothing reaches."""

import time
from datetime import UTC, datetime

from obsy.engine.events.roof import AlarmRaised
from obsy.engine.journal import announce, stamp, tell_stderr

AGAIN_S = 600.0
"""How often people are called to the same trouble."""


class Calls:
    """Says every time on stderr what is wrong, and calls people now and then."""

    def __init__(self) -> None:
        """Nobody was called."""
        self._called_s = float("-inf")

    def call(self, why: str) -> None:
        """Say it, and let people hear of it if they have heard nothing for a while."""
        tell_stderr(f"obsy: {why}")
        if time.monotonic() - self._called_s >= AGAIN_S:
            self._called_s = time.monotonic()
            alarm = AlarmRaised(reason=why)
            announce({"time": stamp(datetime.now(UTC)), "event": alarm.name, **alarm.facts()})
