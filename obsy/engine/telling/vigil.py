"""Whether a night is heard: by the weather that each enclosure notes; before it begins and after it by any word."""

from obsy.engine.events.roof import WeatherNoted
from obsy.engine.journal import Entry
from obsy.engine.telling.situation import BEGINS, Situation

SILENT_AFTER_S = 900.0
"""When people are called: the weather is noted every five minutes."""


class Vigil:
    """Keeps when each enclosure was heard last. Times are seconds of a clock that never goes back."""

    def __init__(self, since_s: float | None) -> None:
        """since_s: when the process began that is to be heard; None if it may be silent until a night begins."""
        self._since_s = {"": since_s} if since_s is not None else {}
        """By enclosure, '' where there is one or none is known; empty once silence is no harm."""
        self._silent: set[str] = set()
        self._heard = False

    def hear(self, entry: Entry, situation: Situation, now_s: float) -> None:
        """Take an event in, of which the situation knows already."""
        self._heard = True
        if entry["event"] in BEGINS:
            self._since_s = dict.fromkeys(entry.get("states") or ("",), now_s)
        elif situation.ended:
            self._since_s = {} if situation.is_shut else {"": now_s}
        elif entry["event"] == WeatherNoted.name or not situation.begun:
            whose = {"", entry.get("enclosure") or ""} & self._since_s.keys()
            self._since_s |= dict.fromkeys(whose, now_s)

    def fallen_silent(self, now_s: float) -> list[str]:
        """Return the enclosures that have been silent for too long since now."""
        silent = {name for name, since_s in self._since_s.items() if now_s - since_s >= SILENT_AFTER_S}
        before, self._silent = self._silent, silent
        return sorted(silent - before)

    @property
    def is_heard(self) -> bool:
        """Whether what was heard proves that a night goes on and each enclosure is watched."""
        return self._heard and bool(self._since_s) and not self._silent
