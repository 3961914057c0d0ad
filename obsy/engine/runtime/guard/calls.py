"""Calling people to what no keeper sees: a roof that nothing reaches."""

import time
from datetime import UTC, datetime

from obsy.engine.events.roof import AlarmRaised
from obsy.engine.journal import announce, stamp, tell_stderr

AGAIN_S = 600.0
"""How often people are called to the same trouble."""
HOPES_S = 600.0
"""So long whoever is in trouble counts as at work; then it is better begun anew."""


class Calls:
    """Says every time on stderr what is wrong, and calls people now and then."""

    def __init__(self) -> None:
        """Nobody was called."""
        self._called_s = float("-inf")
        self._trouble, self._since_s = "", float("-inf")

    def call(self, why: str) -> None:
        """Say it, and let people hear of it if they have heard nothing for a while."""
        tell_stderr(f"obsy: {why}")
        self._since_s = self._since_s if self._trouble else time.monotonic()
        self._trouble = why
        if time.monotonic() - self._called_s >= AGAIN_S:
            self._called_s = time.monotonic()
            alarm = AlarmRaised(reason=why)
            announce({"time": stamp(datetime.now(UTC)), "event": alarm.name, **alarm.facts()})

    def over(self) -> str:
        """Forget the trouble, and return what is left of it: nothing."""
        self._trouble = ""
        return self._trouble

    def hope(self) -> str:
        """Return what is wrong, as long as trying on may mend it."""
        return self._trouble if time.monotonic() - self._since_s < HOPES_S else ""
