"""Whoever hears of a roof: none of them can keep its keeper from anything."""

from collections import deque
from collections.abc import Callable

from obsy.engine.events import ALARM, Event, Log, words
from obsy.engine.journal import tell_stderr
from obsy.engine.safety.asking import told
from obsy.engine.safety.verdict import Verdict

KEPT = 100
"""So many of the newest events are kept for whoever hears them first."""


class RoofAudience:
    """Tells verdicts to all who listen, and events to the one that hears."""

    def __init__(self) -> None:
        """Nobody listens."""
        self._listeners: list[Callable[[Verdict], None]] = []
        self._hears: Log | None = None
        self._unheard: deque[Event] = deque(maxlen=KEPT)

    def listen(self, tell: Callable[[Verdict], None]) -> None:
        """Tell of each turn from now on."""
        self._listeners.append(tell)

    def hear(self, say: Log) -> None:
        """Say what happens from now on, and what nobody has heard yet; `say` must wait for nothing."""
        self._hears = say
        while self._unheard:
            self.say(self._unheard.popleft())

    def turn(self, verdict: Verdict) -> None:
        """Tell of a verdict."""
        for tell in self._listeners:
            try:
                tell(verdict)
            except Exception as fault:
                tell_stderr(f"obsy: nobody was told that it is {verdict}: {told(fault)}")

    def say(self, event: Event) -> None:
        """Say it to whoever hears; until then it is kept for them, and an alarm told on stderr."""
        if self._hears is not None:
            try:
                self._hears(event)
            except Exception as fault:
                tell_stderr(f"obsy: not told ({told(fault)}): {event}")
            return
        self._unheard.append(event)
        if event.severity >= ALARM:
            tell_stderr(f"obsy: {words({'event': event.name, **event.facts()})}")
