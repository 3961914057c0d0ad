"""Time that nobody sets, written as a date, so that holds, dwell and ages last as long as they say."""

from datetime import datetime, timedelta

from obsy.engine.devices.ports import Clock

SET_S = 5.0
"""A clock that was set by more than this is told of."""
ROUNDED_S = 0.01
"""Less than this between the two clocks is rounding."""


class SteadyTime:
    """The clock's own time as long as it is not set, and what it would say otherwise."""

    def __init__(self, clock: Clock) -> None:
        """Agree with the clock now."""
        self._clock, self._begin, self._ticks = clock, clock.now(), clock.monotonic()
        self._told_s = 0.0

    def now(self) -> datetime:
        """The steady time."""
        set_s = self._set_s(wall := self._clock.now())
        return wall if abs(set_s) < ROUNDED_S else wall - timedelta(seconds=set_s)

    def since(self, moment: datetime) -> datetime:
        """Return a moment by the clock as it is set now in steady time."""
        return self.now() - (self._clock.now() - moment)

    def is_set(self) -> bool:
        """Return whether the clock was set, and nobody has been told of it."""
        return abs(self._set_s(self._clock.now()) - self._told_s) > SET_S

    def step(self) -> str:
        """Return that the clock was set, once each time that it was."""
        if not self.is_set():
            return ""
        set_s = self._set_s(self._clock.now())
        by_s, self._told_s = set_s - self._told_s, set_s
        return f"the computer's clock was set by {by_s:+.0f} s: what it says is not trusted yet"

    def _set_s(self, wall: datetime) -> float:
        """How far the clock, which says this now, was set since the beginning, seconds."""
        passed_s = (wall - self._begin).total_seconds()
        return passed_s - (self._clock.monotonic() - self._ticks)
